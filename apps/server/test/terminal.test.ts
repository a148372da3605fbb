import { execFileSync, spawn } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import headless from "@xterm/headless"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { screenplayOf, type TestApp, testApp, useBareHome } from "./_app.ts"

useBareHome()

const wait = { timeout: 15_000, interval: 20 }

async function opened(size = { cols: 80, rows: 24 }) {
  const app = await testApp(screenplayOf({ when: { phase: "specs" }, replies: [{ text: "Done." }] }))
  const project = await app.createProject()
  const { id } = await app.client.call("createTerminal", { body: { projectId: project.id, ...size } })
  return { app, project, id }
}

/** A page on a terminal: draws what it is sent, and says so unless it is lazy. */
async function attach(app: TestApp, id: string, { lazy = false, cols = 80, rows = 24 } = {}) {
  const { ticket } = await app.client.call("createTicket", {})
  const socket = new WebSocket(`${app.running.url.replace("http", "ws")}/ws/terminal/${id}?token=${ticket}`)
  const terminal = new headless.Terminal({ cols, rows, scrollback: 10_000, allowProposedApi: true })
  const state: { text: string; shown: boolean; received: number; closed?: number } = {
    text: "",
    shown: false,
    received: 0,
  }
  socket.addEventListener("close", (event) => {
    state.closed = event.code
  })
  socket.addEventListener("message", ({ data }) => {
    const frame = JSON.parse(String(data))
    if (frame.type === "screen") state.shown = true
    if (frame.type === "size") terminal.resize(frame.cols, frame.rows)
    if (frame.type !== "output" && frame.type !== "screen") return
    state.received += frame.text.length
    state.text = (state.text + frame.text).slice(-100_000)
    if (lazy) return
    terminal.write(frame.text, () => {
      if (frame.type === "output" && socket.readyState === socket.OPEN)
        socket.send(JSON.stringify({ type: "drawn", length: frame.text.length }))
    })
  })
  const screen = () => {
    const buffer = terminal.buffer.active
    const lines = Array.from({ length: buffer.length }, (_, i) => buffer.getLine(i)?.translateToString(true))
    return { lines, x: buffer.cursorX, y: buffer.cursorY, kind: buffer.type }
  }
  await vi.waitFor(() => expect(state.shown).toBe(true), wait)
  return {
    state,
    socket,
    screen,
    terminal,
    type: (text: string) => socket.send(JSON.stringify({ type: "input", text })),
    resize: (newCols: number, newRows: number) =>
      socket.send(JSON.stringify({ type: "resize", cols: newCols, rows: newRows })),
    sees: (text: string) => vi.waitFor(() => expect(screen().lines.join("\n")).toContain(text), wait),
  }
}

