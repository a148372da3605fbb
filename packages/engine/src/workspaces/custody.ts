/** Custody of commands: all are started by the keeper, and none outlives the server. */
import { type ChildProcess, fork } from "node:child_process"
import { getCompileCacheDir } from "node:module"
import { fileURLToPath } from "node:url"
import { type Order, readReport } from "./orders.ts"
import { cleanEnv } from "./process.ts"
import type { RunOptions, RunResult } from "./workspace.ts"

export type Custody = {
  /** Runs a shell command in a process group of its own with a clean environment. Never throws for a bad exit. */
  run(command: string, cwd: string, options: RunOptions): Promise<RunResult>
  /** Ends all that runs. */
  close(): void
}

type Waiting = { onOutput: ((text: string) => void) | undefined; resolve(result: RunResult): void }

const keeperFile = fileURLToPath(new URL("./keeper.ts", import.meta.url))

/** The keeper is started with the first command, and again should it ever die. */
export function createCustody(): Custody {
  let keeper: ChildProcess | undefined
  let lastId = 0
  const waiting = new Map<number, Waiting>()

  function open(): ChildProcess {
    if (keeper?.connected) return keeper
    const flags = [
      "--max-semi-space-size=1",
      "--max-old-space-size=64",
      "--disable-warning=ExperimentalWarning",
    ]
    const cache = getCompileCacheDir()
    const env = { ...cleanEnv(), ...(cache ? { NODE_COMPILE_CACHE: cache } : {}) }
    const child = fork(keeperFile, [], {
      execArgv: flags,
      env,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      serialization: "advanced",
    })
    child.on("message", (message) => {
      const report = readReport(message)
      const one = report && waiting.get(report.id)
      if (report?.type === "output") one?.onOutput?.(report.text)
      if (report?.type !== "ended") return
      waiting.delete(report.id)
      one?.resolve(report.result)
    })
    child.on("exit", () => {
      for (const one of waiting.values()) one.resolve(lost)
      waiting.clear()
    })
    // The keeper alone must not keep the server alive.
    child.unref()
    child.channel?.unref()
    keeper = child
    return child
  }

  return {
    async run(command, cwd, options) {
      const id = ++lastId
      const child = open()
      const stop = () => child.connected && child.send({ type: "stop", id } satisfies Order)
      const result = await new Promise<RunResult>((resolve) => {
        child.channel?.ref()
        waiting.set(id, { onOutput: options.onOutput, resolve })
        const { timeoutMs } = options
        child.send({
          type: "run",
          id,
          command,
          cwd,
          timeoutMs,
          isWatched: options.onOutput !== undefined,
        } satisfies Order)
        options.signal.addEventListener("abort", stop, { once: true })
        if (options.signal.aborted) stop()
      })
      options.signal.removeEventListener("abort", stop)
      if (waiting.size === 0) child.channel?.unref()
      return { ...result, aborted: options.signal.aborted }
    },
    close: () => keeper?.disconnect(),
  }
}

const lost: RunResult = {
  exitCode: null,
  timedOut: false,
  aborted: false,
  output: "The process that keeps commands was ended, and this command with it.",
  outputDigest: "",
  durationMs: 0,
}
