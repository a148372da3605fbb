/** The process of the windows by itself, in front of a small server of pages that say what they are told. */
import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished, vi } from "vitest"
import { end } from "../../../scripts/display.ts"
import { FromShell, type ToShell } from "../src/messages.ts"
import type { Places } from "../src/place.ts"
import { startShell } from "../src/shell-process.ts"

const patience = { timeout: 60_000, interval: 50 }

export type TestShell = {
  child: ChildProcess
  home: string
  send(message: ToShell): void
  /** Everything the windows have told so far. */
  heard: FromShell[]
  /** What pages have told the small server, by `tell(text)`. */
  told: string[]
  /** Opens a window and waits until its page is there. */
  open(path: string, places?: Places): Promise<number>
}

/** @param script of every page; it may `say(message)` to its window and `tell(text)` to the test */
export async function openTestShell(
  display: string,
  script = "",
  env: NodeJS.ProcessEnv = {},
): Promise<TestShell> {
  const told: string[] = []
  const pages = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://pages")
    if (pathname === "/told") told.push(searchParams.get("text") ?? "")
    response.setHeader("content-type", "text/html")
    response.end(pathname === "/told" ? "" : pageOf(script))
  })
  pages.listen(0, "127.0.0.1")
  await once(pages, "listening")
  const address = pages.address()
  const home = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`
  const folder = mkdtempSync(join(tmpdir(), "aura-shell-"))
  const { child } = startShell(folder, { ...process.env, ...env, DISPLAY: display })
  onTestFinished(async () => {
    await end(child)
    pages.closeAllConnections()
    pages.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const heard: FromShell[] = []
  child.on("message", (raw) => heard.push(FromShell.parse(raw)))
  const send = (message: ToShell) => void child.send(message)
  await vi.waitFor(() => {
    if (!heard.some(({ type }) => type === "ready"))
      throw new Error("the process of the windows is not ready")
  }, patience)
  return {
    child,
    home,
    send,
    heard,
    told,
    async open(path, places = {}) {
      const before = heard.length
      send({ type: "open", url: `${home}${path}`, home, places })
      return await vi.waitFor(() => {
        const titled = heard.slice(before).find((message) => message.type === "titled")
        if (titled?.type !== "titled") throw new Error(`no page at ${path} yet`)
        return titled.window
      }, patience)
    },
  }
}

function pageOf(script: string): string {
  return `<!doctype html><meta charset="utf-8"><title>Aura page</title><textarea autofocus></textarea><script>
const say = (message) => window.ipc.postMessage(JSON.stringify(message))
const tell = (text) => fetch("/told?text=" + encodeURIComponent(text))
for (const name of ["go", "document", "closing", "leaving"])
  addEventListener("aura:" + name, ({ detail }) => tell(name + " " + JSON.stringify(detail)))
document.title = "Aura " + location.pathname + location.search
${script}
</script>`
}
