/** The state of a folder at its last snapshot; comparing with it finds changed files without reading them. */
import type { Base, File, Manifest } from "./manifest.ts"
import { numbersOfFile, type Scan } from "./scan.ts"
import { type Found, splitPaths, toFound } from "./walk.ts"

export type FolderState = {
  manifest: Manifest
  /** The manifest that the next one can be based on. */
  base: Base | undefined
  /** The last scan; undefined after a restart. */
  scan: Scan | undefined
  /** The snapshot with exactly this content. */
  keptAs: string | undefined
}

/** A file that changed this shortly before a snapshot is read again by the next one: it may have changed once more within the clock's resolution. */
const racyMs = 2000
const changedAt = 3

/** True when all timestamps are unchanged and none is too recent to be reliable. */
export function isUnchanged(last: FolderState, now: Scan): boolean {
  const { scan, manifest } = last
  if (!scan || scan.paths !== now.paths || !isSameBytes(scan.numbers, now.numbers)) return false
  for (let i = changedAt; i < now.numbers.length; i += numbersOfFile)
    if ((now.numbers[i] ?? 0) >= manifest.begunAt - racyMs) return false
  const rest = ({ links, folders, leftOut }: Scan) => JSON.stringify([links, folders, leftOut])
  return rest(scan) === rest(now)
}

/** For each file, the known entry or the scan of a file that has to be read; in the order of the scan. */
export function compare(last: FolderState | undefined, now: Scan): { known?: File; found?: Found }[] {
  const files = new Map(last?.manifest.files.map((file) => [file.path, file]))
  const before = last?.scan && { scan: last.scan, places: toPlaces(last.scan) }
  const isSettled = (i: number) =>
    last !== undefined && (now.numbers[i * numbersOfFile + changedAt] ?? 0) < last.manifest.begunAt - racyMs
  return splitPaths(now.paths).map((path, i) => {
    const known = isSettled(i) ? files.get(path) : undefined
    const place = before?.places.get(path)
    if (known && before && place !== undefined && isSameFile(before.scan, place, now, i)) return { known }
    const found = toFound(path, now.numbers, i)
    return known?.stamp === found.stamp ? { known } : { found }
  })
}

function toPlaces(scan: Scan): Map<string, number> {
  return new Map(splitPaths(scan.paths).map((path, i) => [path, i]))
}

function isSameFile(one: Scan, i: number, other: Scan, j: number): boolean {
  for (let k = 0; k < numbersOfFile; k++)
    if (one.numbers[i * numbersOfFile + k] !== other.numbers[j * numbersOfFile + k]) return false
  return true
}

function isSameBytes(one: Float64Array<ArrayBuffer>, other: Float64Array<ArrayBuffer>): boolean {
  return Buffer.from(one.buffer).equals(Buffer.from(other.buffer))
}
