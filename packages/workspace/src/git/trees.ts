/** The trees of a repository: reads them, compares two, and restores files from one. */
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { toPath } from "../byte-path.ts"
import { resolveInside, toRelative } from "../folder/inside.ts"
import { giveToOwner } from "../folder/owner.ts"
import type { Git } from "./git.ts"
import { compareTrees, type RawChange, readAdded, readSides, splitDiff, toIndexLines } from "./raw-diff.ts"
import type { Repository } from "./repository.ts"

/** A text file that differs between two trees, whole; `null` in the tree where it is not. */
/** `isExecutable`: after the change; a link counts as such. */
export type ChangedText = {
  path: string
  before: string | null
  after: string | null
  isExecutable: boolean
}

/** The trees of a task are compared many times, always with the same result. */
const maxCompared = 32
/** Longer texts are skipped. */
const maxLines = 100_000
/** The maximum number of paths for one git command. */
const maxPaths = 200

export type Trees = Pick<
  Git,
  "prefix" | "filtered" | "changes" | "added" | "texts" | "read" | "list" | "withPaths" | "restore"
> & {
  compare(from: string, to: string): Promise<RawChange[]>
  /** The tree with changes applied. */
  withChanges(tree: string, changes: readonly RawChange[]): Promise<string>
}

export function createTrees(repository: Repository): Trees {
  const { files } = repository
  const prefix = toPrefix(repository)
  const compared = new Map<string, Promise<RawChange[]>>()

  function compare(from: string, to: string): Promise<RawChange[]> {
    const key = `${from} ${to}`
    const known = compared.get(key) ?? compareTrees(repository, from, to)
    compared.delete(key)
    compared.set(key, known)
    known.catch(() => compared.delete(key))
    const oldest = compared.size > maxCompared ? compared.keys().next().value : undefined
    if (oldest !== undefined) compared.delete(oldest)
    return known
  }

  async function withChanges(tree: string, changes: readonly RawChange[]): Promise<string> {
    if (changes.length === 0) return tree
    return await repository.withIndex(async (env) => {
      await files(["read-tree", tree], { env })
      await files(["update-index", "-z", "--index-info"], { env, input: toIndexLines(changes) })
      return await files(["write-tree"], { env })
    })
  }

  return {
    prefix,
    compare,
    withChanges,
    async filtered(of) {
      if (typeof of !== "string") return await repository.filtersOf(of)
      const all = await files(["ls-tree", "-r", "-z", "--name-only", "--full-tree", of])
      return await repository.filtersOf(all.split("\0").filter(Boolean))
    },
    changes: async (from, to) =>
      (await compare(from, to)).map(({ path, op, additions, deletions }) => ({
        path,
        op,
        additions,
        deletions,
      })),
    async added(from, to) {
      if (from === to) return []
      const args = ["diff-tree", "-r", "-p", "--unified=0", "--no-renames", "--no-color", from, to]
      const [changes, text] = await Promise.all([compare(from, to), files(args)])
      const parts = splitDiff(text)
      return changes.map(({ path, op }, i) => ({
        path,
        isNew: op === "added",
        lines: readAdded(parts[i] ?? ""),
      }))
    },
    async texts(from, to, isWanted) {
      const wanted = (await compare(from, to)).filter(
        ({ path, additions, deletions }) => isWanted(path) && additions + deletions < maxLines,
      )
      const texts: ChangedText[] = []
      for (let at = 0; at < wanted.length; at += maxPaths) {
        const some = wanted.slice(at, at + maxPaths)
        const context = `--unified=${maxLines}`
        const paths = some.map(({ path }) => `:(top,literal)${path}`)
        const args = [
          "diff-tree",
          "-r",
          "-p",
          context,
          "--no-renames",
          "--no-ext-diff",
          "--no-textconv",
          "--no-color",
          from,
          to,
          "--",
        ]
        const parts = splitDiff(await files([...args, ...paths]))
        some.forEach(({ path, op, mode }, i) => {
          const sides = readSides(parts[i] ?? "")
          if (sides)
            texts.push({
              path,
              before: op === "added" ? null : sides.before,
              after: op === "deleted" ? null : sides.after,
              isExecutable: mode === "100755" || mode === "120000",
            })
        })
      }
      return texts
    },
    async read(tree, path) {
      const name = `${tree}:${prefix}${path}`
      const told = await files(["cat-file", "--batch-check"], { input: `${name}\n` })
      return / blob \d+$/.test(told) ? await files(["cat-file", "blob", name]) : null
    },
    async list(tree) {
      const of = prefix === "" ? tree : `${tree}:${prefix.slice(0, -1)}`
      const told = await files(["ls-tree", "-z", "--name-only", "--full-tree", of]).catch(() => "")
      return told.split("\0").filter(Boolean)
    },
    async withPaths(tree, source, paths) {
      const wanted = new Set(paths)
      return await withChanges(
        tree,
        (await compare(tree, source)).filter(({ path }) => wanted.has(path)),
      )
    },
    async restore(tree, paths) {
      if (paths.length === 0) return
      const known = new Set(
        (await files(["ls-tree", "-r", "-z", "--name-only", "--full-tree", tree])).split("\0"),
      )
      for (const path of paths)
        if (!known.has(path)) await rm(toPath(await resolveInside(repository.top, path)), { force: true })
      const back = paths.filter((path) => known.has(path))
      if (back.length === 0) return
      await repository.withIndex(async (env) => {
        await files(["read-tree", tree], { env })
        const input = back.map((path) => `${path}\0`).join("")
        await files(["checkout-index", "--force", "-z", "--stdin"], { env, cwd: repository.top, input })
      })
      for (const path of back) await giveToOwner(join(repository.top, path), repository.top)
    },
  }
}

function toPrefix({ top, root }: Repository): string {
  const way = toRelative(top, root)
  return way === "." ? "" : `${way}/`
}
