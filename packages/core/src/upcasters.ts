/** How rows of older versions become the rows of today. */
import type { Table } from "./table-names.ts"

export type RawRow = { [field: string]: unknown }
/** One step, from a version of a row to the next. */
export type Upcaster = (row: RawRow) => RawRow
/** By table; the first step leads from version 1 to version 2. `events` are the envelopes of events. */
export type Upcasters = { readonly [T in Table | "events"]?: readonly Upcaster[] }

/**
 * A change that an older Aura can read (a new optional field, table or event type) needs no entry here. Any other
 * change of a schema does: add a step, never change or remove one. An older Aura then refuses the data.
 */
export const upcasters: Upcasters = {}
