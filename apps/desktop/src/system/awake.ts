/** Keeps the machine from going to sleep while there is work. */
import { type ChildProcess, spawn } from "node:child_process"
import { findProgram, hostEnv } from "@aura/workspace/host-program"

export type Awake = { set(isWanted: boolean): void }

/** The helper ends with its input, and so with us however we end. */
export function toInhibitor(platform: NodeJS.Platform): [command: string, ...args: string[]] {
  switch (platform) {
    case "darwin":
      return ["/bin/sh", "-c", "caffeinate -i & cat >/dev/null; kill $!"]
    case "win32":
      return ["powershell", "-NoProfile", "-Command", windowsScript]
    default:
      return [
        "systemd-inhibit",
        "--what=idle:sleep",
        "--who=Aura",
        "--why=An agent is at work",
        "--mode=block",
        "cat",
      ]
  }
}

const windowsScript = `
$power = Add-Type -PassThru -Name Power -MemberDefinition '[DllImport("kernel32.dll")] public static extern uint SetThreadExecutionState(uint flags);'
[void]$power::SetThreadExecutionState(2147483649)
[void][Console]::In.ReadToEnd()`

export function createAwake(platform: NodeJS.Platform = process.platform, find = findProgram): Awake {
  let inhibitor: ChildProcess | undefined
  return {
    set(isWanted) {
      if (!isWanted) {
        inhibitor?.stdin?.end()
        inhibitor = undefined
        return
      }
      if (inhibitor) return
      const [name, ...args] = toInhibitor(platform)
      const command = find(name)
      // A machine without such a program sleeps when it likes.
      if (!command) return
      inhibitor = spawn(command, args, { stdio: ["pipe", "ignore", "ignore"], env: hostEnv() })
      inhibitor.on("error", () => undefined)
      inhibitor.stdin?.on("error", () => undefined)
    },
  }
}
