/** The protocol between the server and the keeper. Plain objects: the keeper stays small because it loads no library. */

import type { RunResult } from "../workspace.ts"
import type { ProcessOrder } from "./process.ts"
import type { TreeSize } from "./process-tree.ts"

/** A program of the machine that Aura itself uses, such as git. */
export type ProgramOrder = {
  file: string
  args: readonly string[]
  cwd?: string
  env: Record<string, string | undefined>
  input: Uint8Array
}

export type Order =
  | ({ type: "run"; id: number } & ProcessOrder)
  | ({ type: "program"; id: number } & ProgramOrder)
  | { type: "stop"; id: number; signal: "SIGTERM" | "SIGKILL" }

export type Report =
  | { type: "output"; id: number; text: string; left: number }
  | { type: "size"; id: number; size: TreeSize }
  | { type: "ended"; id: number; result: RunResult }
  | { type: "printed"; id: number; stream: "stdout" | "stderr"; bytes: Uint8Array }
  | { type: "exited"; id: number; exitCode: number | null; error?: string }

export function readOrder(message: unknown): Order | undefined {
  return isTyped(message) && orders.has(message.type) ? toOrder(message) : undefined
}

export function readReport(message: unknown): Report | undefined {
  return isTyped(message) && reports.has(message.type) ? toReport(message) : undefined
}

const orders = new Set(["run", "program", "stop"])
const reports = new Set(["output", "size", "ended", "printed", "exited"])

type Typed = { type: string }

function isTyped(message: unknown): message is Typed {
  return (
    typeof message === "object" && message !== null && "type" in message && typeof message.type === "string"
  )
}

// Both ends use this file in the same version, over a private channel.
function toOrder(message: Typed): Order
function toOrder(message: unknown): unknown {
  return message
}

function toReport(message: Typed): Report
function toReport(message: unknown): unknown {
  return message
}
