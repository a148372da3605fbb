/** The seam of memory: rows, one write door, and the numbered events it leaves behind. */
import type { AuraEvent, EventType, Keys, ListColumn, Row, Rows, Table } from "@aura/core"

/** What one commit changes. `projectId` says whose event it is; leave it out for install-wide facts. */
export type Change = { projectId?: string; rows: Rows; removed?: Keys }

/** A change, or `undefined` when there is after all nothing to do (no event is made then). */
export type Decide = (read: Read) => Promise<Change | undefined> | Change | undefined

export type Read = {
  get<T extends Table>(table: T, id: string): Promise<Row<T> | undefined>
  /** Rows in the order of their ids (ids sort by time), all of the table or those with one column's value. */
  list<T extends Table>(table: T, where?: { [C in ListColumn<T>]?: string }): Promise<Row<T>[]>
}

export interface Store extends Read {
  /**
   * The one write door. Checks the rows by their schema, writes rows and event in one synced batch, then
   * tells the subscribers. A function is run inside the store's single write queue, so that what it reads
   * cannot change before what it returns is written.
   * @throws AuraError `bad_request` when a row does not fit its schema; `service_unavailable` when the disk
   * refuses or the store was opened read-only. Nothing is written then.
   */
  commit(type: EventType, change: Change): Promise<AuraEvent>
  commit(type: EventType, decide: Decide): Promise<AuraEvent | undefined>
  /** Stored events with `seq` greater than `after`, oldest first, at most `limit` (1,000 unless told). */
  eventsAfter(after: number, options?: { projectId?: string; limit?: number }): Promise<AuraEvent[]>
  /** Called for every event after it is safe on disk, in order. Returns the function that ends it. */
  subscribe(listener: (event: AuraEvent) => void): () => void
  /** The `seq` of the last stored event; 0 for an empty store. */
  readonly head: number
  close(): Promise<void>
}
