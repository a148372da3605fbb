/** A file dragged with the mouse, from a real program: the list of the system's dialog. */
import { spawn } from "node:child_process"
import { dirname } from "node:path"
import { onTestFinished, vi } from "vitest"
import { end } from "../../../scripts/display.ts"
import type { Screen } from "./_screen.ts"

/**
 * @param screen 1800 pixels wide, with the window to drop on in front
 * @param file the only one in its folder
 * @param check throws until it has arrived; dragged again until then
 */
export async function drop(screen: Screen, file: string, check: () => void | Promise<void>): Promise<void> {
  const target = await screen.hand("getactivewindow")
  await screen.hand("windowsize", "--sync", target, "800", "600")
  await screen.hand("windowmove", "--sync", target, "20", "50")
  const dialog = spawn("zenity", ["--file-selection", "--title=Pick", `--filename=${file}`], {
    env: { ...process.env, DISPLAY: screen.display, HOME: dirname(file), GTK_THEME: "Adwaita" },
    stdio: "ignore",
  })
  onTestFinished(async () => await end(dialog))
  await screen.titled("Pick")
  await screen.hand("windowmove", "--sync", await screen.hand("getactivewindow"), "900", "50")
  await vi.waitFor(
    async () => {
      await screen.hand("mousemove", "1200", "145", "mousedown", "1")
      for (let x = 1180; x >= 400; x -= 20) await screen.hand("mousemove", String(x), "200")
      await screen.hand("mouseup", "1")
      await vi.waitFor(check, { timeout: 3000, interval: 50 })
    },
    { timeout: 60_000, interval: 50 },
  )
}
