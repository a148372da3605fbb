/** Opens an address outside of Aura, in the program the user chose for it. */
import { spawn } from "node:child_process"
import { findProgram, hostEnv } from "@aura/workspace/host-program"

export function openOutside(url: string, find = findProgram): void {
  const command = find(
    process.platform === "darwin" ? "open" : process.platform === "win32" ? "explorer" : "xdg-open",
  )
  if (!command) return
  spawn(command, [url], { stdio: "ignore", detached: true, env: hostEnv() })
    .on("error", () => undefined)
    .unref()
}
