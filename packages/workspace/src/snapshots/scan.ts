/** Scans a folder with synchronous calls, which are the fastest in a worker thread. */
import { lstatSync, readdirSync, readlinkSync, type Stats } from "node:fs"
import { join } from "node:path"
import { toPath, toText } from "../byte-path.ts"

/** Folders that a build or an install recreates. */
const rebuildable = new Set([
  "node_modules",
  ".venv",
  "venv",
  "__pycache__",
  ".gradle",
  ".next",
  ".tox",
  ".mypy_cache",
  ".pytest_cache",
  ".aura-browser",
])
/** A file beside a folder with a common name that shows that a build recreates it. */
const builtBeside: Record<string, readonly string[]> = { target: ["Cargo.toml", "pom.xml", "build.sbt"] }
const largestFile = 256 * 1024 * 1024
const largestFolder = 4 * 1024 * 1024 * 1024

/** Numbers kept of each file: bytes, mode, modified, changed, inode, device. */
export const numbersOfFile = 6
/** Set-user-id and similar bits are neither stored nor restored. */
const permissions = 0o777

export type Scan = {
  /** Paths of files, joined with NUL: one string is faster to pass to another thread than many. */
  paths: string
  numbers: Float64Array<ArrayBuffer>
  links: { path: string; target: string }[]
  folders: { path: string; mode: number }[]
  leftOut: { path: string; why: string }[]
  /** Folders that can be recreated: scanned only if git tracks files in them. */
  doubtful: { path: string; mode: number }[]
  /** Bytes of all files, also of earlier scans of the same walk. */
  total: number
}

export type ScanOrder = {
  root: string
  /** True: `.git` is part of it, for commands can change it. */
  withGit: boolean
  /** Where it begins; "" for the whole folder. */
  folders: readonly string[]
  total: number
}

/** @throws what reading the first folder throws */
export function scan({ root, withGit, folders, total }: ScanOrder): Scan {
  const found: Scan = {
    paths: "",
    numbers: new Float64Array(0),
    links: [],
    folders: [],
    leftOut: [],
    doubtful: [],
    total,
  }
  const paths: string[] = []
  const numbers: number[] = []

  function enter(folder: string): void {
    const entries = read(folder)
    const names = new Set(entries)
    for (const name of entries) {
      const path = folder === "" ? name : `${folder}/${name}`
      if (path === ".git" && !withGit) continue
      const stat = lstatSync(toPath(join(root, path)), { throwIfNoEntry: false })
      // It was removed meanwhile.
      if (!stat) continue
      if (stat.isDirectory()) enterFolder(path, name, names, stat)
      else if (stat.isSymbolicLink()) addLink(path)
      else addFile(path, stat)
    }
  }

  function read(folder: string): string[] {
    try {
      return readdirSync(toPath(join(root, folder)), { encoding: "buffer" }).map(toText)
    } catch (cause) {
      if (folder === "") throw cause
      found.leftOut.push({ path: folder, why: "it cannot be read" })
      return []
    }
  }

  function enterFolder(path: string, name: string, beside: ReadonlySet<string>, stat: Stats): void {
    const mode = stat.mode & permissions
    if (rebuildable.has(name) || builtBeside[name]?.some((sign) => beside.has(sign)))
      found.doubtful.push({ path, mode })
    else {
      found.folders.push({ path, mode })
      enter(path)
    }
  }

  function addLink(path: string): void {
    try {
      found.links.push({ path, target: toText(readlinkSync(toPath(join(root, path)), "buffer")) })
    } catch {
      // It was removed meanwhile.
    }
  }

  function addFile(path: string, stat: Stats): void {
    if (!stat.isFile()) found.leftOut.push({ path, why: "it is no plain file" })
    else if (stat.size > largestFile) found.leftOut.push({ path, why: "it is larger than 256 MB" })
    else if (found.total + stat.size > largestFolder)
      found.leftOut.push({ path, why: "the folder holds more than 4 GB" })
    else {
      found.total += stat.size
      paths.push(path)
      numbers.push(stat.size, stat.mode & permissions, stat.mtimeMs, stat.ctimeMs, stat.ino, stat.dev)
    }
  }

  for (const folder of folders) enter(folder)
  return { ...found, paths: paths.join("\0"), numbers: new Float64Array(numbers) }
}
