import { createServer, type Server, type ServerResponse } from "node:http"
import { afterEach, describe, expect, test } from "vitest"
import { fetchLean } from "./fetch.ts"

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

async function serve(
  respond: (response: ServerResponse, body: string, nth: number) => void,
): Promise<string> {
  let nth = 0
  const server = createServer(async (request, response) => {
    nth += 1
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    respond(response, Buffer.concat(chunks).toString(), nth)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/x?y=1`
}

describe("the lean fetch", () => {
  test("sends bytes and gives status, headers and body", async () => {
    const url = await serve((response, body) => response.writeHead(418, { "x-a": "b" }).end(`got ${body}`))
    const response = await fetchLean(url, { method: "POST", body: Buffer.from("tea"), headers: { a: "b" } })
    expect([response.status, response.headers.get("x-a"), await response.text()]).toEqual([
      418,
      "b",
      "got tea",
    ])
  })

  test("gives no body where there is none", async () => {
    const url = await serve((response) => response.writeHead(204).end())
    expect((await fetchLean(url)).body).toBeNull()
  })

  test("asks again on a new connection when the kept one was just closed", async () => {
    const url = await serve((response, _, nth) => (nth === 2 ? response.destroy() : response.end(`${nth}`)))
    expect(await (await fetchLean(url)).text()).toBe("1")
    expect(await (await fetchLean(url)).text()).toBe("3")
  })

  test("does not ask again when a new connection breaks", async () => {
    const url = await serve((response) => response.destroy())
    await expect(fetchLean(url)).rejects.toThrow("socket hang up")
  })

  test("can be called off while it waits for an answer", async () => {
    const stop = new AbortController()
    const url = await serve(() => stop.abort())
    await expect(fetchLean(url, { signal: stop.signal })).rejects.toThrow("called off")
  })

  test("can be called off in the middle of an answer", async () => {
    const stop = new AbortController()
    const url = await serve((response) => response.write("half"))
    const reader = (await fetchLean(url, { signal: stop.signal })).body?.getReader()
    await reader?.read()
    stop.abort()
    await expect(reader?.read()).rejects.toThrow()
  })

  test("does not send what was called off before", async () => {
    const url = await serve((response) => response.end())
    await expect(fetchLean(url, { signal: AbortSignal.abort() })).rejects.toThrow("called off")
  })
})