describe("a terminal", () => {
  it("runs the user's shell in the project's folder, and tells it and whoever looks on its size", async () => {
    const { app, id } = await opened()
    const page = await attach(app, id)
    page.type("pwd; echo $((6*7))-ok; [ -t 1 ] && echo is-tty; echo key=$ANTHROPIC_API_KEY.\n")
    await page.sees(app.workspace)
    await page.sees("\n42-ok")
    await page.sees("\nis-tty")
    await page.sees("\nkey=.")
    const other = await attach(app, id)
    page.resize(101, 31)
    page.type("stty size\n")
    await page.sees("31 101")
    await vi.waitFor(() => expect([other.terminal.cols, other.terminal.rows]).toEqual([101, 31]), wait)
  })

  it("shows whoever attaches again the same screen, scrollback and cursor", async () => {
    const { app, id } = await opened()
    const first = await attach(app, id)
    first.type(
      "PS1='> '; seq 1 300; printf '\\033[31;1mred\\033[0m \\346\\274\\242\\345\\255\\227 e\\314\\201\\n'; echo all-$((1+1))\n",
    )
    await first.sees("\nall-2")
    await vi.waitFor(() => expect(first.screen().lines.filter(Boolean).at(-1)?.trim()).toBe(">"), wait)
    const second = await attach(app, id)
    await vi.waitFor(() => expect(second.screen()).toEqual(first.screen()), wait)
    expect(second.screen().lines.length).toBeGreaterThan(300)
  })

  it("answers a program's questions once, whoever looks on", async () => {
    const { app, id } = await opened()
    const page = await attach(app, id)
    page.type("printf '\\033[6n'; IFS= read -rsd R at; echo \"$at\" | tr -d '\\033[' | sed s/^/at-/\n")
    await vi.waitFor(() => expect(page.screen().lines.join("\n")).toMatch(/\nat-\d+;\d+/), wait)
  })

  it("takes a flood of 100 MB without holding up the server, and a viewer that never draws is sent away", async () => {
    const { app, id } = await opened()
    const page = await attach(app, id)
    const lazy = await attach(app, id, { lazy: true })
    const before = process.memoryUsage().rss
    page.type(
      "yes 'a line of a flood, as long as lines of floods are' | head -c 100000000; echo flood-$((1+1))\n",
    )
    let answered = 0
    let most = 0
    while (!page.state.text.includes("\nflood-2")) {
      expect((await fetch(`${app.running.url}/api/health`)).status).toBe(200)
      answered += 1
      most = Math.max(most, process.memoryUsage().rss - before)
    }
    expect(lazy.state.closed).toBe(4408)
    expect(lazy.state.received).toBeLessThan(3_000_000)
    expect(page.state.received).toBeGreaterThan(100_000_000)
    expect(answered).toBeGreaterThan(20)
    expect(most).toBeLessThan(400_000_000)
  }, 240_000)

  it("ends with all it started, also what left its session", async () => {
    const { app, id } = await opened()
    const page = await attach(app, id)
    page.type("setsid sh -c 'echo $$ > away; exec sleep 1000' & sleep 1001 & echo on-$((1+1))\n")
    await page.sees("\non-2")
    await vi.waitFor(() => expect(existsSync(join(app.workspace, "away"))).toBe(true), wait)
    const left = () =>
      execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).match(/^sleep 100[01]$/gm) ?? []
    await vi.waitFor(() => expect(left().length).toBe(2), wait)
    expect(readFileSync(join(app.workspace, "away"), "utf8").trim()).toMatch(/^\d+$/)
    await app.client.call("removeTerminal", { params: { id } })
    await vi.waitFor(() => expect(left()).toEqual([]), wait)
    await vi.waitFor(() => expect(page.state.closed).toBe(1000), wait)
  })

  it("hears nothing that is typed after its end", async () => {
    const { app, id } = await opened()
    const page = await attach(app, id)
    page.socket.addEventListener("message", ({ data }) => {
      if (JSON.parse(String(data)).type !== "exit") return
      page.type("late")
      page.resize(10, 10)
    })
    page.type("exit\n")
    await vi.waitFor(() => expect(page.state.closed).toBe(1000), wait)
    expect((await fetch(`${app.running.url}/api/health`)).status).toBe(200)
  })

  it("leaves nothing behind by the next start, also when Aura was killed, and touches no other Aura's", async () => {
    const { app } = await opened()
    const { installId } = app.running.aura.keys
    const seconds = [`1003.${process.pid}`, `1004.${process.pid}`] as const
    for (const [i, owner] of [installId, "another"].entries()) {
      const env = { ...process.env, AURA_TERMINAL: `${owner}.term_x.` }
      const left = spawn("sleep", [seconds[i] ?? ""], { env, detached: true, stdio: "ignore" })
      onTestFinished(() => void left.kill())
    }
    const alive = () => {
      const all = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
      return seconds.map((one) => all.includes(`sleep ${one}`))
    }
    await vi.waitFor(() => expect(alive()).toEqual([true, true]), wait)
    await app.restart()
    await vi.waitFor(() => expect(alive()).toEqual([false, true]), wait)
  })

  it("ends when its project is deleted, and when the server stops", async () => {
    const { app, project } = await opened()
    const other = await app.client.call("createTerminal", {})
    await app.client.call("removeProject", { params: { p: project.id } })
    expect((await app.client.call("listTerminals", {})).items.map((one) => one.id)).toEqual([other.id])
    const page = await attach(app, other.id)
    page.type("setsid sleep 1002 & echo on-$((1+1))\n")
    await page.sees("\non-2")
    const left = () => execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).match(/^sleep 1002$/gm) ?? []
    await vi.waitFor(() => expect(left().length).toBe(1), wait)
    await app.running.stop()
    await vi.waitFor(() => expect(left()).toEqual([]), wait)
  })
})
