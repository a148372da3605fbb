/** A real Chromium in the real sandbox. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { createCustody } from "../custody/custody.ts"
import { openLocalWorkspace } from "../local/local.ts"
import { collect } from "../run/collect.ts"
import { findSandbox } from "../sandbox/sandbox.ts"
import type { Network } from "../workspace.ts"
import { findBrowser, type Look, lookAtPage } from "./browser.ts"

function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "aura-browser-")))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const browser = findBrowser() ?? ""
const sandbox = await findSandbox(false)
const page = `<!doctype html><title>Shop</title><h1>Cart</h1><label>Name <input></label><button disabled>Pay</button>
<script>console.error("no price"); fetch("/missing")</script>`
const server = `require("http").createServer((q, r) => q.url === "/" ? r.setHeader("content-type", "text/html").end(require("fs").readFileSync("page.html")) : r.writeHead(404).end()).listen(4321)`

async function look(of: Look, network: Network = { kind: "none" }) {
  const root = folder()
  writeFileSync(join(root, "page.html"), page)
  writeFileSync(join(root, "server.cjs"), server)
  const custody = createCustody({ sandbox, dataDir: folder() })
  onTestFinished(() => custody.close())
  const signal = new AbortController().signal
  const seen = await lookAtPage(openLocalWorkspace(root, custody), browser, of, {
    timeoutMs: 60_000,
    signal,
    network,
  })
  if ("ended" in seen) throw new Error(seen.ended.output)
  return seen
}

describe("a page in the sandbox's browser", () => {
  it("is served by a command and returned as a picture, with its errors and its text", async () => {
    const seen = await look({ page: "http://localhost:4321/", serve: "node server.cjs", width: 400 })
    expect(seen).toMatchObject({ title: "Shop", status: 200 })
    expect(seen.problem).toBeUndefined()
    expect(seen.messages).toContain("console.error: no price")
    expect(seen.messages).toContain("404 http://localhost:4321/missing")
    expect(seen.tree).toContain('heading "Cart" level=1')
    expect(seen.tree).toContain('button "Pay" disabled')
    const picture = Buffer.from(seen.picture ?? [])
    expect(picture.subarray(0, 8).toString("hex")).toBe("89504e470d0a1a0a")
    expect(picture.readUInt32BE(16)).toBe(400)
  })

  it("can be a file, after a script has changed it", async () => {
    const script = 'document.querySelector("h1").textContent = "Paid"; return document.title'
    const seen = await look({ page: "page.html", script })
    expect(seen.script).toBe('"Shop"')
    expect(seen.tree).toContain('heading "Paid"')
  })

  it("has only the network access of commands", async () => {
    const heard: string[] = []
    const outside = createServer((request, response) => {
      heard.push(request.url ?? "")
      response.end("outside")
    })
    await new Promise<void>((resolve) => outside.listen(0, "127.0.0.1", resolve))
    onTestFinished(() => void outside.close())
    const address = outside.address()
    const port = typeof address === "object" && address ? address.port : 0
    const of = { page: `http://127.0.0.1:${port}/` }
    const seen = await Promise.all([look(of), look(of, { kind: "hosts", hosts: ["example.com"] })])
    for (const { problem } of seen) expect(problem).toContain("could not be opened")
    expect(heard).toEqual([])
  })

  it("says why there is no result", async () => {
    const serve = "echo no module; exit 3"
    const [broken, missing] = await Promise.all([
      look({ page: "http://localhost:4321/", serve }),
      look({ page: "none.html" }),
    ])
    expect(broken.problem).toContain("exit code 3")
    expect(broken.server).toContain("no module")
    expect(missing.problem).toContain("no file none.html")
  })
})

describe("a file that a command leaves in its temporary folder", () => {
  it("is returned if it is a plain file, and removed", async () => {
    const [at, elsewhere] = [folder(), folder()]
    writeFileSync(join(elsewhere, "secret"), "secret")
    writeFileSync(join(at, "a"), "left")
    symlinkSync(join(elsewhere, "secret"), join(at, "b"))
    mkdirSync(join(at, "c"))
    const found = await collect(at, ["a", "b", "c", "d", "../secret"])
    expect([...found].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([["a", "left"]])
    expect((await collect(at, ["a", "b", "c"])).size).toBe(0)
  })
})
