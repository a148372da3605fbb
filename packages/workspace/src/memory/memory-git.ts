/** The in-memory twin of a repository: trees are copies of the files, commits a list that only grows. */
import { createHash } from "node:crypto"
import { AuraError, type FileChange } from "@aura/core"
import { diffLines } from "diff"
import type { Git } from "../git/git.ts"
import type { AddedText } from "../git/raw-diff.ts"
import type { MemoryFiles } from "./memory.ts"
import { openMemoryHistory } from "./memory-history.ts"

export type MemoryCommit = { sha: string; tree: string; message: string }

/** What lies in `.git`: it outlives whoever opened it. */
export type MemoryRepository = {
  trees: Map<string, ReadonlyMap<string, string>>
  /** Oldest first; the last is HEAD. */
  commits: MemoryCommit[]
  refs: Map<string, string>
}

export function createMemoryRepository(): MemoryRepository {
  return { trees: new Map([[hashOf(new Map()), new Map()]]), commits: [], refs: new Map() }
}

export function openMemoryGit(files: MemoryFiles, repository: MemoryRepository): Git {
  const { trees, commits, refs } = repository
  const noFiles = hashOf(new Map())

  function keep(tree: ReadonlyMap<string, string>): string {
    const hash = hashOf(tree)
    if (!trees.has(hash)) trees.set(hash, new Map(tree))
    return hash
  }

  function open(hash: string): ReadonlyMap<string, string> {
    const tree = trees.get(hash)
    if (!tree) throw new AuraError("conflict", `git read-tree failed: there is no tree ${hash}`)
    return tree
  }

  function diff(from: string, to: string): string[] {
    const [before, after] = [open(from), open(to)]
    const paths = new Set([...before.keys(), ...after.keys()])
    return [...paths].filter((path) => before.get(path) !== after.get(path)).toSorted()
  }

  const headTree = () => commits.at(-1)?.tree ?? noFiles

  /** A tree with some paths as they are in another. */
  function take(tree: string, source: string, paths: readonly string[]): string {
    const taken = new Map(open(tree))
    for (const path of paths) {
      const text = open(source).get(path)
      if (text === undefined) taken.delete(path)
      else taken.set(path, text)
    }
    return keep(taken)
  }

  function treeOf(from: string, to: string, except: readonly string[]): string {
    const own = diff(from, to).filter((path) => !except.includes(path))
    return take(headTree(), to, own)
  }

  function add(tree: string, message: string): MemoryCommit {
    const parent = commits.at(-1)?.sha ?? ""
    const sha = createHash("sha1").update(`${tree}\n${parent}\n${message}\n${commits.length}`).digest("hex")
    const commit = { sha, tree, message }
    commits.push(commit)
    return commit
  }

  function restore(hash: string, paths: readonly string[]): void {
    for (const path of paths) {
      const text = open(hash).get(path)
      if (text === undefined) files.delete(path)
      else files.set(path, text)
    }
  }

  function rebase(hash: string): string {
    const head = headTree()
    const unsettled = new Set(diff(head, keep(files)))
    const settled = diff(hash, head).filter((path) => !unsettled.has(path))
    return take(hash, head, settled)
  }

  const changes = (from: string, to: string) =>
    diff(from, to).map((path) => toChange(path, open(from), open(to)))

  return {
    root: "/memory",
    prefix: "",
    // Nothing is ignored there.
    uncommitted: async () => [],
    filtered: async () => new Map(),
    snapshot: async () => keep(files),
    headTree: async () => headTree(),
    changes: async (from, to) => changes(from, to),
    added: async (from, to) => diff(from, to).map((path) => toAdded(path, open(from), open(to))),
    texts: async (from, to, isWanted) =>
      diff(from, to)
        .filter(isWanted)
        .map((path) => ({
          path,
          before: open(from).get(path) ?? null,
          after: open(to).get(path) ?? null,
          isExecutable: false,
        })),
    read: async (tree, path) => open(tree).get(path) ?? null,
    list: async (tree) => [...new Set([...open(tree).keys()].map((path) => path.split("/")[0] ?? path))],
    withPaths: async (tree, source, paths) => take(tree, source, paths),
    treeOf: async (from, to, except) => treeOf(from, to, except),
    commit: async (from, to, { except, message }) => add(treeOf(from, to, except), message),
    findCommit: async (trailer) => commits.findLast(({ message }) => message.includes(trailer))?.sha,
    rebase: async (hash) => rebase(hash),
    async setAside(before, name) {
      const now = keep(files)
      const base = rebase(before)
      const ref = `refs/aura/set-aside/${name}`
      refs.set(ref, now)
      restore(base, diff(base, now))
      return ref
    },
    standing: async (shas) => ({
      branch: "main",
      missing: new Set(shas.filter((sha) => !commits.some((commit) => commit.sha === sha))),
    }),
    async forwardTo(sha) {
      throw new AuraError("conflict", `There is no commit ${sha} to go to.`)
    },
    restore: async (tree, paths) => restore(tree, paths),
    ...openMemoryHistory(files, commits, { emptyTree: noFiles, open, changes }),
  }
}

function hashOf(tree: ReadonlyMap<string, string>): string {
  const sorted = [...tree].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash("sha1").update(JSON.stringify(sorted)).digest("hex")
}

function toAdded(
  path: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): AddedText {
  const old = before.get(path)
  const known = new Set(old?.split("\n"))
  const lines = (after.get(path) ?? "").split("\n").map((text, i) => ({ number: i + 1, text }))
  return {
    path,
    isNew: old === undefined,
    lines: lines.filter(({ text }) => text !== "" && !known.has(text)),
  }
}

function toChange(
  path: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): FileChange {
  const [old, text] = [before.get(path), after.get(path)]
  const parts = diffLines(old ?? "", text ?? "")
  const count = (isWanted: (part: { added: boolean; removed: boolean }) => boolean) =>
    parts.filter(isWanted).reduce((sum, part) => sum + part.count, 0)
  const op = old === undefined ? "added" : text === undefined ? "deleted" : "modified"
  return { path, op, additions: count((part) => part.added), deletions: count((part) => part.removed) }
}
