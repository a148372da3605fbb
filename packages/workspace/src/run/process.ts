/** Runs one process: own process group, clean environment, closed stdin, limits, and nothing left running at the end. */
import { spawn } from "node:child_process"
import { closeSync, openSync } from "node:fs"
import type { RunResult } from "../workspace.ts"
import { makeGroup } from "./cgroup.ts"
import { createOutput } from "./output.ts"
import { measureTree, type TreeSize } from "./process-tree.ts"

const passedOn = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SHELL"] as const
let lastGroup = 0
const graceMs = 2000
const measureMs = 500

export type Limits = {
  timeoutMs: number
  /** The total of all its processes. */
  memoryBytes: number
  processes: number
}

export type ProcessOrder = {
  file: string
  args: readonly string[]
  cwd: string
  env: Record<string, string>
  limits: Limits
  /** The control group in which a group with these limits is created; see `findGroupParent`. */
  groupParent?: string | undefined
  /** A file that is passed open, as descriptor 3. */
  give?: string
  /** The file for output that is too long. */
  keepIn?: string
}

type Watch = {
  signal: AbortSignal
  onOutput?: ((text: string) => void) | undefined
  /** Called regularly with what it uses. */
  onSize?(size: TreeSize): void
}

/** The environment variables for child processes: an allow-list, so that it never contains a key. */
export function cleanEnv(): Record<string, string> {
  const env: Record<string, string> = { TERM: "dumb", CI: "1", NO_COLOR: "1", GIT_TERMINAL_PROMPT: "0" }
  for (const name of passedOn) {
    const value = process.env[name]
    if (value) env[name] = value
  }
  return env
}

export async function runProcess(
  order: ProcessOrder,
  { signal, onOutput, onSize }: Watch,
): Promise<RunResult> {
  const startedAt = performance.now()
  const output = createOutput(order.keepIn)
  const group = makeGroup(order.groupParent, `aura-${process.pid}-${++lastGroup}`, order.limits)
  const [file = order.file, ...args] = [...(group?.entry ?? []), order.file, ...order.args]
  const given = order.give === undefined ? [] : [openSync(order.give, "r")]
  const child = spawn(file, args, {
    cwd: order.cwd,
    env: order.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe", ...given],
  })
  for (const descriptor of given) closeSync(descriptor)
  let over: RunResult["over"]
  const kill = (name: NodeJS.Signals) => killGroup(child.pid, name)
  const endFor = (limit: NonNullable<RunResult["over"]>) => {
    over ??= limit
    kill("SIGKILL")
  }
  const timer = setTimeout(() => endFor("time"), Math.min(order.limits.timeoutMs, 2 ** 31 - 1))
  const meter = setInterval(() => {
    if (child.pid === undefined) return
    const size = measureTree(child.pid)
    onSize?.(size)
    const limit = findOver(size, order.limits)
    if (limit) endFor(limit)
  }, measureMs)
  let hard: NodeJS.Timeout | undefined
  const onAbort = () => {
    kill(signal.reason === "SIGKILL" ? "SIGKILL" : "SIGTERM")
    hard = setTimeout(() => kill("SIGKILL"), graceMs)
  }
  signal.addEventListener("abort", onAbort, { once: true })
  if (signal.aborted) onAbort()
  const take = (chunk: Buffer) => {
    const text = output.add(chunk)
    onOutput?.(text)
  }
  child.stdout?.on("data", take)
  child.stderr?.on("data", take)
  const exitCode = await new Promise<number | null>((resolve) => {
    child.on("error", (cause) => {
      take(Buffer.from(`The command could not be started: ${cause.message}\n`))
      resolve(null)
    })
    child.on("exit", (code) => {
      // Ends its background processes too, which closes the pipes.
      kill("SIGKILL")
      child.once("close", () => resolve(code))
      setTimeout(() => resolve(code), graceMs).unref()
    })
  })
  clearTimeout(timer)
  clearTimeout(hard)
  clearInterval(meter)
  signal.removeEventListener("abort", onAbort)
  if (group?.isOutOfMemory()) over ??= "memory"
  group?.end()
  child.stdout?.destroy()
  child.stderr?.destroy()
  const kept = output.end()
  return {
    exitCode: over ? null : exitCode,
    ...(over ? { over } : {}),
    aborted: signal.aborted,
    output: output.text(),
    outputDigest: output.digest(),
    durationMs: Math.round(performance.now() - startedAt),
    ...(kept ? { kept } : {}),
  }
}

function findOver({ bytes, count }: TreeSize, limits: Limits): "memory" | "processes" | undefined {
  if (bytes > limits.memoryBytes) return "memory"
  return count > limits.processes ? "processes" : undefined
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (cause) {
    // ESRCH: the group is already empty.
    if (!(cause instanceof Error && "code" in cause && cause.code === "ESRCH")) throw cause
  }
}
