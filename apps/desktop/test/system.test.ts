/** The system's own dialog and its notifications, with the programs that Debian has for them. */
import { spawn } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { end } from "../../../scripts/display.ts"
import { pick } from "../src/system/pick.ts"
import { openScreen, whyNoWindow } from "./_screen.ts"
import { openTestShell } from "./_shell.ts"

const why =
  whyNoWindow() ??
  (["dunst", "dbus-daemon"].every((name) => existsSync(`/usr/bin/${name}`))
    ? undefined
    : "missing: dunst, dbus-daemon (apt-get install dunst dbus)")
const patience = { timeout: 60_000, interval: 50 }

/** A dialog that is just opening may miss keys: they are pressed until it is over. */
async function untilDone(dialog: Promise<unknown>, press: () => Promise<void>): Promise<void> {
  let isDone = false
  void dialog.then(() => {
    isDone = true
  })
  await vi.waitFor(async () => {
    if (!isDone) await press()
    await vi.waitFor(() => expect(isDone).toBe(true), { timeout: 2000, interval: 50 })
  }, patience)
}

describe.skipIf(why !== undefined)(`the system's own${why ? ` (${why})` : ""}`, () => {
  it("dialog gives the folder that somebody chose, and nothing when they did not", async () => {
    const screen = await openScreen()
    const folder = mkdtempSync(join(tmpdir(), "aura-pick-"))
    mkdirSync(join(folder, "a b"))
    const before = process.env.DISPLAY
    process.env.DISPLAY = screen.display
    onTestFinished(() => {
      if (before === undefined) delete process.env.DISPLAY
      else process.env.DISPLAY = before
      rmSync(folder, { recursive: true, force: true })
    })
    const chosen = pick("folder", "Where to?")
    await screen.titled("Where to?")
    await untilDone(chosen, async () => {
      // The field for a path opens with its first key and may miss the second one.
      await screen.press("ctrl+a", "slash", "ctrl+a")
      await screen.type(join(folder, "a b"))
      await screen.press("Return")
    })
    expect(await chosen).toEqual({ path: join(folder, "a b") })

    const given = pick("file", "Which one?")
    await screen.titled("Which one?")
    await untilDone(given, () => screen.press("Escape"))
    expect(await given).toEqual({ path: null })
  })

  it("notifications are shown, and lead to their page when they are clicked", async () => {
    const screen = await openScreen()
    const env = { ...process.env, DISPLAY: screen.display }
    const bus = spawn("dbus-daemon", ["--session", "--print-address", "--nofork"], {
      env,
      stdio: ["ignore", "pipe", "ignore"],
    })
    onTestFinished(async () => await end(bus))
    const address = await new Promise<string>((resolve) =>
      bus.stdout.once("data", (text: Buffer) => resolve(text.toString().trim())),
    )
    const onBus = { ...env, DBUS_SESSION_BUS_ADDRESS: address }
    const center = spawn("dunst", ["-conf", "/dev/null"], { env: onBus, stdio: "ignore" })
    onTestFinished(async () => await end(center))
    const shell = await openTestShell(screen.display, 'say({ type: "ready" })', onBus)
    await shell.open("/a")
    const shown = () => screen.hand("search", "--onlyvisible", "--class", "^dunst$").catch(() => "")
    // It may still be on its way to the bus.
    await vi.waitFor(async () => {
      shell.send({ type: "notify", title: "Todo", body: "A task failed.", path: "/inbox" })
      await vi.waitFor(async () => expect(await shown()).not.toBe(""), { timeout: 3000, interval: 50 })
    }, patience)
    await vi.waitFor(async () => {
      await screen.hand("mousemove", "--window", await shown(), "20", "10", "click", "2")
      await vi.waitFor(() => expect(shell.told).toContain('go "/inbox"'), { timeout: 2000, interval: 50 })
    }, patience)
  })
})
