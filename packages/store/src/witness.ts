/** What was durable last, noted beside the database: the engine forgets a damaged tail without a word. */
import { closeSync, openSync, writeSync } from "node:fs"
import { toMessage } from "@aura/core"
import { z } from "zod"
import { readIfThere } from "./folder.ts"
import type { Head } from "./pages.ts"

export const HeadNote = z.object({ seq: z.number().int().nonnegative(), hash: z.string() })

type Witness = { note(head: Head): void; close(): void }

/** One width for every note, so that writing over the last one never needs room on a full disk. */
const width = 128

/**
 * The note is written a moment after the sync it speaks of and is not synced itself: after a crash it may be
 * old, which is harmless, but never ahead. The call blocks: one page in memory is quicker than a thread hop.
 */
export function openWitness(path: string): Witness {
  closeSync(openSync(path, "a", 0o600))
  const fd = openSync(path, "r+")
  let waiting: Head | undefined

  function write(): void {
    if (!waiting) return
    try {
      writeSync(fd, toNote(waiting), 0)
    } catch (error) {
      process.emitWarning(`Aura could not note in ${path} what it saved last: ${toMessage(error)}`)
    }
    waiting = undefined
  }

  return {
    note(head) {
      if (!waiting) setImmediate(write)
      waiting = head
    },
    close() {
      write()
      closeSync(fd)
    },
  }
}

/** The noted head, or `undefined` when there is no note or a torn one. */
export async function readWitness(path: string): Promise<Head | undefined> {
  return parseHead(await readIfThere(path))
}

/** A head as it is kept in text, checked. */
export function parseHead(text: string | undefined): Head | undefined {
  if (text === undefined) return undefined
  try {
    return HeadNote.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

export function toNote({ seq, hash }: Head): string {
  return `${JSON.stringify({ seq, hash }).padEnd(width - 1)}\n`
}
