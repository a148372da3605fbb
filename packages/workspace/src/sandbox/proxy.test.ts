import { lookup } from "node:dns/promises"
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs"
import { createServer, type IncomingHttpHeaders, request } from "node:http"
import { connect } from "node:net"
import { hostname, networkInterfaces, tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { createCustody } from "../custody/custody.ts"
import type { Network } from "../workspace.ts"
import { isPublic } from "./addresses.ts"
import { createLookup, openProxy } from "./proxy.ts"
import { findSandbox } from "./sandbox.ts"

async function open() {
  const folder = () => {
    const path = realpathSync(mkdtempSync(join(tmpdir(), "aura-way-out-")))
    onTestFinished(() => rmSync(path, { recursive: true, force: true }))
    return path
  }
  const root = folder()
  const dataDir = folder()
  const custody = createCustody({ sandbox: await findSandbox(false), dataDir })
  /** What the commands' scratch folders hold of sockets. */
  const left = () =>
    readdirSync(join(dataDir, "scratch"), { recursive: true, encoding: "utf8" }).filter((path) =>
      path.includes("aura-proxy"),
    )
  const hosts: string[] = []
  const server = createServer((request, answer) => {
    hosts.push(request.headers.host ?? "")
    answer.end("reached")
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => {
    custody.close()
    server.close()
  })
  const address = server.address()
  const port = typeof address === "object" && address ? address.port : 0
  const ask = async (host: string, network: Network, how = "http") => {
    const code =
      how === "http"
        ? `import urllib.request; print(urllib.request.urlopen("http://${host}:${port}/x").read().decode())`
        : `import http.client, os, urllib.parse; p = urllib.parse.urlparse(os.environ["https_proxy"]); c = http.client.HTTPConnection(p.hostname, p.port); c.set_tunnel("${host}", ${port}); c.request("GET", "/"); print(c.getresponse().read().decode())`
    const place = { root, cwd: root }
    const signal = new AbortController().signal
    return await custody.run(`python3 -c '${code}'; exit $?`, place, { timeoutMs: 30_000, signal, network })
  }
  return { ask, hosts, port, left }
}

it("a command reaches a granted host, by HTTP and through a tunnel, and no other", async () => {
  const { ask, hosts, port, left } = await open()
  const granted: Network = { kind: "hosts", hosts: [`localhost:${port}`] }
  for (const host of ["localhost", "LOCALHOST", "localhost."])
    for (const how of ["http", "tunnel"])
      expect([host, how, await ask(host, granted, how)]).toMatchObject([
        host,
        how,
        { exitCode: 0, output: "reached\n" },
      ])
  const reached = hosts.length
  for (const host of [
    "127.0.0.1",
    "localhost.evil.invalid",
    "[::1]",
    "localhost%00.evil.invalid",
    "2130706433",
  ])
    for (const how of ["http", "tunnel"])
      expect([host, how, (await ask(host, granted, how)).exitCode]).toEqual([host, how, 1])
  expect(hosts).toHaveLength(reached)
  expect(left()).toEqual([])
})

it("a host granted without a port means its ports 80 and 443", async () => {
  const { ask, hosts } = await open()
  for (const how of ["http", "tunnel"])
    expect((await ask("localhost", { kind: "hosts", hosts: ["localhost"] }, how)).exitCode).toBe(1)
  expect(hosts).toEqual([])
})

it("a command without a grant reaches nothing, and the exit code of one with a grant is its own", async () => {
  const { ask, hosts } = await open()
  expect((await ask("localhost", { kind: "none" })).exitCode).toBe(1)
  expect(hosts).toEqual([])
})

it("a command of a project without limits has the machine's network", async () => {
  const { ask, port } = await open()
  const result = await ask("127.0.0.1", { kind: "all" })
  expect(result, String(port)).toMatchObject({ exitCode: 0, output: "reached\n" })
})

describe("an address", () => {
  const own = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? [])
  it.each([
    ...own,
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.255",
    "127.1.2.3",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "192.0.0.8",
    "192.0.2.7",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:10.0.0.1",
    "::ffff:7f00:1",
    "::ffff:0:10.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:a00:1::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
  ])("%s is not out on the public network", (address) => {
    expect(isPublic(address)).toBe(false)
  })

  it.each([
    "1.1.1.1",
    "9.255.255.255",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "192.167.1.1",
    "223.255.255.255",
    "2606:4700::1111",
    "::ffff:1.1.1.1",
    "64:ff9b::1.1.1.1",
  ])("%s is", (address) => {
    expect(isPublic(address)).toBe(true)
  })

  it("that is not allowed is rejected when a name resolves to it", async () => {
    const outside = createLookup(isPublic)
    const look = (name: string, all: boolean) =>
      new Promise((resolve) => outside(name, { all }, (cause, found) => resolve(cause?.message ?? found)))
    for (const all of [true, false])
      for (const name of ["localhost", "127.0.0.1", "169.254.169.254", "192.168.1.1"])
        expect([name, await look(name, all)]).toEqual([name, expect.stringContaining("was not granted")])
    expect(await look("1.1.1.1", false)).toBe("1.1.1.1")
  })
})

describe("the proxy", () => {
  /** A server that keeps what it was asked, and a way to say anything to the proxy in front of it. */
  async function start(grant = "localhost") {
    const seen: { headers: IncomingHttpHeaders; url: string; body: string }[] = []
    const server = createServer(async (request, answer) => {
      let body = ""
      for await (const chunk of request) body += String(chunk)
      seen.push({ headers: request.headers, url: request.url ?? "", body })
      answer.end("reached")
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const address = server.address()
    const port = typeof address === "object" && address ? address.port : 0
    const proxy = await openProxy([`${grant}:${port}`])
    onTestFinished(async () => {
      await proxy.close()
      server.close()
    })
    const say = (text: string) =>
      new Promise<string>((resolve) => {
        const socket = connect(proxy.path, () => socket.write(text.replaceAll("PORT", String(port))))
        let said = ""
        socket.on("data", (chunk) => {
          said += chunk.toString("latin1")
          if (/reached|Aura:/.test(said)) socket.end()
        })
        socket.on("error", () => undefined)
        socket.on("close", () => resolve(said))
      })
    return { say, seen, port, proxy }
  }

  it("sends the granted host name, whatever the command's own header says", async () => {
    const { say, seen, port } = await start()
    const lines = [
      "GET http://localhost:PORT/a?b HTTP/1.1",
      "Host: intern.example",
      "Connection: close, X-Hop",
      "X-Hop: 1",
      "X-Kept: 2",
      "Keep-Alive: 5",
      "TE: trailers",
      "Upgrade: websocket",
      "Proxy-Connection: close",
      "Proxy-Authorization: Basic eA==",
    ]
    expect(await say(`${lines.join("\r\n")}\r\n\r\n`)).toContain("reached")
    expect(seen).toEqual([
      { url: "/a?b", body: "", headers: { host: `localhost:${port}`, "x-kept": "2", connection: "close" } },
    ])
  })

  it.each([
    ["a length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["chunks and a length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"],
    ["two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"],
    ["a list of lengths", "Content-Length: 5, 6\r\n\r\nhello"],
    ["a length with a sign", "Content-Length: +5\r\n\r\nhello"],
    ["two encodings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"],
    ["an encoding nobody knows", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"],
    ["a space before the colon", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"],
    ["a header without a carriage return", "X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  ])("passes no request on whose end can be read in two ways: %s", async (_, rest) => {
    const { say, seen } = await start()
    const smuggled = "GET http://localhost:PORT/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    const said = await say(`POST http://localhost:PORT/ HTTP/1.1\r\nHost: localhost\r\n${rest}${smuggled}`)
    expect(said).toMatch(/^HTTP\/1.1 400/)
    expect(seen).toEqual([])
  })

  it("keeps a body that comes in chunks within its request", async () => {
    const { say, seen } = await start()
    const inner = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    const chunk = `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`
    for (const method of ["GET", "POST", "DELETE"])
      expect(
        await say(
          `${method} http://localhost:PORT/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
        ),
      ).toContain("reached")
    expect(seen.map(({ url, body }) => [url, body])).toEqual(Array(3).fill(["/", inner]))
  })

  it.each([
    "GET http://user:word@localhost:PORT/ HTTP/1.1",
    "GET https://localhost:PORT/ HTTP/1.1",
    "GET /path HTTP/1.1",
    "GET http://localhost:PORT@evil.invalid/ HTTP/1.1",
    "CONNECT localhost:PORT@evil.invalid:PORT HTTP/1.1",
    "CONNECT evil.invalid:PORT HTTP/1.1",
    "CONNECT localhost HTTP/1.1",
    "CONNECT 127.0.0.1:PORT HTTP/1.1",
    "CONNECT 0x7f000001:PORT HTTP/1.1",
    "CONNECT [::ffff:127.0.0.1]:PORT HTTP/1.1",
  ])("refuses %s", async (line) => {
    const { say, seen } = await start()
    expect(await say(`${line}\r\nHost: localhost\r\n\r\n`)).toMatch(/^HTTP\/1.1 (400|403)/)
    expect(seen).toEqual([])
  })

  it("does not follow a granted name into this machine, unless its address is granted too", async () => {
    const server = createServer((_, answer) => answer.end("reached"))
    await new Promise<void>((resolve) => server.listen(0, resolve))
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = typeof address === "object" && address ? address.port : 0
    const name = hostname()
    const addresses = await lookup(name, { all: true }).catch(() => [])
    const ask = async (...grants: string[]) => {
      const proxy = await openProxy(grants)
      onTestFinished(() => proxy.close())
      const answer = Promise.withResolvers<string>()
      const asked = request(
        { socketPath: proxy.path, path: `http://${name}:${port}/`, headers: { host: name } },
        (reply) => reply.setEncoding("utf8").on("data", answer.resolve),
      )
      asked.on("error", answer.reject).end()
      return await answer.promise
    }
    expect(await ask(`${name}:${port}`)).toContain("Aura:")
    if (addresses.length === 0) return
    expect(await ask(`${name}:${port}`, ...addresses.map((one) => `${bracket(one.address)}:${port}`))).toBe(
      "reached",
    )
  })

  it("limits the memory that a command can make it use", async () => {
    const { say, seen, proxy } = await start()
    const long = `GET http://localhost:PORT/ HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}\r\n\r\n`
    expect(await say(long)).toMatch(/^HTTP\/1.1 431/)
    const sockets = Array.from({ length: 160 }, () => connect(proxy.path))
    const dropped = await Promise.race(
      sockets.map((socket) => new Promise((resolve) => socket.once("close", () => resolve("dropped")))),
    )
    expect(dropped).toBe("dropped")
    for (const socket of sockets) socket.destroy()
    expect(seen).toEqual([])
  })

  it("listens under a random name in a private folder, and leaves nothing behind", async () => {
    const [one, two] = [await openProxy([]), await openProxy([])]
    expect(dirname(one.path)).not.toBe(dirname(two.path))
    expect(statSync(dirname(one.path)).mode & 0o777).toBe(0o700)
    for (const proxy of [one, two]) {
      await proxy.close()
      expect(existsSync(dirname(proxy.path))).toBe(false)
    }
  })

  it("ends its connections when it is closed", async () => {
    const { proxy, port } = await start()
    const socket = connect(proxy.path, () =>
      socket.write(`CONNECT localhost:${port} HTTP/1.1\r\nHost: x\r\n\r\n`),
    )
    await new Promise((resolve) => socket.once("data", resolve))
    const closed = new Promise((resolve) => socket.once("close", resolve))
    await proxy.close()
    await closed
  })
})

const bracket = (address: string) => (address.includes(":") ? `[${address}]` : address)
