/** The part of the binding that Aura uses; it ships no types of its own. */
declare module "rocksdb-native" {
  export type Options = {
    readOnly?: boolean
    createIfMissing?: boolean
    /** Bytes of memtable, and so about the size of one log file, before it is turned into a table file. */
    writeBufferSize?: number
  }
  export type BatchOptions = { capacity?: number; autoDestroy?: boolean }
  export type Range = { gte: string; lt: string; limit?: number; reverse?: boolean; capacity?: number }

  export interface ReadBatch {
    /** Settles after the flush; `null` when there is no such key, rejected when it cannot be read. */
    get(key: string): Promise<Buffer | null>
    tryFlush(): void
  }
  export interface WriteBatch {
    tryPut(key: string, value: string): void
    tryDelete(key: string): void
    /** Written to the log file and visible, but not synced. All of the batch or nothing. */
    flush(): Promise<void>
  }

  export default class RocksDB {
    constructor(path: string, options?: Options)
    /** Opens. Never resolves where the folder cannot be made, so make it first. */
    ready(): Promise<void>
    close(): Promise<void>
    read(options?: BatchOptions): ReadBatch
    write(options?: BatchOptions): WriteBatch
    iterator(range: Range): AsyncIterable<{ key: Buffer; value: Buffer }>
    /** A session that keeps seeing this moment until it is closed. */
    snapshot(): RocksDB
    /** Holds all reads and writes back until `resume`. Gives up the lock on the folder meanwhile. */
    suspend(): Promise<void>
    resume(): Promise<void>
    /** `path` begins with a slash and is relative to the folder of the database. */
    currentWalFile(): Promise<{ path: string; number: number; size: number }>
  }
}
