/** Walks a folder for a snapshot: every file, link and folder, but for what can be made anew or is too large. */
import type { BigIntStats } from "node:fs"
import { lstat, readdir, readlink } from "node:fs/promises"
import { join } from "node:path"
import { AuraError } from "@aura/core"
import type { Manifest } from "./manifest.ts"

/** Folders that a build or an install makes again. */
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
/** What shows that a folder of a common name is one a build makes again: it lies beside it. */
const builtBeside: Record<string, readonly string[]> = { target: ["Cargo.toml", "pom.xml", "build.sbt"] }
const largestFile = 256 * 1024 * 1024
const largestFolder = 4 * 1024 * 1024 * 1024

export type Found = { path: string; bytes: number; mode: number; stamp: string; changedMs: number }

export type Walk = Pick<Manifest, "links" | "folders" | "leftOut"> & { files: Found[] }

/**
 * @param withGit true: `.git` is part of it, for commands can change it
 * @param isTracked folders that are left out unless git knows files in them
 */
export async function walk(
  root: string,
  {
    withGit,
    isTracked,
  }: { withGit: boolean; isTracked: (paths: readonly string[]) => Promise<ReadonlySet<string>> },
): Promise<Walk> {
  const found: Walk = { files: [], links: [], folders: [], leftOut: [] }
  const doubtful: { path: string; mode: number }[] = []
  let total = 0

  async function enter(folder: string): Promise<void> {
    const names = await readdir(join(root, folder)).catch((cause: NodeJS.ErrnoException): string[] => {
      if (folder === "")
        throw new AuraError(
          "service_unavailable",
          `The folder ${root} cannot be read (${cause.code}). If it was moved or removed, bring it back or make it anew, empty.`,
        )
      found.leftOut.push({ path: folder, why: "it cannot be read" })
      return []
    })
    const rows = await Promise.all(
      names.map(async (name) => {
        const path = folder === "" ? name : `${folder}/${name}`
        return { name, path, stat: await lstat(join(root, path), { bigint: true }).catch(() => undefined) }
      }),
    )
    for (const { name, path, stat } of rows) {
      if (path === ".git" && !withGit) continue
      if (!stat) {
        if (name.includes("\ufffd")) found.leftOut.push({ path, why: "its name is not UTF-8" })
        continue
      }
      if (stat.isSymbolicLink()) {
        const target = await readlink(join(root, path)).catch(() => undefined)
        if (target !== undefined) found.links.push({ path, target })
      } else if (stat.isDirectory()) {
        const mode = Number(stat.mode & 0o7777n)
        if (rebuildable.has(name) || builtBeside[name]?.some((sign) => names.includes(sign)))
          doubtful.push({ path, mode })
        else {
          found.folders.push({ path, mode })
          await enter(path)
        }
      } else if (!stat.isFile()) found.leftOut.push({ path, why: "it is no plain file" })
      else if (stat.size > largestFile) found.leftOut.push({ path, why: "it is larger than 256 MB" })
      else if (total + Number(stat.size) > largestFolder)
        found.leftOut.push({ path, why: "the folder holds more than 4 GB" })
      else {
        total += Number(stat.size)
        found.files.push(toFound(path, stat))
      }
    }
  }

  await enter("")
  while (doubtful.length > 0) {
    const some = doubtful.splice(0)
    const tracked = await isTracked(some.map(({ path }) => path))
    for (const { path, mode } of some) {
      if (!tracked.has(path)) found.leftOut.push({ path, why: "it can be made anew" })
      else {
        found.folders.push({ path, mode })
        await enter(path)
      }
    }
  }
  return found
}

function toFound(path: string, stat: BigIntStats): Found {
  return {
    path,
    bytes: Number(stat.size),
    mode: Number(stat.mode & 0o7777n),
    stamp: `${stat.mtimeNs} ${stat.ctimeNs} ${stat.ino} ${stat.dev}`,
    changedMs: Number(stat.ctimeNs / 1_000_000n),
  }
}
