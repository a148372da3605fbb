/** A display without a screen, and hands on it: Xvfb with a window manager, and xdotool. */
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { promisify } from "node:util"
import { onTestFinished, vi } from "vitest"

const run = promisify(execFile)

/** Why windows cannot be tried here; `undefined` when they can. */
export function whyNoWindow(): string | undefined {
  if (process.platform !== "linux") return "the window is tried under Xvfb, which this system does not have"
  const missing = ["Xvfb", "xdotool", "openbox"].filter((name) => !isThere(name))
  const libraries = execFileSync("/sbin/ldconfig", ["-p"], { encoding: "utf8" })
  for (const name of ["libwebkit2gtk-4.1.so.0", "libxdo.so.3"])
    if (!libraries.includes(name)) missing.push(name)
  if (missing.length === 0) return undefined
  return `missing: ${missing.join(", ")} (apt-get install xvfb xdotool openbox libwebkit2gtk-4.1-0 libxdo3)`
}

function isThere(name: string): boolean {
  return (process.env.PATH ?? "").split(":").some((folder) => existsSync(`${folder}/${name}`))
}

export type Screen = {
  display: string
  /** The title of the window in front, or nothing when there is none. */
  title(): Promise<string | undefined>
  /** Presses keys in the window in front, one after the other. */
  press(...keys: string[]): Promise<void>
  type(text: string): Promise<void>
  /** What xdotool says to that. */
  hand(...args: string[]): Promise<string>
}

/** A screen for as long as the test lasts. @param size width x height in pixels */
export async function openScreen(size = "1440x960"): Promise<Screen> {
  const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", `${size}x24`, "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  })
  onTestFinished(async () => await end(server))
  const number = await new Promise<string>((resolve, reject) => {
    server.once("exit", () => reject(new Error("Xvfb did not start")))
    server.stdio[3]?.once("data", (text: Buffer) => resolve(text.toString().trim()))
  })
  const display = `:${number}`
  const hand = async (...args: string[]) => {
    const { stdout } = await run("xdotool", args, { env: { ...process.env, DISPLAY: display } })
    return stdout.trim()
  }
  const manager = spawn("openbox", ["--sm-disable"], {
    env: { ...process.env, DISPLAY: display },
    stdio: "ignore",
  })
  onTestFinished(async () => await end(manager))
  await vi.waitFor(() => hand("get_num_desktops"), { timeout: 60_000, interval: 20 })
  /** The one in front; a window that is not named yet is none. */
  const window = async () => {
    const found = await hand("getactivewindow").catch(() => "")
    return found === "" ? undefined : found
  }
  return {
    display,
    async title() {
      const id = await window()
      return id && (await hand("getwindowname", id).catch(() => undefined))
    },
    async press(...keys) {
      for (const key of keys) await hand("key", key)
    },
    async type(text) {
      await hand("type", "--delay", "20", text)
    },
    hand,
  }
}

export async function end(child: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, "exit")
  child.kill(signal)
  await ended
}
