/** Runs a program of the machine, such as git, until it exits. The keeper starts it, because forking the server is expensive. */

import { startAtKeeper } from "./keeper-process.ts"
import type { ProgramOrder } from "./orders.ts"

export type Program = Omit<ProgramOrder, "input"> & {
  input?: Uint8Array
  timeoutMs: number
  /** The maximum size of its output; beyond it the program is killed. */
  maxBytes: number
  signal?: AbortSignal | undefined
}

export type ProgramResult = {
  /** null when it could not start or was killed. */
  exitCode: number | null
  stdout: Buffer
  stderr: Buffer
  /** Why it was killed. */
  over?: "time" | "output" | "aborted"
  /** Why it could not start, or that the keeper died. */
  error?: string
}

export async function runProgram(program: Program): Promise<ProgramResult> {
  const { file, args, cwd, env, input = new Uint8Array(), timeoutMs, maxBytes, signal } = program
  const printed: Record<"stdout" | "stderr", Uint8Array[]> = { stdout: [], stderr: [] }
  let bytes = 0
  let over: ProgramResult["over"]
  return await new Promise((resolve) => {
    const end = (exitCode: number | null, error?: string) => {
      clearTimeout(timer)
      signal?.removeEventListener("abort", onAbort)
      resolve({
        exitCode: over ? null : exitCode,
        stdout: Buffer.concat(printed.stdout),
        stderr: Buffer.concat(printed.stderr),
        ...(over ? { over } : {}),
        ...(error === undefined ? {} : { error }),
      })
    }
    const order = { type: "program", file, args, env, input, ...(cwd === undefined ? {} : { cwd }) } as const
    const started = startAtKeeper(order, {
      onReport(report) {
        if (report.type === "exited") end(report.exitCode, report.error)
        if (report.type !== "printed") return
        bytes += report.bytes.length
        if (bytes > maxBytes) endFor("output")
        else printed[report.stream].push(report.bytes)
      },
      onLost: (why) => end(null, why),
    })
    const endFor = (limit: NonNullable<ProgramResult["over"]>) => {
      over ??= limit
      started.stop("SIGKILL")
    }
    const onAbort = () => endFor("aborted")
    const timer = setTimeout(() => endFor("time"), timeoutMs)
    signal?.addEventListener("abort", onAbort, { once: true })
    if (signal?.aborted) onAbort()
  })
}
