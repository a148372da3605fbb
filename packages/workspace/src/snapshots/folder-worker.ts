/** The worker thread that scans folders and reads their small files for snapshots. */
import { createHash } from "node:crypto"
import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync, realpathSync } from "node:fs"
import { join } from "node:path"
import { parentPort } from "node:worker_threads"
import { toPath, toText } from "../byte-path.ts"
import type { FolderAnswer, FolderOrder, ReadFile } from "./folder-thread.ts"
import { scan } from "./scan.ts"

// Non-blocking: opening a pipe that replaced the file would block.
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** Reads a file of a folder after checking that no link led to it. @returns the file, or why it was not read */
function read(root: string, path: string, most: number): { bytes: Buffer } | { why: string } {
  const place = join(root, path)
  let fd: number
  try {
    fd = openSync(toPath(place), flags)
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : ""
    return {
      why: code === "ENOENT" ? "gone" : code === "ELOOP" ? "it changed meanwhile" : "it cannot be read",
    }
  }
  try {
    const found = fstatSync(fd)
    const isHere =
      process.platform !== "linux" || toText(readlinkSync(`/proc/self/fd/${fd}`, "buffer")) === place
    if (!found.isFile() || !isHere || found.size > most) return { why: "it changed meanwhile" }
    const bytes = Buffer.allocUnsafe(found.size)
    const length = found.size === 0 ? 0 : readSync(fd, bytes, 0, found.size, 0)
    return { bytes: bytes.subarray(0, length) }
  } catch {
    return { why: "it cannot be read" }
  } finally {
    closeSync(fd)
  }
}

function readAll(
  root: string,
  paths: readonly string[],
  most: number,
): { files: ReadFile[]; bytes: Uint8Array<ArrayBuffer> } {
  const place = realpathSync(root)
  const parts: Buffer[] = []
  const files = paths.map((path): ReadFile => {
    const found = read(place, path, most)
    if ("why" in found) return found
    parts.push(found.bytes)
    return { sha256: createHash("sha256").update(found.bytes).digest("hex"), length: found.bytes.length }
  })
  return { files, bytes: new Uint8Array(Buffer.concat(parts)) }
}

function answer(order: FolderOrder): FolderAnswer {
  try {
    return order.kind === "scan"
      ? { kind: "scanned", scan: scan(order) }
      : { kind: "read", ...readAll(order.root, order.paths, order.most) }
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause)
    return { kind: "failed", code }
  }
}

parentPort?.on("message", (order: FolderOrder) => {
  const result = answer(order)
  const moved =
    result.kind === "scanned"
      ? [result.scan.numbers.buffer]
      : result.kind === "read"
        ? [result.bytes.buffer]
        : []
  parentPort?.postMessage(result, moved)
})
