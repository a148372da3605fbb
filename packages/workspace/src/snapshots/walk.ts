/** Walks a folder for a snapshot: every file, link and folder, except those that can be recreated or are too large. */
import { scanFolder } from "./folder-thread.ts"
import type { Manifest } from "./manifest.ts"
import { numbersOfFile, type Scan } from "./scan.ts"

export type Found = { path: string; bytes: number; mode: number; stamp: string; changedMs: number }

export type Walk = Pick<Manifest, "links" | "folders" | "leftOut"> & { files: Found[] }

export type WalkOptions = {
  /** True: includes `.git`, because commands can change it. */
  withGit: boolean
  /** Folders that are excluded unless git tracks files in them. */
  isTracked: (paths: readonly string[]) => Promise<ReadonlySet<string>>
}

/** @throws AuraError `service_unavailable` when the folder cannot be read */
export async function walk(root: string, options: WalkOptions): Promise<Walk> {
  const { paths, numbers, links, folders, leftOut } = await scanAll(root, options)
  return { files: splitPaths(paths).map((path, i) => toFound(path, numbers, i)), links, folders, leftOut }
}

/** Scans a whole folder, including recreatable parts that git tracks. */
export async function scanAll(root: string, { withGit, isTracked }: WalkOptions): Promise<Scan> {
  let all = await scanFolder({ root, withGit, folders: [""], total: 0 })
  while (all.doubtful.length > 0) {
    const { doubtful } = all
    const tracked = await isTracked(doubtful.map(({ path }) => path))
    const entered = doubtful.filter(({ path }) => tracked.has(path))
    const left = doubtful.filter(({ path }) => !tracked.has(path))
    all = {
      ...all,
      doubtful: [],
      folders: [...all.folders, ...entered],
      leftOut: [...all.leftOut, ...left.map(({ path }) => ({ path, why: "it can be made anew" }))],
    }
    if (entered.length === 0) break
    const folders = entered.map(({ path }) => path)
    all = join(all, await scanFolder({ root, withGit, folders, total: all.total }))
  }
  return all
}

function join(one: Scan, other: Scan): Scan {
  const numbers = new Float64Array(one.numbers.length + other.numbers.length)
  numbers.set(one.numbers)
  numbers.set(other.numbers, one.numbers.length)
  return {
    paths: [one.paths, other.paths].filter(Boolean).join("\0"),
    numbers,
    links: [...one.links, ...other.links],
    folders: [...one.folders, ...other.folders],
    leftOut: [...one.leftOut, ...other.leftOut],
    doubtful: other.doubtful,
    total: other.total,
  }
}

export function splitPaths(paths: string): string[] {
  return paths === "" ? [] : paths.split("\0")
}

export function toFound(path: string, numbers: Float64Array, i: number): Found {
  const [bytes = 0, mode = 0, modified = 0, changed = 0, inode = 0, device = 0] = numbers.subarray(
    i * numbersOfFile,
    (i + 1) * numbersOfFile,
  )
  return { path, bytes, mode, stamp: `${modified} ${changed} ${inode} ${device}`, changedMs: changed }
}
