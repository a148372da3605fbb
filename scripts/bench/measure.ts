/** What every figure is made of: processes started, watched and ended; medians of several runs. */
import { type ChildProcess, fork } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("../..", import.meta.url))

/** As `aura` is started: see scripts/bootstrap.mjs. */
export const nodeFlags = ["--max-semi-space-size=2"]

export type Figure = { name: string; value: number; unit: string; goal?: string; beside?: string }

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Starts a script that sends its first message when it is ready. */
export async function start(
  file: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<{ child: ChildProcess; message: unknown }> {
  const child = fork(file, args, {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: file.endsWith("host.ts") ? nodeFlags : [],
    env: { ...process.env, ...env },
  })
  const message = await new Promise((resolve, reject) => {
    child.once("message", resolve)
    child.once("exit", (code) => reject(new Error(`${file} ended with ${code}`)))
  })
  return { child, message }
}

export async function end(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve))
  child.kill("SIGTERM")
  await gone
}

/** CPU time of a process so far, children it has waited for left out, in milliseconds. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** Resident memory of a process in MB: now, or the most it ever had. */
export function memoryMb(pid: number, which: "VmRSS" | "VmHWM" = "VmRSS"): number {
  const line = readFileSync(`/proc/${pid}/status`, "utf8")
    .split("\n")
    .find((text) => text.startsWith(which))
  return Math.round(Number(line?.replace(/\D+/g, "")) / 1024)
}

export function round(value: number, digits = 2): number {
  return Math.round(value * 10 ** digits) / 10 ** digits
}
