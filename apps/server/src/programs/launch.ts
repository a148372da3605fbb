/** Starts a program for the person at this machine: by arguments, never through a shell; it outlives Aura. */
import { spawn } from "node:child_process"
import { dirname } from "node:path"
import { AuraError } from "@aura/core"
import { hostEnv } from "@aura/workspace"

/** The time a program has to report that it cannot start. */
const settleMs = 400

/**
 * @param command its program by its absolute path
 * @throws AuraError `service_unavailable` when it cannot be started, or says so at once
 */
export async function launch(command: readonly string[]): Promise<void> {
  const [program = "", ...args] = command
  const child = spawn(program, args, {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
    env: hostEnv(),
  })
  let said = ""
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(0, 1000)
  })
  const problem = await new Promise<string | undefined>((resolve) => {
    const late = setTimeout(() => resolve(undefined), settleMs)
    const settle = (why: string | undefined) => {
      clearTimeout(late)
      resolve(why)
    }
    child.once("error", (error) => settle(error.message))
    child.once("exit", (code) =>
      settle(code === 0 ? undefined : said.trim().split("\n")[0] || `it ended with ${code}`),
    )
  })
  child.stderr.destroy()
  child.unref()
  if (problem !== undefined)
    throw new AuraError("service_unavailable", `${program} could not be started: ${problem}`)
}

/** The command that shows a file in its folder. It opens the folder, never the file, because opening a file may run it. */
export function toReveal(path: string, isFolder: boolean, platform = process.platform): string[] {
  if (platform === "darwin") return isFolder ? ["open", path] : ["open", "-R", path]
  if (platform === "win32") return isFolder ? ["explorer", path] : ["explorer", `/select,${path}`]
  return ["xdg-open", isFolder ? path : dirname(path)]
}
