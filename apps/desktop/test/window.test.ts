/** The real window on a display without a screen, and a rehearsal in it. About 6 s. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { end } from "../../../scripts/display.ts"
import { choose, patience, startApp } from "./_app.ts"
import { drop } from "./_drop.ts"
import { openScreen, whyNoWindow } from "./_screen.ts"

const why = whyNoWindow()

describe.skipIf(why !== undefined)(`the window${why ? ` (${why})` : ""}`, () => {
  it("shows a run that outlives its crash", async () => {
    const screen = await openScreen()
    const app = await startApp(screen)
    await screen.titled(/^Projects · Aura$/)

    // Signed in without a click; the keyboard reaches the page.
    const client = await app.client()
    await choose(screen, "Rehearsal: Tally", "Rehearsal: Tally")
    const first = app.shellPid()
    process.kill(Number(first), "SIGKILL")
    const headAtCrash = (await client.call("listLog", { query: { limit: 1 } })).head
    await vi.waitFor(() => {
      expect(app.shellPid()).toMatch(/^\d+$/)
      expect(app.shellPid()).not.toBe(first)
    }, patience)
    await screen.titled("Rehearsal: Tally")
    await vi.waitFor(async () => {
      const { head } = await client.call("listLog", { query: { limit: 1 } })
      expect(head).toBeGreaterThan(headAtCrash)
    }, patience)

    await screen.hand("windowmove", await screen.hand("getactivewindow"), "150", "70")
    await vi.waitFor(() => expect(existsSync(join(app.dataDir, "window.json"))).toBe(true), patience)
    expect(Object.keys(JSON.parse(readFileSync(join(app.dataDir, "window.json"), "utf8")))).toEqual([
      "1440x960+0+0",
    ])

    await end(app.child, "SIGTERM")
    expect(app.child.exitCode).toBe(0)
    expect(app.shellPid()).toBe("")
  })

  it("starts a project from a document that is dropped on it", async () => {
    const screen = await openScreen("1800x960")
    const folder = mkdtempSync(join(tmpdir(), "aura-drop-"))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    writeFileSync(join(folder, "todo.md"), "# Todo\n\n- Things can be listed\n")
    const app = await startApp(screen, { env: { ANTHROPIC_API_KEY: "test" } })
    await screen.titled(/^Projects · Aura$/)
    const window = await screen.hand("getactivewindow")
    const title = () => screen.hand("getwindowname", window)
    await drop(screen, join(folder, "todo.md"), async () => expect(await title()).toBe("New project · Aura"))
    expect(app.child.exitCode).toBeNull()
  })
})
