import { createServer } from "node:http"
import { createServer as createSocketServer } from "node:net"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { probe } from "./probe.ts"

const closing: (() => void)[] = []
beforeEach(() => {
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"])
    vi.stubEnv(name, "")
})
afterEach(() => {
  vi.unstubAllEnvs()
  for (const close of closing.splice(0)) close()
})

async function serve(status: number, headers: Record<string, string> = {}): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status, headers).end("x"))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  const address = server.address()
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`
}

/** An address where nobody listens any more. */
async function findClosed(): Promise<string> {
  const server = createSocketServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return `127.0.0.1:${typeof address === "object" ? address?.port : 0}`
}

const last = async (url: string) => (await probe(url)).at(-1)

test("each step is told, up to the answer, which needs no key", async () => {
  const steps = await probe(await serve(401))
  expect(steps.map(({ step, ok }) => [step, ok])).toEqual([
    ["name", true],
    ["connection", true],
    ["answer", true],
  ])
})

test.each([
  ["a name that does not exist", "https://no-such-host.invalid", "name", "not found"],
  ["what is no address", "localhost", "name", "no address"],
])("%s fails at its step and says what to do", async (_, url, step, words) => {
  expect(await last(url)).toMatchObject({ step, ok: false, text: expect.stringContaining(words) })
})

test("a server that does not run fails at the connection", async () => {
  expect(await last(`http://${await findClosed()}`)).toMatchObject({ step: "connection", ok: false })
})

test("a server that does not speak TLS fails there", async () => {
  const url = (await serve(200)).replace("http:", "https:")
  expect(await last(url)).toMatchObject({ step: "tls", ok: false, text: expect.stringContaining("TLS") })
})

test.each([
  [200, { "content-type": "text/html" }, "captive portal"],
  [302, { location: "http://portal.test/" }, "http://portal.test/"],
  [503, {}, "503"],
])("an answer of %d that is not the model's is told as such", async (status, headers, words) => {
  expect(await last(await serve(status, headers))).toMatchObject({
    step: "answer",
    ok: false,
    text: expect.stringContaining(words),
  })
})

test("a proxy that does not run is named", async () => {
  const proxy = await findClosed()
  vi.stubEnv("HTTPS_PROXY", `http://${proxy}`)
  expect(await last("https://model.test")).toMatchObject({
    step: "connection",
    ok: false,
    text: expect.stringContaining("HTTPS_PROXY"),
  })
})
