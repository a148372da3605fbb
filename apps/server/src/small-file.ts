/** Reads a small untrusted file: does not block on a pipe or device, and limits the size. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs"

const maxBytes = 1024 * 1024

/** @returns `undefined` when there is no such file; @throws when it is not a plain file, is too large or cannot be read */
export function readSmallFile(path: string): string | undefined {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR"))
      return undefined
    throw cause
  }
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) throw new Error("it is not a file")
    if (stat.size > maxBytes) throw new Error("it is larger than 1 MB")
    return readFileSync(file, "utf8")
  } finally {
    closeSync(file)
  }
}
