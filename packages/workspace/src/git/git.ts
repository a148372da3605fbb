/** Aura's git: snapshots beside the user's index, one commit per task, and no rewriting of anything. */
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { AuraError, type FileChange } from "@aura/core"
import { showBytes, toPath } from "../byte-path.ts"
import { resolveInside, toRelative } from "../local/inside.ts"
import { giveToOwner } from "../local/owner.ts"
import { clearLock } from "./index-lock.ts"
import type { Repository } from "./repository.ts"
import { findUncommitted, type Since, type Uncommitted } from "./uncommitted.ts"

/** A task's change of one path, as git's raw diff tells it. */
type RawChange = FileChange & { mode: string; blob: string }

/** The lines that a change adds to a text file. */
export type AddedText = { path: string; isNew: boolean; lines: { number: number; text: string }[] }

/** A text file that differs between two trees, whole; `null` in the tree where it is not. */
export type ChangedText = { path: string; before: string | null; after: string | null }

export type Git = {
  root: string
  /** What leads from the top of the repository to the workspace: "" or a path with a slash at its end. */
  prefix: string
  /** The tree of all files as they are now, what git ignores left out. Touches neither index nor files. */
  snapshot(): Promise<string>
  headTree(): Promise<string>
  /** Paths that differ between two trees. */
  changes(from: string, to: string): Promise<FileChange[]>
  /** What the files of one tree hold beyond those of another; binary files are left out. */
  added(from: string, to: string): Promise<AddedText[]>
  /** The whole texts of the files that differ between two trees; binary files, and those not wanted, are left out. */
  texts(from: string, to: string, isWanted: (path: string) => boolean): Promise<ChangedText[]>
  /** A text file of a tree, by its path from the workspace; `null` where there is none. */
  read(tree: string, path: string): Promise<string | null>
  /** Names of what lies at the top of the workspace in a tree. */
  list(tree: string): Promise<string[]>
  /** Commits, on top of HEAD, exactly the changes between two trees but for the paths left out. Returns the sha. */
  commit(
    from: string,
    to: string,
    options: { except: readonly string[]; message: string },
  ): Promise<{ sha: string; tree: string }>
  /** A tree with some paths as they are in another. */
  withPaths(tree: string, source: string, paths: readonly string[]): Promise<string>
  /** The tree that `commit` would make. */
  treeOf(from: string, to: string, except: readonly string[]): Promise<string>
  /** The commit on HEAD's history with this trailer, if any. */
  findCommit(trailer: string): Promise<string | undefined>
  /**
   * The tree with all that was committed since and lies in the folder as committed: other people's work and other
   * tasks' are no changes of whoever began on this tree.
   */
  rebase(tree: string): Promise<string>
  /** Keeps the folder's state under a ref of Aura's own, then puts the paths changed since `base` back. Returns the ref. */
  setAside(base: string, name: string): Promise<string>
  /** Which of some commits the branch holds no more: itself, or another one with the same `Aura-Proof` line. */
  standing(shas: readonly string[]): Promise<{ branch: string; missing: ReadonlySet<string> }>
  /**
   * Moves HEAD forward to a commit that follows it, and the folder with it.
   * @throws AuraError `conflict` when it does not follow HEAD, or uncommitted changes are in the way
   */
  forwardTo(sha: string): Promise<void>
  /** What was written in the folder since and is not in its tree, which no commit would hold. */
  uncommitted(tree: string, since: Since): Promise<Uncommitted[]>
  /**
   * Of paths from the top, those that a filter such as Git LFS's is named for. Aura runs none: it would commit what the
   * filter is there to replace.
   * @param of paths, or a tree for all that it holds
   */
  filtered(of: readonly string[] | string): Promise<Map<string, string>>
  /** Puts single paths back to how they were in a tree. */
  restore(tree: string, paths: readonly string[]): Promise<void>
}

/** A task's trees are compared many times; what two of them differ in never changes. */
const maxCompared = 32
/** Longer texts are not looked at whole. */
const maxLines = 100_000
/** Paths for one command of git. */
const maxPaths = 200

