/**
 * The keeper: a small process that starts commands and programs for the server. It is small because the cost of a fork grows
 * with the process, and separate so that it can detect the end of the server and then end every command.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { findGroupParent, readOwnGroup } from "./cgroup.ts"
import { closeInherited } from "./inherited.ts"
import { type Order, type ProgramOrder, type Report, readOrder } from "./orders.ts"
import { findLine } from "./output.ts"
import { runProcess } from "./process.ts"

const flushMs = 40
const maxUnsent = 64_000

// Before anything starts: a command could write to an inherited open file.
closeInherited()

const groupParent = findGroupParent("/sys/fs/cgroup", readOwnGroup())
const running = new Map<number, AbortController>()
const programs = new Map<number, ChildProcess>()
/** A program, such as git in the middle of a write, may finish after the server has ended. */
const programGraceMs = 10_000

function tell(report: Report): void {
  if (process.connected) process.send?.(report)
}

process.on("message", (message) => {
  const order = readOrder(message)
  if (order?.type === "stop") {
    running.get(order.id)?.abort(order.signal)
    programs.get(order.id)?.kill(order.signal)
  }
  if (order?.type === "run") void run(order)
  if (order?.type === "program") runProgram(order.id, order)
})

// The server has ended for whatever reason: no command may outlive it.
process.on("disconnect", () => {
  for (const abort of running.values()) abort.abort("SIGKILL")
  setTimeout(() => {
    for (const program of programs.values()) program.kill("SIGKILL")
  }, programGraceMs).unref()
  leaveWhenIdle()
})
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined)

async function run(order: Extract<Order, { type: "run" }>): Promise<void> {
  const abort = new AbortController()
  running.set(order.id, abort)
  let unsent = ""
  let left = 0
  const flush = () => {
    if (unsent !== "") tell({ type: "output", id: order.id, text: unsent, left })
    unsent = ""
    left = 0
  }
  const timer = setInterval(flush, flushMs)
  const result = await runProcess(
    { ...order, groupParent },
    {
      signal: abort.signal,
      onSize: (size) => tell({ type: "size", id: order.id, size }),
      // Live output is for viewers: of a flood, only the newest part is shown. The result has the head, tail and digest.
      onOutput(text) {
        unsent += text
        if (unsent.length <= maxUnsent) return
        // Never cut within a line: part of a secret cannot be recognised.
        const cut = findLine(unsent, unsent.length - maxUnsent) ?? unsent.length
        unsent = unsent.slice(cut)
        left += cut
      },
    },
  )
  clearInterval(timer)
  flush()
  running.delete(order.id)
  tell({ type: "ended", id: order.id, result })
  leaveWhenIdle()
}

function leaveWhenIdle(): void {
  if (!process.connected && running.size + programs.size === 0) process.exit(0)
}

function runProgram(id: number, { file, args, cwd, env, input }: ProgramOrder): void {
  const child = spawn(file, args, { cwd, env, stdio: "pipe" })
  programs.set(id, child)
  const end = (exitCode: number | null, error?: string) => {
    if (!programs.delete(id)) return
    tell({ type: "exited", id, exitCode, ...(error === undefined ? {} : { error }) })
    leaveWhenIdle()
  }
  child.stdout.on("data", (bytes: Buffer) => tell({ type: "printed", id, stream: "stdout", bytes }))
  child.stderr.on("data", (bytes: Buffer) => tell({ type: "printed", id, stream: "stderr", bytes }))
  child.on("error", (cause) => end(null, cause.message))
  child.on("close", (exitCode) => end(exitCode))
  child.stdin.on("error", () => undefined)
  child.stdin.end(input)
}
