/** The output of a command: head and tail in memory, a digest of everything, and a file with everything once it is too long. */
import { createHash } from "node:crypto"
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs"
import { dirname } from "node:path"
import { StringDecoder } from "node:string_decoder"
import type { KeptOutput } from "../workspace.ts"

const headMost = 12_000
const tailMost = 24_000
const fileMost = 50 * 1024 * 1024

export type Output = {
  /** @returns the chunk as text, for viewers */
  add(chunk: Buffer): string
  text(): string
  digest(): string
  /** Closes the file. @returns the file, if there is one */
  end(): KeptOutput | undefined
}

/** @param path of the file for output that does not fit into head and tail */
export function createOutput(path?: string): Output {
  const hash = createHash("sha256")
  const decoder = new StringDecoder("utf8")
  const file = path === undefined ? undefined : createOutputFile(path)
  let head = ""
  let tail = ""
  let left = 0
  let early: Buffer[] | undefined = []
  return {
    add(chunk) {
      hash.update(chunk)
      const text = decoder.write(chunk)
      const room = headMost - head.length
      head += text.slice(0, room)
      tail += text.slice(Math.max(0, room))
      early?.push(chunk)
      if (early && head.length + tail.length > headMost + tailMost) {
        for (const piece of early) file?.write(piece)
        early = undefined
      } else if (!early) file?.write(chunk)
      if (tail.length > tailMost * 2) {
        left += tail.length - tailMost
        tail = tail.slice(-tailMost)
      }
      return text
    },
    text() {
      const cut = Math.max(0, tail.length - tailMost)
      const gone = left + cut
      if (gone === 0) return head + tail
      return `${head}\n… ${gone} characters left out …\n${tail.slice(cut)}`
    },
    digest: () => hash.copy().digest("hex"),
    end: () => file?.end(),
  }
}

/** The start of the next line, or of the next overwrite of one, after an index. */
export function findLine(text: string, from: number): number | undefined {
  const found = text.slice(from).search(/[\r\n]/)
  return found < 0 ? undefined : from + found + 1
}

/**
 * Written as it arrives, so that it can be read while the command runs. Output past the limit, or while the disk is full,
 * is counted but not kept; the command continues.
 */
function createOutputFile(path: string): { write(chunk: Buffer): void; end(): KeptOutput | undefined } {
  let handle: number | undefined
  let bytes = 0
  let isWhole = true
  function put(chunk: Buffer): void {
    if (handle === undefined) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      handle = openSync(path, "w", 0o600)
    }
    const room = Math.max(0, fileMost - bytes)
    if (room < chunk.length) isWhole = false
    if (room > 0) writeSync(handle, chunk.subarray(0, room))
  }
  return {
    write(chunk) {
      try {
        if (isWhole) put(chunk)
      } catch {
        isWhole = false
      }
      bytes += chunk.length
    },
    end() {
      if (handle === undefined) return undefined
      closeSync(handle)
      handle = undefined
      return { path, bytes, isWhole }
    },
  }
}