export function createGit(repository: Repository): Git {
  const { root, emptyTree, names, files } = repository
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

  async function head(): Promise<{ sha: string; tree: string }> {
    const said = await names(["rev-parse", "HEAD", "HEAD^{tree}"]).catch(async (cause: unknown) => {
      if (await isUnborn()) return ""
      throw cause
    })
    const [sha = "", tree = ""] = said.split("\n")
    return tree ? { sha, tree } : { sha: "", tree: emptyTree }
  }

  /** True on a branch without a commit. A git that fails says nothing of the kind. */
  async function isUnborn(): Promise<boolean> {
    const branch = await names(["symbolic-ref", "HEAD"])
    return (await names(["for-each-ref", "--count=1", branch], { isStrict: true })) === ""
  }

  async function existing(shas: readonly string[]): Promise<string[]> {
    const input = shas.map((sha) => `${sha}\n`).join("")
    const lines = (await files(["cat-file", "--batch-check=%(objectname) %(objecttype)"], { input })).split(
      "\n",
    )
    return lines.filter((line) => line.endsWith(" commit")).map((line) => line.slice(0, line.indexOf(" ")))
  }

  /** Those that a commit does not follow. */
  async function notReachable(shas: readonly string[], from: string): Promise<string[]> {
    if (shas.length === 0) return []
    const beyond = new Set((await names(["rev-list", ...shas, `^${from}`])).split("\n"))
    return shas.filter((sha) => beyond.has(sha))
  }

  /** A rebased or amended commit keeps the line that names its proof. */
  async function proofsOn(sha: string): Promise<ReadonlySet<string>> {
    if (sha === "") return new Set()
    const format = "--format=%(trailers:key=Aura-Proof,valueonly)"
    return new Set((await names(["log", format, sha])).split("\n").filter(Boolean))
  }

  async function proofOf(sha: string): Promise<string> {
    return (await names(["log", "-1", "--format=%(trailers:key=Aura-Proof,valueonly)", sha])).trim()
  }

  /** The tree with changes put on top. */
  async function withChanges(tree: string, changes: readonly RawChange[]): Promise<string> {
    if (changes.length === 0) return tree
    return await repository.withIndex(async (env) => {
      await files(["read-tree", tree], { env })
      await files(["update-index", "-z", "--index-info"], { env, input: toIndexLines(changes) })
      return await files(["write-tree"], { env })
    })
  }

  async function treeOn(base: string, from: string, to: string, except: readonly string[]): Promise<string> {
    if (base === from && except.length === 0) return to
    const left = new Set(except)
    return await withChanges(
      base,
      (await compare(from, to)).filter((change) => !left.has(change.path)),
    )
  }

  async function commitTree(tree: string, parent: string, message: string): Promise<string> {
    const args = ["commit-tree", tree, ...(parent ? ["-p", parent] : []), "-F", "-"]
    return await files(args, { input: message, env: await identity(repository) })
  }

  /**
   * Paths of a task that somebody else committed since and that lie in the folder as committed: the newer word is theirs,
   * and committing what was checked would take it back.
   */
  async function committedMeanwhile(headTree: string, from: string, to: string): Promise<string[]> {
    if (headTree === from) return []
    const theirs = new Set((await compare(from, headTree)).map((change) => change.path))
    const both = (await compare(from, to)).map(({ path }) => path).filter((path) => theirs.has(path))
    if (both.length === 0) return []
    const folder = await repository.writeFolder(headTree)
    const open = new Set((await compare(headTree, folder)).map((change) => change.path))
    return both.filter((path) => !open.has(path))
  }

  /** Brings the user's index up to the new commit for our paths only; what they have staged elsewhere stays staged. */
  async function syncIndex(changes: readonly RawChange[]): Promise<void> {
    if (changes.length === 0) return
    await clearLock(join(repository.gitDir, "index.lock"))
    await repository.stage(toIndexLines(changes))
  }

  const git: Git = {
    root,
    prefix: toPrefix(repository),
    uncommitted: async (tree, since) => await findUncommitted(repository, tree, since),
    async filtered(of) {
      if (typeof of !== "string") return await repository.filtersOf(of)
      const all = await files(["ls-tree", "-r", "-z", "--name-only", "--full-tree", of])
      return await repository.filtersOf(all.split("\0").filter(Boolean))
    },
    snapshot: async () => await repository.writeFolder((await head()).tree),
    headTree: async () => (await head()).tree,
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
        some.forEach(({ path, op }, i) => {
          const sides = readSides(parts[i] ?? "")
          if (sides)
            texts.push({
              path,
              before: op === "added" ? null : sides.before,
              after: op === "deleted" ? null : sides.after,
            })
        })
      }
      return texts
    },
    async read(tree, path) {
      const name = `${tree}:${git.prefix}${path}`
      const told = await files(["cat-file", "--batch-check"], { input: `${name}\n` })
      return / blob \d+$/.test(told) ? await files(["cat-file", "blob", name]) : null
    },
    async list(tree) {
      const of = git.prefix === "" ? tree : `${tree}:${git.prefix.slice(0, -1)}`
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
    treeOf: async (from, to, except) => await treeOn((await head()).tree, from, to, except),
    async commit(from, to, options) {
      for (let tries = 0; ; tries++) {
        const on = await head()
        const except = [...options.except, ...(await committedMeanwhile(on.tree, from, to))]
        const tree = await treeOn(on.tree, from, to, except)
        const sha = await commitTree(tree, on.sha, options.message)
        // The index goes first: cut off in between, the commit is made again, and the index fits then.
        await syncIndex((await compare(from, to)).filter((change) => !except.includes(change.path)))
        // Refuses when HEAD has moved meanwhile: the user's own commit is never lost.
        const moved = await names(["update-ref", "-m", "aura: task", "HEAD", sha, on.sha]).then(
          () => false,
          (cause: unknown) => {
            if (tries >= 3) throw cause
            return true
          },
        )
        await repository.handOver()
        if (!moved) return { sha, tree }
      }
    },
    async findCommit(trailer) {
      const { sha } = await head()
      if (sha === "") return undefined
      return (await names(["rev-list", "-n", "1", "--fixed-strings", `--grep=${trailer}`, sha])) || undefined
    },
    async rebase(tree) {
      const { tree: headTree } = await head()
      const since = await compare(tree, headTree)
      if (since.length === 0) return tree
      const folder = await repository.writeFolder(headTree)
      const open = new Set((await compare(headTree, folder)).map((change) => change.path))
      return await withChanges(
        tree,
        since.filter((change) => !open.has(change.path)),
      )
    },
    async setAside(base, name) {
      const on = await head()
      const now = await repository.writeFolder(on.tree)
      const sha = await commitTree(now, on.sha, `Set aside by Aura: ${name}\n`)
      const ref = await keep(repository, `refs/aura/set-aside/${name}`, sha)
      await repository.handOver()
      const changed = await compare(base, now)
      await git.restore(
        base,
        changed.map((change) => change.path),
      )
      return ref
    },
    async standing(shas) {
      const branch = await names(["symbolic-ref", "--short", "HEAD"])
      const known = await existing(shas)
      const { sha } = await head()
      const left = sha === "" ? known : await notReachable(known, sha)
      const proofs = left.length === 0 ? new Set() : await proofsOn(sha)
      const missing = new Set(shas.filter((one) => !known.includes(one)))
      for (const one of left) {
        const proof = await proofOf(one)
        if (proof === "" || !proofs.has(proof)) missing.add(one)
      }
      return { branch, missing }
    },
    async forwardTo(sha) {
      const on = await head()
      if ((await existing([sha])).length === 0)
        throw new AuraError("conflict", `git does not have the commit ${sha.slice(0, 10)} any more.`)
      if (on.sha !== "" && (await notReachable([on.sha], sha)).length > 0)
        throw new AuraError(
          "conflict",
          `The branch has gone another way since ${sha.slice(0, 10)}, so it cannot simply be brought back. Do the task again, or cherry-pick the commit yourself.`,
        )
      const tree = await names(["rev-parse", `${sha}^{tree}`])
      const paths = (await compare(on.tree, tree)).map(({ path }) => path)
      const folder = await repository.writeFolder(on.tree)
      const open = new Set((await compare(on.tree, folder)).map(({ path }) => path))
      const inTheWay = paths.filter((path) => open.has(path))
      if (inTheWay.length > 0)
        throw new AuraError(
          "conflict",
          `Uncommitted changes are in the way: ${inTheWay.slice(0, 5).map(showBytes).join(", ")}. Commit or stash them first.`,
        )
      await git.restore(tree, paths)
      await syncIndex(await compare(on.tree, tree))
      await names(["update-ref", "-m", "aura: bring back", "HEAD", sha, on.sha])
      await repository.handOver()
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
  return git
}

function toPrefix({ top, root }: Repository): string {
  const way = toRelative(top, root)
  return way === "." ? "" : `${way}/`
}

/** Makes a ref; one that is there already is kept beside the new one. */
async function keep({ names }: Repository, ref: string, sha: string): Promise<string> {
  const isNew = await names(["update-ref", ref, sha, ""]).then(
    () => true,
    () => false,
  )
  if (isNew) return ref
  const other = `${ref}-${sha.slice(0, 12)}`
  await names(["update-ref", other, sha])
  return other
}

/** Changes with their counts of lines: git prints all paths with modes and blobs first, then all with counts. */
async function compareTrees({ files }: Repository, from: string, to: string): Promise<RawChange[]> {
  if (from === to) return []
  const args = ["diff-tree", "-r", "-z", "--no-renames", "--raw", "--numstat", "--abbrev=64", from, to]
  const fields = (await files(args)).split("\0").filter(Boolean)
  const changes: RawChange[] = []
  let at = 0
  for (; fields[at]?.startsWith(":"); at += 2) {
    const [, mode = "", , blob = "", letter] = (fields[at] ?? "").split(" ")
    const op = letter === "A" ? "added" : letter === "D" ? "deleted" : "modified"
    const path = fields[at + 1] ?? ""
    changes.push({ path, op, mode: op === "deleted" ? "0" : mode, blob, additions: 0, deletions: 0 })
  }
  const counts = new Map(fields.slice(at).map(toCount))
  return changes.map((change) => {
    const [additions, deletions] = counts.get(change.path) ?? [0, 0]
    return { ...change, additions, deletions }
  })
}

/** A diff in its files, in the order of their paths. What became a link or the like is told in two parts, and is one. */
export function splitDiff(text: string): string[] {
  const files: { head: string; text: string }[] = []
  for (const part of text.split(/^(?=diff --git )/m)) {
    const head = part.slice(0, part.indexOf("\n"))
    const last = files.at(-1)
    if (last?.head === head) last.text += part
    else if (part.startsWith("diff --git ")) files.push({ head, text: part })
  }
  return files.map((file) => file.text)
}

function readAdded(diff: string): AddedText["lines"] {
  const lines: AddedText["lines"] = []
  let number = 0
  for (const line of diff.split("\n")) {
    const start = /^@@ -\S+ \+(\d+)/.exec(line)?.[1]
    if (start !== undefined) number = Number(start)
    else if (number > 0 && line.startsWith("+")) lines.push({ number: number++, text: line.slice(1) })
    else if (line.startsWith("diff --git ")) number = 0
  }
  return lines
}

/** Both texts of a diff that holds all lines; undefined for a binary file. */
function readSides(diff: string): { before: string; after: string } | undefined {
  if (/^(?:Binary files |GIT binary patch)/m.test(diff.split("\n@@ ")[0] ?? "")) return undefined
  const before: string[] = []
  const after: string[] = []
  for (const line of diff.split("\n").slice(diff.split("\n").findIndex((row) => row.startsWith("@@ ")) + 1)) {
    const text = `${line.slice(1)}\n`
    if (line.startsWith(" ") || line.startsWith("-")) before.push(text)
    if (line.startsWith(" ") || line.startsWith("+")) after.push(text)
  }
  return { before: before.join(""), after: after.join("") }
}

function toCount(line: string): [string, [number, number]] {
  const [added = "0", removed = "0", ...path] = line.split("\t")
  return [path.join("\t"), [Number(added) || 0, Number(removed) || 0]]
}

function toIndexLines(changes: readonly RawChange[]): string {
  return changes.map((change) => `${change.mode} ${change.blob}\t${change.path}\0`).join("")
}

/** The user's git identity, or Aura's own where none is set. */
async function identity({ names }: Repository): Promise<Record<string, string>> {
  const known = await names(["var", "GIT_AUTHOR_IDENT"]).catch(() => "")
  const [, name = "Aura", email = "aura@localhost"] = /^(.*) <(.*)> \d+ [+-]\d+$/.exec(known) ?? []
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  }
}
