/** Controls the worker thread that scans folders: one order at a time. */
import { Worker } from "node:worker_threads"
import { AuraError } from "@aura/core"
import type { Scan, ScanOrder } from "./scan.ts"

/** The content, or why it was not read. */
export type ReadFile = { sha256: string; length: number } | { why: string }
export type FolderOrder =
  | ({ kind: "scan" } & ScanOrder)
  | { kind: "read"; root: string; paths: readonly string[]; most: number }
export type FolderAnswer =
  | { kind: "scanned"; scan: Scan }
  | { kind: "read"; files: ReadFile[]; bytes: Uint8Array<ArrayBuffer> }
  | { kind: "failed"; code: string }

let worker: Worker | undefined
let waiting: { resolve(answer: FolderAnswer): void; reject(cause: unknown): void } | undefined
let turn: Promise<unknown> = Promise.resolve()

/** @throws AuraError `service_unavailable` when the folder cannot be read */
export async function scanFolder(order: ScanOrder): Promise<Scan> {
  const answer = await ask({ kind: "scan", ...order })
  if (answer.kind === "scanned") return answer.scan
  throw unreadable(order.root, answer)
}

/** The files in the order of the paths, and the concatenated bytes of those that were read. */
export async function readFiles(
  root: string,
  paths: readonly string[],
  most: number,
): Promise<{ files: ReadFile[]; bytes: Uint8Array }> {
  const answer = await ask({ kind: "read", root, paths, most })
  if (answer.kind === "read") return answer
  throw unreadable(root, answer)
}

async function ask(order: FolderOrder): Promise<FolderAnswer> {
  const next = turn.then(() => askNow(order))
  turn = next.catch(() => undefined)
  return await next
}

async function askNow(order: FolderOrder): Promise<FolderAnswer> {
  worker ??= start()
  const thread = worker
  thread.ref()
  try {
    return await new Promise<FolderAnswer>((resolve, reject) => {
      waiting = { resolve, reject }
      thread.postMessage(order)
    })
  } finally {
    thread.unref()
  }
}

function start(): Worker {
  const started = new Worker(new URL("./folder-worker.ts", import.meta.url), { name: "folders" })
  started.on("message", (answer: FolderAnswer) => waiting?.resolve(answer))
  started.on("error", (cause) => {
    worker = undefined
    waiting?.reject(cause)
  })
  return started
}

function unreadable(root: string, answer: FolderAnswer): AuraError {
  const code = answer.kind === "failed" ? answer.code : answer.kind
  return new AuraError(
    "service_unavailable",
    `The folder ${root} cannot be read (${code}). If it was moved or removed, bring it back or make it anew, empty.`,
  )
}
