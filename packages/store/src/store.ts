/** The seam of memory: rows, one write door, and the numbered events it leaves behind. */
import type { AuraEvent, EventType, Keys, ListColumn, Row, Rows, SearchTable, Table } from "@aura/core"

/** What one commit changes. `projectId` says whose event it is; leave it out for install-wide facts. */
export type Change = {
  projectId?: string
  rows: Rows
  removed?: Keys
  /** Another fact about the same rows: an event of its own just before, in the same batch. */
  before?: EventType
}

/** Rows whose text holds all of the words, whatever their case. */
export type TextQuery = { words: readonly string[]; projectId?: string | undefined; limit: number }

/** A change, or `undefined` when there is after all nothing to do (no event is made then). */
export type Decide = (read: Read) => Promise<Change | undefined> | Change | undefined

/** The rows behind the id `after`, at most `limit`; in `reverse` the newest first, and those before `after`. */
export type RowPage = {
  after?: string | undefined
  limit?: number | undefined
  reverse?: boolean | undefined
}

export type Read = {
  get<T extends Table>(table: T, id: string): Promise<Row<T> | undefined>
  /**
   * Rows in the order of their ids (ids sort by time), all of the table or those with one column's value.
   * @param page what it costs does not grow with the table; with several columns, those that fit only the first
   * one are read too
   */
  list<T extends Table>(
    table: T,
    where?: { [C in ListColumn<T>]?: string },
    page?: RowPage,
  ): Promise<Row<T>[]>
}

export interface Store extends Read {
  /**
   * The one write door. Checks the rows by their schema, writes rows and event in one synced batch, then
   * tells the subscribers. A function is run inside the store's single write queue, so that what it reads
   * cannot change before what it returns is written; it sees all earlier commits, and must not wait for
   * another commit, which would have to wait for it. Ids are 1 to 200 visible ASCII characters. Fields the
   * schema does not know are left out, but those that a newer Aura stored in the row stay, so look at the returned
   * event for what was stored.
   * @throws AuraError `bad_request` when a row does not fit its schema; `service_unavailable` when the disk
   * refuses (`details.reason`: `disk_full` passes once there is room, `disk_error` asks for a look at the
   * disk) or the store is damaged or closed. Nothing is written then, but for one case: when the disk fails
   * while confirming (`disk_error`), only the next start can tell whether the commit survived.
   */
  commit(type: EventType, change: Change): Promise<AuraEvent>
  commit(type: EventType, decide: Decide): Promise<AuraEvent | undefined>
  /** The newest rows that hold the words, newest first; made for hundreds of thousands of rows. */
  search(table: SearchTable, query: TextQuery): Promise<Row<SearchTable>[]>
  /**
   * Stored events with `seq` greater than `after`, oldest first, at most `limit` (1,000 by default), up to `head`.
   * @throws AuraError `conflict` (`details.reason`: `compacted`) when `after` is less than `sealed`
   */
  eventsAfter(after: number, options?: { projectId?: string; limit?: number }): Promise<AuraEvent[]>
  /**
   * Called for every event after it is safe on disk, in order and before its commit resolves. Returns the
   * function that ends it.
   */
  subscribe(listener: (event: AuraEvent) => void): () => void
  /** The `seq` of the last event that is safe on disk; 0 for an empty store. */
  readonly head: number
  /** Events up to this one are compacted: gone, but sealed into the chain; 0 when none are. */
  readonly sealed: number
  /** Compacts the events up to this number. Rows stay as they are. Safe to repeat after a crash. */
  compact(upTo: number): Promise<void>
  /** Refuses new commits, finishes those begun, then gives the folder free. */
  close(): Promise<void>
}
