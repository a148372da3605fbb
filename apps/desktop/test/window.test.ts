/** The real window on a display without a screen. About 25 s: a rehearsal runs in it meanwhile. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Client } from "@aura/core"
import { findServer, readEnv } from "@aura/server"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { end, openScreen, whyNoWindow } from "./_screen.ts"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))
const why = whyNoWindow()
const patience = { timeout: 60_000, interval: 100 }

describe.skipIf(why !== undefined)(`the window${why ? ` (${why})` : ""}`, () => {
  it("shows a run that outlives its crash, its closing and its return", async () => {
    const screen = await openScreen()
    const app = await startApp(screen.display)
    const titled = (part: string | RegExp) =>
      vi.waitFor(async () => expect(await screen.title()).toMatch(part), patience)
    await titled(/^Projects · Aura$/)

    // Signed in without a click; the keyboard reaches the page.
    const client = await app.client()
    // A page that is not quite there yet misses keys: then they are pressed once more.
    await vi.waitFor(async () => {
      await screen.press("Escape")
      await screen.press("ctrl+k")
      await screen.type("Rehearsal: Tally")
      await screen.press("Return")
      await vi.waitFor(async () => expect(await screen.title()).toMatch("Rehearsal: Tally"), {
        timeout: 4000,
        interval: 200,
      })
    }, patience)
    const first = app.shellPid()
    process.kill(Number(first), "SIGKILL")
    const headAtCrash = (await client.call("listLog", { query: { limit: 1 } })).head
    await vi.waitFor(() => {
      expect(app.shellPid()).toMatch(/^\d+$/)
      expect(app.shellPid()).not.toBe(first)
    }, patience)
    await titled("Rehearsal: Tally")
    await vi.waitFor(async () => {
      const { head } = await client.call("listLog", { query: { limit: 1 } })
      expect(head).toBeGreaterThan(headAtCrash)
    }, patience)

    // Closing it asks; "Keep running" has the focus.
    await vi.waitFor(async () => {
      await screen.press("ctrl+w")
      await screen.press("Return")
      expect(app.said()).toContain("goes on without a window")
    }, patience)
    await vi.waitFor(async () => expect(await screen.title()).toBeUndefined(), patience)
    expect(app.child.exitCode).toBeNull()

    // A second start brings back the window of the first, and ends.
    const second = spawn(process.execPath, [main], { env: app.env, stdio: "ignore" })
    expect(await once(second, "exit")).toEqual([0, null])
    await titled("Aura")
    expect(Object.keys(JSON.parse(readFileSync(join(app.dataDir, "window.json"), "utf8")))).toEqual([
      "1440x960+0+0",
    ])

    await end(app.child, "SIGTERM")
    expect(app.child.exitCode).toBe(0)
    expect(app.shellPid()).toBe("")
  })
})

type App = {
  child: ChildProcess
  dataDir: string
  env: NodeJS.ProcessEnv
  client(): Promise<Client>
  /** Of the process of the windows; empty when there is none. */
  shellPid(): string
  said(): string
}

async function startApp(display: string): Promise<App> {
  const dataDir = mkdtempSync(join(tmpdir(), "aura-window-"))
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, DISPLAY: display, AURA_DATA_DIR: dataDir, AURA_SERVER_PORT: "0" }
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "ignore", "pipe"] })
  let said = ""
  child.stderr.on("data", (text: Buffer) => (said += text.toString()))
  onTestFinished(async () => {
    await end(child, "SIGTERM")
    rmSync(dataDir, { recursive: true, force: true })
  })
  await vi.waitFor(() => expect(existsSync(join(dataDir, "server.json")), said).toBe(true), patience)
  return {
    child,
    dataDir,
    env,
    said: () => said,
    async client() {
      const found = await findServer(readEnv({ AURA_DATA_DIR: dataDir }, null))
      if (!found) throw new Error("the server does not answer")
      return found.client
    },
    shellPid() {
      const found = execFileSync("ps", ["-o", "pid=,args=", "-e"], { encoding: "utf8" })
      const line = found.split("\n").find((one) => one.includes("shell/main.ts") && one.includes(dataDir))
      return line?.trim().split(" ")[0] ?? ""
    },
  }
}
