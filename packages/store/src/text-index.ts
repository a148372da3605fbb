/**
 * Search by words: rows in the order of their ids form blocks, each with a signature of its text. A search reads only
 * blocks that can hold all words. A missing signature costs time, never a hit, so an older Aura may write without it.
 */
import { type Row, type SearchTable, searchable } from "@aura/core"
import type { Draft } from "./draft.ts"
import { idOf, rowKey, rowRange, staleKey, staleRange, textKey, textRange } from "./keys.ts"
import { type Page, type Pages, type Range, type Reader, Unreadable } from "./pages.ts"
import { parseRow } from "./rows.ts"
import { bitsOf, createSignature, fold, hasBits, parseSignature } from "./signature.ts"
import type { TextQuery } from "./store.ts"
import type { Versions } from "./versions.ts"

export type TextIndex = {
  /** Marks the blocks of rows that change, in the batch that changes them; their signature counts no more. */
  note(ids: readonly string[], draft: Draft): Promise<void>
  /** Signs one block on the draft; only in the write queue. */
  step(draft: Draft): Promise<void>
  /** The draft was not written. */
  forget(): void
  /** True when `step` has something to do. */
  isDue(): boolean
  search(query: TextQuery): Promise<Row<SearchTable>[]>
}

/** `end` is its last row; without a signature it is read. */
type Block = { end: string; signature: Uint8Array | undefined }

const blockSize = 64
/** So many rows are read at once. */
const chunk = 256
/** So many blocks are kept in memory, at 2 kB each. */
const maxKnown = 4096

