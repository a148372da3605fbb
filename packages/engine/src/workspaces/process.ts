/** Runs one shell command in custody: own process group, clean environment, closed stdin, an end to everything. */
import { spawn } from "node:child_process"
import { createOutput } from "./output.ts"
import type { RunOptions, RunResult } from "./workspace.ts"

const passedOn = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SHELL"] as const
const graceMs = 2000

/** What a child may see of our environment: an allow-list, so that no key is ever in it. */
export function cleanEnv(): Record<string, string> {
  const env: Record<string, string> = { TERM: "dumb", CI: "1", NO_COLOR: "1", GIT_TERMINAL_PROMPT: "0" }
  for (const name of passedOn) {
    const value = process.env[name]
    if (value) env[name] = value
  }
  return env
}

export async function runProcess(command: string, cwd: string, options: RunOptions): Promise<RunResult> {
  const startedAt = performance.now()
  const output = createOutput()
  const child = spawn("/bin/sh", ["-c", command], {
    cwd,
    env: cleanEnv(),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  })
  const end = (signal: NodeJS.Signals) => killGroup(child.pid, signal)
  let timedOut = false
  const timer = setTimeout(
    () => {
      timedOut = true
      end("SIGKILL")
    },
    Math.min(options.timeoutMs, 2 ** 31 - 1),
  )
  let hard: NodeJS.Timeout | undefined
  const onAbort = () => {
    end(options.signal.reason === "SIGKILL" ? "SIGKILL" : "SIGTERM")
    hard = setTimeout(() => end("SIGKILL"), graceMs)
  }
  options.signal.addEventListener("abort", onAbort, { once: true })
  if (options.signal.aborted) onAbort()
  const take = (chunk: Buffer) => {
    const text = output.add(chunk)
    options.onOutput?.(text)
  }
  child.stdout.on("data", take)
  child.stderr.on("data", take)
  const exitCode = await new Promise<number | null>((resolve) => {
    child.on("error", (cause) => {
      take(Buffer.from(`The command could not be started: ${cause.message}\n`))
      resolve(null)
    })
    child.on("exit", (code) => {
      // Whatever it left in the background ends with it, and so lets go of the pipes.
      end("SIGKILL")
      child.once("close", () => resolve(code))
      setTimeout(() => resolve(code), graceMs).unref()
    })
  })
  clearTimeout(timer)
  clearTimeout(hard)
  options.signal.removeEventListener("abort", onAbort)
  child.stdout.destroy()
  child.stderr.destroy()
  return {
    exitCode: timedOut ? null : exitCode,
    timedOut,
    aborted: options.signal.aborted,
    output: output.text(),
    outputDigest: output.digest(),
    durationMs: Math.round(performance.now() - startedAt),
  }
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (cause) {
    // ESRCH: nobody is left in the group, which is what was wanted.
    if (!(cause instanceof Error) || !("code" in cause) || cause.code !== "ESRCH") throw cause
  }
}
