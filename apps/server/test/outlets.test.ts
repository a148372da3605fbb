/** Clients that do not read, do not answer, or come in crowds: the server holds little for them and waits for none. */
import { randomBytes } from "node:crypto"
import { existsSync } from "node:fs"
import { connect, type Socket } from "node:net"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { screenplayOf, specsScene, type TestApp, testApp, useBareHome } from "./_app.ts"

const play = screenplayOf(specsScene("Core"))
useBareHome()

const fullBytes = 64 * 1024
const limits = { perLogin: 20, overall: 24, fullBytes, stallMs: 600_000 }

/** A connection that has sent its request, heard the head of the answer, and from then on reads nothing. */
async function openSilent(app: TestApp, target: string, headers: string[]): Promise<Socket> {
  const { host, port } = new URL(app.running.url)
  const socket = connect(Number(port), "127.0.0.1")
  onTestFinished(() => void socket.destroy())
  socket.on("error", () => undefined)
  socket.write([`GET ${target} HTTP/1.1`, `Host: ${host}`, ...headers, "", ""].join("\r\n"))
  await new Promise<void>((resolve) => socket.once("data", () => resolve()))
  socket.pause()
  return socket
}

const upgrade = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
]
const openSilentSocket = async (app: TestApp, path = "/ws/events", query = "") => {
  const { ticket } = await app.client.call("createTicket", {})
  return await openSilent(app, `${path}?token=${ticket}${query}`, upgrade)
}
const openSilentStream = (app: TestApp, after = app.running.aura.store.head) =>
  openSilent(app, `/api/events?after=${after}`, [`Authorization: Bearer ${app.token}`])

const gone = (socket: Socket) =>
  new Promise<void>((resolve) => {
    if (socket.closed) return resolve()
    socket.once("close", resolve)
    socket.resume()
  })

/** A text frame as a client sends it: masked. */
function toFrame(value: object): Buffer {
  const text = Buffer.from(JSON.stringify(value))
  const mask = randomBytes(4)
  return Buffer.concat([
    Buffer.from([0x81, 0x80 | text.length]),
    mask,
    text.map((byte, i) => byte ^ (mask[i % 4] ?? 0)),
  ])
}

const store = (app: TestApp, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, i) =>
      app.client.call("createAgent", { body: { name: `agent ${i}`, systemPrompt: "x".repeat(50_000) } }),
    ),
  )

describe("eight readers that never read", () => {
  it("are held no more than their queue each, whatever is stored, streamed live or replayed", async () => {
    const app = await testApp(play, { start: { limits } })
    const { outlets, feed } = app.running.host
    for (let i = 0; i < 4; i++) await openSilentSocket(app)
    for (let i = 0; i < 4; i++) await openSilentStream(app)
    const text = "y".repeat(100_000)
    for (let i = 0; i < 300; i++)
      feed.tell({ type: "tool.output", projectId: "p", sessionId: "s", toolUseId: "t", text })
    const most = 8 * (fullBytes + 120_000)
    const queued = [outlets.queued()]
    await store(app, 60)
    queued.push(outlets.queued())
    for (let i = 0; i < 4; i++) await openSilentSocket(app, "/ws/events", "&after=0")
    await app.client.call("listLogins", {})
    queued.push(outlets.queued())
    expect(queued.map((bytes) => bytes <= most + most / 2)).toEqual([true, true, true])
    expect(queued[1]).toBeGreaterThan(0)
  })

  it("miss nothing that is stored once they read again", async () => {
    const app = await testApp(play, { start: { limits } })
    const from = app.running.aura.store.head
    const socket = await openSilentStream(app, from)
    await store(app, 200)
    const { head } = app.running.aura.store
    const seen: number[] = []
    let rest = ""
    await new Promise<void>((resolve) => {
      socket.on("data", (chunk: Buffer) => {
        const lines = (rest + chunk.toString("latin1")).split("\n")
        rest = lines.pop() ?? ""
        seen.push(...lines.flatMap((line) => (line.startsWith("id: ") ? [Number(line.slice(4))] : [])))
        if (seen.at(-1) === head) resolve()
      })
      socket.resume()
    })
    expect(seen).toEqual(Array.from({ length: head - from }, (_, i) => from + 1 + i))
  })

  it("are cut off once they have taken nothing for too long", async () => {
    const app = await testApp(play, { start: { limits: { ...limits, stallMs: 500 } } })
    await store(app, 500)
    const { outlets } = app.running.host
    const opening = [() => openSilentSocket(app, "/ws/events", "&after=0"), () => openSilentStream(app, 0)]
    for (const open of opening) {
      const silent = await open()
      await expect.poll(() => outlets.queued(), { interval: 1, timeout: 30_000 }).toBeGreaterThan(fullBytes)
      // It reads nothing: what is queued for it goes only with it.
      await expect.poll(() => outlets.queued(), { timeout: 30_000 }).toBe(0)
      await gone(silent)
      expect(silent.bytesRead).toBeLessThan(500 * 50_000)
    }
  })
})

