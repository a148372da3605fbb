/** The process of the windows, just started. It gets ready by itself, so that it can be started before it is needed. */
import { type ChildProcess, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

export type ShellProcess = {
  child: ChildProcess
  /** Resolves when it can open windows; false: it ended before. */
  ready: Promise<boolean>
}

const program = fileURLToPath(new URL("./shell/main.ts", import.meta.url))

/** @param folder where the web view keeps its own files */
export function startShell(folder: string, env: NodeJS.ProcessEnv): ShellProcess {
  const child = spawn(process.execPath, ["--max-semi-space-size=2", program, folder], {
    env,
    // What a Linux desktop knows the windows by: as those of the entry in its menu, with its icon.
    argv0: "aura",
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  })
  const ready = new Promise<boolean>((resolve) => {
    // The first thing it says is that it is ready.
    child.once("message", () => resolve(true))
    child.once("error", () => resolve(false))
    child.once("exit", () => resolve(false))
  })
  return { child, ready }
}

export function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}
