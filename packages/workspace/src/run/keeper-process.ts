/** The server's connection to the keeper: one per process, started with the first order, and restarted if it dies. */
import { type ChildProcess, fork } from "node:child_process"
import { getCompileCacheDir } from "node:module"
import { fileURLToPath } from "node:url"
import { type Order, type ProgramOrder, type Report, readReport } from "./orders.ts"
import { cleanEnv, type ProcessOrder } from "./process.ts"

export type Start = ({ type: "run" } & ProcessOrder) | ({ type: "program" } & ProgramOrder)

export type Listener = {
  onReport(report: Report): void
  /** The keeper died or could not be started, so everything it ran has ended. */
  onLost(why: string): void
}

export type Started = { stop(signal: "SIGTERM" | "SIGKILL"): void }

const keeperFile = fileURLToPath(new URL("./keeper.ts", import.meta.url))
const flags = ["--max-semi-space-size=1", "--max-old-space-size=64", "--disable-warning=ExperimentalWarning"]

let keeper: ChildProcess | undefined
let lastId = 0
/** Running orders, and the keeper that runs each. */
const listeners = new Map<number, { child: ChildProcess; listener: Listener }>()

export function startAtKeeper(start: Start, listener: Listener): Started {
  const child = openKeeper()
  const id = ++lastId
  listeners.set(id, { child, listener })
  // The server stays alive while something is running.
  child.channel?.ref()
  const send = (order: Order) => {
    if (child.connected) child.send(order, () => undefined)
  }
  if (child.connected) send({ ...start, id })
  else setImmediate(() => loseAll(child, "The keeper of commands could not be started."))
  return { stop: (signal) => send({ type: "stop", id, signal }) }
}

function openKeeper(): ChildProcess {
  if (keeper?.connected) return keeper
  const cache = getCompileCacheDir()
  const child = fork(keeperFile, [], {
    execArgv: flags,
    env: { ...cleanEnv(), ...(cache ? { NODE_COMPILE_CACHE: cache } : {}) },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    serialization: "advanced",
  })
  child.on("message", (message) => {
    const report = readReport(message)
    const found = report && listeners.get(report.id)
    if (!found) return
    if (report.type === "ended" || report.type === "exited") forget(report.id, child)
    found.listener.onReport(report)
  })
  child.on("error", (cause) => loseAll(child, cause.message))
  child.on("exit", () => loseAll(child, "The process that keeps commands was ended."))
  // An idle keeper must not keep the server alive.
  child.unref()
  child.channel?.unref()
  keeper = child
  return child
}

function forget(id: number, child: ChildProcess): void {
  listeners.delete(id)
  if (![...listeners.values()].some((one) => one.child === child)) child.channel?.unref()
}

function loseAll(child: ChildProcess, why: string): void {
  for (const [id, one] of listeners)
    if (one.child === child) {
      listeners.delete(id)
      one.listener.onLost(why)
    }
}
