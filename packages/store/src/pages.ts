/** The seam below the store: keys in order with text values, written in atomic batches. */
import { AuraError } from "@aura/core"

export function toClosed(): AuraError {
  return new AuraError("service_unavailable", "Aura's memory is closed, because Aura is stopping.")
}

/** What stands where a value is there but cannot be read. */
export class Unreadable {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

export type Value = string | undefined | Unreadable
export type Page = { key: string; value: Value }
/** Keys from `from` up to but without `to`; the last ones first when `reverse`. */
export type Range = { from: string; to: string; limit?: number; reverse?: boolean }
/** `undefined` removes the key. */
export type Write = { key: string; value: string | undefined }
/** The last event of a chain and the hash of its record. */
export type Head = { seq: number; hash: string }

export interface Reader {
  read(keys: string[]): Promise<Value[]>
  /** A stretch that cannot be read shows as one unreadable page, never as nothing. */
  scan(range: Range): Promise<Page[]>
  /** Reads what the keys of a range point at, all as of one moment. */
  follow(range: Range, target: (key: string) => string): Promise<Page[]>
}

export interface Pages extends Reader {
  /** All or nothing. Readers see it at once; a crash may still take it away until `sync` has resolved. */
  write(batch: Write[]): Promise<void>
  /** Resolves when everything written before the call survives a power cut. `head` is what then counts. */
  sync(head: Head): Promise<void>
  close(): Promise<void>
}
