import { mkdtempSync, realpathSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it, onTestFinished } from "vitest"
import { createCustody } from "../workspaces/custody.ts"
import type { Network } from "../workspaces/workspace.ts"
import { lookupOutside } from "./proxy.ts"
import { findSandbox } from "./sandbox.ts"

async function open() {
  const folder = () => {
    const path = realpathSync(mkdtempSync(join(tmpdir(), "aura-proxy-")))
    onTestFinished(() => rmSync(path, { recursive: true, force: true }))
    return path
  }
  const root = folder()
  const custody = createCustody({ sandbox: await findSandbox(false), dataDir: folder() })
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
  return { ask, hosts, port }
}

const granted: Network = { kind: "hosts", hosts: ["localhost"] }

it("a command reaches a granted host, plainly and through a tunnel, and no other", async () => {
  const { ask, hosts } = await open()
  expect(await ask("localhost", granted)).toMatchObject({ exitCode: 0, output: "reached\n" })
  expect(await ask("localhost", granted, "tunnel")).toMatchObject({ exitCode: 0, output: "reached\n" })
  for (const host of ["127.0.0.1", "localhost.evil.invalid", "[::1]", "localhost%00.evil.invalid"])
    for (const how of ["http", "tunnel"])
      expect([host, how, (await ask(host, granted, how)).exitCode]).toEqual([host, how, 1])
  expect(hosts).toHaveLength(2)
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

it("a granted name that leads to this machine itself is not followed there", async () => {
  const look = (name: string, all: boolean) =>
    new Promise((resolve) => lookupOutside(name, { all }, (cause, found) => resolve(cause?.message ?? found)))
  for (const all of [true, false])
    for (const name of ["localhost", "127.0.0.1", "127.1.2.3", "::1", "169.254.169.254", "::ffff:127.0.0.1"])
      expect([name, await look(name, all)]).toEqual([name, expect.stringContaining("leads to this machine")])
  expect(await look("192.0.2.7", false)).toBe("192.0.2.7")
})
