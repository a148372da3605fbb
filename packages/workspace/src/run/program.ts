/** Runs a program of the machine's to its end, such as git. The keeper starts it: a fork of the server is dear. */

import { startAtKeeper } from "./keeper-process.ts"
import type { ProgramOrder } from "./orders.ts"

export type Program = Omit<ProgramOrder, "input"> & {
  input?: Uint8Array
  timeoutMs: number
  /** Of its output; it is ended when there is more. */
  maxBytes: number
  signal?: AbortSignal | undefined
}

export type ProgramResult = {
  /** null when it could not be started or was ended. */
  exitCode: number | null
  stdout: Buffer
  stderr: Buffer
  /** Why it was ended. */
  over?: "time" | "output" | "aborted"
  /** Why it could not be started, or that its keeper died. */
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
