/** Where each thing is kept: one ordered key space, told apart by its first word. */
import type { Table } from "@aura/core"
import type { Range } from "./pages.ts"

/*
 * One column family with prefixes, not one per table: a flush then moves rows, indexes and events together,
 * so that no crash leaves them at different ages, and a new table needs no change to the database.
 * Ids hold no space, so a space ends each part and one id is never mistaken for the beginning of another.
 */
const separator = " "
const afterSeparator = "!"

export const headKey = "meta head"
export const schemaKey = "meta schema"
export const indexesKey = "meta indexes"
export const sealKey = "meta seal"

const idShape = /^[!-~]{1,200}$/

/** Ids are 1 to 200 visible ASCII characters: the order of bytes is then the order of strings. */
export function isId(value: unknown): value is string {
  return typeof value === "string" && idShape.test(value)
}

export function rowKey(table: Table, id: string): string {
  return join("row", table, id)
}

export function rowRange(table: Table): Range {
  return allUnder("row", table)
}

export function indexKey(table: Table, column: string, value: string, id: string): string {
  return join("by", table, column, value, id)
}

export function indexRange(table: Table, column: string, value: string): Range {
  return allUnder("by", table, column, value)
}

/** All keys of a column. */
export function indexStem(table: Table, column: string): Range {
  return allUnder("by", table, column)
}

/** The id at the end of a row or index key. */
export function idOf(key: string): string {
  return key.slice(key.lastIndexOf(separator) + 1)
}

/** The signature of a block of rows, under the id of its last row. */
export function textKey(table: Table, id: string): string {
  return join("text", table, id)
}

export function textRange(table: Table): Range {
  return allUnder("text", table)
}

/** Marks a block whose signature has to be made anew. */
export function staleKey(table: Table, id: string): string {
  return join("text-stale", table, id)
}

export function staleRange(table: Table): Range {
  return allUnder("text-stale", table)
}

/** Fixed width, most significant digit first, so that keys sort as numbers. */
export function eventKey(seq: number): string {
  return join("event", toDigits(seq))
}

export function eventRange(after: number, upTo: number): Range {
  return { from: eventKey(after + 1), to: eventKey(upTo + 1) }
}

export function projectEventKey(projectId: string, seq: number): string {
  return join("event-of", projectId, toDigits(seq))
}

export function projectEventRange(projectId: string, after: number, upTo: number): Range {
  return { from: projectEventKey(projectId, after + 1), to: projectEventKey(projectId, upTo + 1) }
}

/** The number at the end of an event key. */
export function seqOf(key: string): number {
  return Number(idOf(key))
}

function toDigits(seq: number): string {
  return String(seq).padStart(16, "0")
}

function join(...parts: string[]): string {
  return parts.join(separator)
}

function allUnder(...parts: string[]): Range {
  const stem = join(...parts)
  return { from: `${stem}${separator}`, to: `${stem}${afterSeparator}` }
}
