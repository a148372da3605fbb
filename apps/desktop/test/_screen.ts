/** A display for a test, and what is in front on it. */
import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { expect, onTestFinished, vi } from "vitest"
import { openDisplay } from "../../../scripts/display.ts"

/** Why windows cannot be tried here; `undefined` when they can. */
export function whyNoWindow(): string | undefined {
  if (process.platform !== "linux") return "the window is tried under Xvfb, which this system does not have"
  const missing = ["Xvfb", "xdotool", "openbox", "zenity"].filter((name) => !isThere(name))
  const libraries = execFileSync("/sbin/ldconfig", ["-p"], { encoding: "utf8" })
  for (const name of ["libwebkit2gtk-4.1.so.0", "libxdo.so.3"])
    if (!libraries.includes(name)) missing.push(name)
  if (missing.length === 0) return undefined
  return `missing: ${missing.join(", ")} (apt-get install xvfb xdotool openbox zenity libwebkit2gtk-4.1-0 libxdo3)`
}

function isThere(name: string): boolean {
  return (process.env.PATH ?? "").split(":").some((folder) => existsSync(`${folder}/${name}`))
}

export type Screen = {
  display: string
  /** The title of the window in front, or nothing when there is none. */
  title(): Promise<string | undefined>
  /** Waits until the window in front has that title. */
  titled(part: string | RegExp, patience?: { timeout: number; interval: number }): Promise<void>
  /** Presses keys in the window in front, one after the other. */
  press(...keys: string[]): Promise<void>
  type(text: string): Promise<void>
  /** What xdotool says to that. */
  hand(...args: string[]): Promise<string>
}

/** A screen for as long as the test lasts. @param size width x height in pixels */
export async function openScreen(size = "1440x960"): Promise<Screen> {
  const { name: display, hand, close } = await openDisplay(size)
  onTestFinished(close)
  /** The one in front; a window that is not named yet is none. */
  const window = async () => {
    const found = await hand("getactivewindow").catch(() => "")
    return found === "" ? undefined : found
  }
  const title = async () => {
    const id = await window()
    return id && (await hand("getwindowname", id).catch(() => undefined))
  }
  return {
    display,
    title,
    async titled(part, patience = { timeout: 60_000, interval: 100 }) {
      await vi.waitFor(async () => expect(await title()).toMatch(part), patience)
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