describe("sockets and streams in crowds", () => {
  it("are refused beyond the limit of a login and of all, and let in again when one goes", async () => {
    const app = await testApp(play, { start: { limits } })
    const open = async () => {
      const { ticket } = await app.client.call("createTicket", {})
      const socket = new WebSocket(`${app.running.url.replace("http", "ws")}/ws/events?token=${ticket}`)
      return await new Promise<WebSocket | undefined>((resolve) => {
        socket.addEventListener("open", () => resolve(socket))
        socket.addEventListener("error", () => resolve(undefined))
      })
    }
    const sockets = await Promise.all(Array.from({ length: 30 }, open))
    const admitted = sockets.filter((socket) => socket !== undefined)
    expect(admitted).toHaveLength(limits.perLogin)
    const stream = await fetch(`${app.running.url}/api/events`, {
      headers: { authorization: `Bearer ${app.token}` },
    })
    expect([stream.status, JSON.parse(await stream.text()).code]).toEqual([429, "too_many_requests"])
    const [first] = admitted
    const closed = new Promise((resolve) => first?.addEventListener("close", resolve))
    first?.close()
    await closed
    const again = await open()
    expect(again).toBeDefined()
    for (const socket of [...admitted, again]) socket?.close()
  })
})

describe("a stop", () => {
  it("waits for no client that neither reads nor answers, nor for one that left in the middle of a replay", async () => {
    const app = await testApp(play, { start: { limits } })
    await store(app, 200)
    const silent = [
      await openSilentSocket(app, "/ws/events", "&after=0"),
      await openSilentStream(app, 0),
      await openSilentSocket(app),
    ]
    const { id } = await app.client.call("createTerminal", {})
    silent.push(await openSilentSocket(app, `/ws/terminal/${id}`))
    for (let i = 0; i < 3; i++) {
      ;(await openSilentSocket(app, "/ws/events", "&after=0")).destroy()
      ;(await openSilentStream(app, 0)).resetAndDestroy()
    }
    const startedAt = performance.now()
    await app.running.stop()
    // The library would wait for an answer for thirty seconds.
    expect(performance.now() - startedAt).toBeLessThan(10_000)
    await Promise.all(silent.map(gone))
  })
})

describe("a socket whose login has ended", () => {
  it("takes no more input, also from a client that does not answer the goodbye", async () => {
    const app = await testApp(play, { start: { limits } })
    const { id } = await app.client.call("createTerminal", {})
    const socket = await openSilentSocket(app, `/ws/terminal/${id}`)
    const marker = join(app.workspace, "typed")
    await app.client.call("logout", {})
    socket.write(toFrame({ type: "input", text: `touch ${marker}\n` }))
    await gone(socket)
    // What is typed now comes after it: had it been heard, it would have been done by then.
    app.running.host.terminals.write(id, `touch ${marker}-2\n`)
    await expect.poll(() => existsSync(`${marker}-2`), { timeout: 20_000 }).toBe(true)
    expect(existsSync(marker)).toBe(false)
  })
})
