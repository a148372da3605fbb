/** How Aura with a window begins and ends: beside others, with work going on. About 20 s. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Client } from "@aura/core"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { end } from "../../../scripts/display.ts"
import { type App, choose, patience, startApp } from "./_app.ts"
import { openScreen, type Screen, whyNoWindow } from "./_screen.ts"

const cli = fileURLToPath(new URL("../../cli/src/main.ts", import.meta.url))
const why = whyNoWindow()

/** A model that never answers, so that work goes on for as long as it is wanted. */
async function silentModel(): Promise<{ url: string; port: number }> {
  const server = createServer(() => undefined).listen(0, "127.0.0.1")
  await once(server, "listening")
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === "object" ? (address?.port ?? 0) : 0
  return { url: `http://127.0.0.1:${port}`, port }
}

/** Planning that does not come to an end. @returns asks how it stands */
async function startPlan(client: Client): Promise<() => Promise<string | undefined>> {
  const { id: p } = await client.call("createProject", { body: { name: "Todo", requirements: "- It works" } })
  await client.call("generateSpecs", { params: { p } })
  const plan = async () => (await client.call("listPlans", { params: { p } })).items.at(-1)?.status
  await vi.waitFor(async () => expect(await plan()).toBe("running"), patience)
  return plan
}

const again = { timeout: 5000, interval: 100 }

/** Keys that come before the question is there may answer something else: then all is done once more. */
function handsOn(screen: Screen, app: App) {
  return {
    answer: (...keys: string[]) => screen.hand("key", "--delay", "400", "ctrl+w", ...keys),
    async bringBack() {
      if ((await screen.title()) === undefined) await app.startAgain()
      await screen.titled("Aura", again)
    },
  }
}

describe.skipIf(why !== undefined)(`beginning and end of the window${why ? ` (${why})` : ""}`, () => {
  it("asks once when its last window closes on work, and does as it is told", async () => {
    const screen = await openScreen()
    const model = await silentModel()
    // The port it is to listen on is taken, too: then it takes another.
    const app = await startApp(screen, {
      env: { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "test", AURA_SERVER_PORT: String(model.port) },
    })
    await screen.titled(/^Projects · Aura$/)
    expect(readFileSync(`/proc/${app.shellPid()}/environ`, "utf8")).not.toContain("ANTHROPIC_API_KEY")
    const client = await app.client()
    const plan = await startPlan(client)
    await choose(screen, "Todo", /^Planning · Todo · Aura$/)

    // Each window has a title of its own; closing one of two asks nothing.
    await screen.press("ctrl+shift+n")
    await screen.titled(/^Projects · Aura$/)
    await screen.press("ctrl+w")
    await screen.titled(/^Planning · Todo · Aura$/)

    const { answer, bringBack } = handsOn(screen, app)
    await vi.waitFor(async () => {
      await bringBack()
      const before = app.said()
      await answer("Escape", "ctrl+comma")
      await screen.titled(/^Settings · Aura$/, again)
      expect(app.said()).toBe(before)
    }, patience)
    expect(await plan()).toBe("running")
    const ended = once(app.child, "exit")
    await vi.waitFor(async () => {
      await bringBack()
      await answer("shift+Tab", "Return")
      await vi.waitFor(() => expect(app.child.exitCode).toBe(0), again)
    }, patience)
    expect(await ended).toEqual([0, null])
    await vi.waitFor(() => expect(app.pids()).toEqual([]), patience)
  })

  it("goes on without a window when that is said, and shows itself when it is started again", async () => {
    const screen = await openScreen()
    const model = await silentModel()
    const app = await startApp(screen, {
      env: { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "test" },
    })
    await screen.titled(/^Projects · Aura$/)
    const plan = await startPlan(await app.client())
    const { answer, bringBack } = handsOn(screen, app)
    // "Keep running" has the focus.
    await vi.waitFor(async () => {
      await bringBack()
      await answer("Return")
      await vi.waitFor(() => expect(app.said()).toContain("goes on without a window"), again)
    }, patience)
    await vi.waitFor(async () => expect(await screen.title()).toBeUndefined(), patience)
    expect(app.child.exitCode).toBeNull()
    expect(await plan()).toBe("running")
    expect(await app.startAgain()).toBe(0)
    await screen.titled("Aura")
  })

  it("joins a server of the same data directory, and leaves it alone when it closes", async () => {
    const screen = await openScreen()
    const model = await silentModel()
    const dataDir = mkdtempSync(join(tmpdir(), "aura-join-"))
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
    const env = { ...process.env, AURA_DATA_DIR: dataDir, AURA_SERVER_PORT: "0", ANTHROPIC_API_KEY: "test" }
    const server = spawn(process.execPath, [cli, "serve"], {
      env: { ...env, ANTHROPIC_BASE_URL: model.url },
      stdio: "ignore",
    })
    onTestFinished(async () => await end(server, "SIGTERM"))
    await vi.waitFor(() => expect(existsSync(join(dataDir, "server.json"))).toBe(true), patience)
    const app = await startApp(screen, { dataDir, env: { AURA_SERVER_PORT: "1" } })
    await screen.titled(/^Projects · Aura$/)
    const client = await app.client()
    const plan = await startPlan(client)
    const ended = once(app.child, "exit")
    await screen.press("ctrl+w")
    expect(await ended).toEqual([0, null])
    expect(await plan()).toBe("running")
  })
})