export function createTextIndex(pages: Pages, table: SearchTable, versions: Versions): TextIndex {
  const rows = rowRange(table)
  const blocks = textRange(table)
  /** The last row of the last block; rows behind it are in none. */
  let last: string | undefined
  let unsigned = 0
  let hasStale = true
  /** What a search has read, kept until a block changes. */
  let known: readonly Block[] | undefined
  let changes = 0
  /** Something of it cannot be read: it is left alone then, and searches read around it. */
  let isBroken = false

  async function load(): Promise<string> {
    if (last !== undefined) return last
    const [newest] = await scan(pages, { ...blocks, reverse: true, limit: 1 })
    const found = newest ? idOf(newest.key) : ""
    unsigned = (await scan(pages, behind(found, blockSize))).length
    last ??= found
    return last
  }

  /** Nothing, where a part of the range cannot be read. */
  async function scan(reader: Reader, range: Range): Promise<Page[]> {
    const found = await reader.scan(range)
    isBroken ||= found.some(({ value }) => value instanceof Unreadable)
    return isBroken ? [] : found
  }

  function behind(id: string, limit: number): Range {
    return { from: id === "" ? rows.from : `${rowKey(table, id)} `, to: rows.to, limit }
  }

  async function note(ids: readonly string[], draft: Draft): Promise<void> {
    const end = await load()
    unsigned += ids.filter((id) => id > end).length
    let marked = ""
    for (const id of ids.filter((one) => one <= end).sort()) {
      if (id > marked) marked = await markStale(id, draft)
    }
  }

  /** @returns the last row of the block */
  async function markStale(id: string, draft: Draft): Promise<string> {
    const [block] = await scan(draft, { from: textKey(table, id), to: blocks.to, limit: 1 })
    if (!block) return id
    const end = idOf(block.key)
    if (block.value !== "") {
      draft.put(block.key, "")
      draft.put(staleKey(table, end), "")
      forgetBlocks()
      hasStale = true
    }
    return end
  }

  async function step(draft: Draft): Promise<void> {
    const end = await load()
    if (hasStale) return await signStale(draft)
    const found = await scan(draft, behind(end, blockSize))
    if (found.length < blockSize) {
      unsigned = found.length
      return
    }
    const id = idOf(found.at(-1)?.key ?? "")
    const text = sign(found)
    draft.put(textKey(table, id), text)
    changes++
    known &&= [{ end: id, signature: parseSignature(text) }, ...known]
    last = id
    unsigned -= blockSize
  }

  /** Signs one block anew; one that has no rows left goes. */
  async function signStale(draft: Draft): Promise<void> {
    const [mark] = await scan(draft, { ...staleRange(table), limit: 1 })
    hasStale = mark !== undefined
    if (!mark) return
    const id = idOf(mark.key)
    const [before] = await scan(draft, { from: blocks.from, to: textKey(table, id), reverse: true, limit: 1 })
    const start = before ? idOf(before.key) : ""
    const found = await scan(draft, within(start, id))
    if (isBroken) return
    const value = found.length === 0 ? undefined : sign(found)
    forgetBlocks()
    draft.put(textKey(table, id), value)
    draft.put(mark.key, undefined)
    if (value === undefined && id === last) last = start
  }

  function forget(): void {
    forgetBlocks()
    last = undefined
    hasStale = true
  }

  function forgetBlocks(): void {
    changes++
    known = undefined
  }

  function sign(found: readonly Page[]): string {
    const signature = createSignature()
    for (const page of found) {
      const row = read(page)
      // A row that cannot be read here may be readable to a newer Aura: its block is then looked through.
      if (!row) return ""
      signature.addText(searchable[table](row))
      signature.addKey(row.projectId)
    }
    return signature.toText()
  }

  /** The rows behind `start` up to and with `end`; none = all that follow. */
  function within(start: string, end: string | undefined): Range {
    const from = start === "" ? rows.from : `${rowKey(table, start)} `
    return { from, to: end === undefined ? rows.to : `${rowKey(table, end)} ` }
  }

  function read({ value }: Page): Row<SearchTable> | undefined {
    try {
      return typeof value === "string" ? parseRow(table, value, versions) : undefined
    } catch {
      return undefined
    }
  }

  function isDue(): boolean {
    return !isBroken && (hasStale || unsigned >= blockSize)
  }

  async function search({ words, projectId, limit }: TextQuery): Promise<Row<SearchTable>[]> {
    const bits = bitsOf(words, projectId)
    const folded = words.map(fold)
    // The text of a row stands in its JSON as it is, but for what JSON escapes.
    const plain = folded.filter((word) => /^[^"\\\p{C}]+$/u.test(word))
    const found: Row<SearchTable>[] = []

    function take(page: Page): void {
      if (typeof page.value !== "string" || found.length >= limit) return
      const json = fold(page.value)
      if (!plain.every((word) => json.includes(word))) return
      const row = read(page)
      if (!row || (projectId !== undefined && row.projectId !== projectId)) return
      const text = fold(searchable[table](row))
      if (folded.every((word) => text.includes(word))) found.push(row)
    }

    async function readBlock(start: string, end: string | undefined): Promise<void> {
      let range = within(start, end)
      while (found.length < limit) {
        const part = await pages.scan({ ...range, reverse: true, limit: chunk })
        for (const page of part) take(page)
        const first = part.at(-1)
        if (part.length < chunk || !first) return
        range = { ...range, to: first.key }
      }
    }

    let end: string | undefined
    let signature: Uint8Array | undefined
    for (const block of [...(await listBlocks()), undefined]) {
      if (!signature || hasBits(signature, bits)) await readBlock(block?.end ?? "", end)
      if (found.length >= limit) break
      end = block?.end
      signature = block?.signature
    }
    return found
  }

  /** The newest first. */
  async function listBlocks(): Promise<readonly Block[]> {
    if (known) return known
    const before = changes
    const found: Block[] = []
    for (const { key, value } of await pages.scan({ ...blocks, reverse: true })) {
      const later = found.at(-1)
      // Where a signature cannot be read, the next later block reaches over its rows too.
      if (value instanceof Unreadable && later) later.signature = undefined
      if (typeof value === "string") found.push({ end: idOf(key), signature: parseSignature(value) })
    }
    if (changes === before && found.length <= maxKnown) known = found
    return found
  }

  return { note, step, forget, isDue, search }
}
