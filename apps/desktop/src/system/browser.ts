/** Opens an address outside of Aura, in the program the user chose for it. */
import { spawn } from "node:child_process"

export function openOutside(url: string): void {
  const command =
    process.platform === "darwin" ? "open" : process.platform === "win32" ? "explorer" : "xdg-open"
  spawn(command, [url], { stdio: "ignore", detached: true })
    .on("error", () => undefined)
    .unref()
}
