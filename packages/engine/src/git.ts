/** Aura's git: snapshots beside the user's index, one commit per task, and no rewriting of anything. */
import { mkdir, rm, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { AuraError, type FileChange } from "@aura/core"
import { identity, run, withIndex } from "./git-command.ts"
import { clearLock } from "./index-lock.ts"

/** A task's change of one path, as git's raw diff tells it. */
type RawChange = { path: string; op: FileChange["op"]; mode: string; blob: string }

export type Git = {
  root: string
  /** The tree of all files as they are now, what git ignores left out. Touches neither index nor files. */
  snapshot(): Promise<string>
  headTree(): Promise<string>
  /** Paths that differ between two trees. */
  changes(from: string, to: string): Promise<FileChange[]>
  /** Commits, on top of HEAD, exactly the changes between two trees but for the paths left out. Returns the sha. */
  commit(
    from: string,
    to: string,
    options: { except: readonly string[]; message: string },
  ): Promise<{ sha: string; tree: string }>
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
  /** Puts single paths back to how they were in a tree. */
  restore(tree: string, paths: readonly string[]): Promise<void>
}

const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
const usualIgnores = [
  "node_modules/",
  ".env",
  ".env.*",
  "!.env.example",
  "__pycache__/",
  ".venv/",
  ".DS_Store",
  "*.pem",
  "*.key",
]

/**
 * Opens the repository of a folder; makes one when there is none.
 * @returns notes for the person: what was set up, what lies there uncommitted
 * @throws AuraError `service_unavailable` without git, `conflict` in the middle of a merge or rebase
 */
export async function openGit(root: string): Promise<{ git: Git; notes: string[] }> {
  const notes: string[] = []
  const isRepository = await run(root, ["rev-parse", "--is-inside-work-tree"]).then(
    () => true,
    () => false,
  )
  if (!isRepository || (await exists(unfinished(root)))) notes.push(await initialise(root))
  await refuseHalfway(root)
  const freed = await clearLock(await lockOf(root))
  if (freed) notes.push(freed)
  const git = createGit(root)
  const dirty = await git.changes(await git.headTree(), await git.snapshot())
  if (dirty.length > 0) {
    const names = dirty
      .slice(0, 5)
      .map((change) => change.path)
      .join(", ")
    const more = dirty.length > 5 ? ` and ${dirty.length - 5} more` : ""
    notes.push(
      `The folder has uncommitted changes of yours (${names}${more}). Aura leaves them as they are and does not commit them.`,
    )
  }
  return { git, notes }
}

export function createGit(root: string): Git {
  const git: Git = {
    root,
    snapshot: async () =>
      await withIndex(async (env) => {
        await run(root, ["read-tree", await headOrEmpty(root)], { env })
        await run(root, ["add", "--all", "--ignore-errors", "."], { env })
        return await run(root, ["write-tree"], { env })
      }),
    headTree: async () =>
      await run(root, ["rev-parse", `${await headOrEmpty(root)}^{tree}`]).catch(() => emptyTree),
    async changes(from, to) {
      if (from === to) return []
      const numbers = await run(root, ["diff-tree", "-r", "-z", "--no-renames", "--numstat", from, to])
      const counts = new Map(numbers.split("\0").filter(Boolean).map(toCount))
      return (await rawChanges(root, from, to)).map(({ path, op }) => {
        const [additions, deletions] = counts.get(path) ?? [0, 0]
        return { path, op, additions, deletions }
      })
    },
    async treeOf(from, to, except) {
      const left = new Set(except)
      const changes = (await rawChanges(root, from, to)).filter((change) => !left.has(change.path))
      return await withIndex(async (env) => {
        await run(root, ["read-tree", await headOrEmpty(root)], { env })
        await run(root, ["update-index", "-z", "--index-info"], { env, input: toIndexLines(changes) })
        return await run(root, ["write-tree"], { env })
      })
    },
    async commit(from, to, options) {
      for (let tries = 0; ; tries++) {
        const head = await run(root, ["rev-parse", "--verify", "-q", "HEAD"]).catch(() => "")
        const except = [...options.except, ...(await committedMeanwhile(git, root, from, to))]
        const tree = await git.treeOf(from, to, except)
        const parent = head ? ["-p", head] : []
        const sha = await run(root, ["commit-tree", tree, ...parent, "-F", "-"], {
          input: options.message,
          env: await identity(root),
        })
        // The index goes first: cut off in between, the commit is made again, and the index fits then.
        await syncIndex(root, await rawChanges(root, from, to), except)
        // Refuses when HEAD has moved meanwhile: the user's own commit is never lost.
        const moved = await run(root, ["update-ref", "-m", "aura: task", "HEAD", sha, head]).then(
          () => false,
          (cause: unknown) => {
            if (tries >= 3) throw cause
            return true
          },
        )
        if (!moved) return { sha, tree }
      }
    },
    async findCommit(trailer) {
      const found = await run(root, [
        "log",
        "-n",
        "1",
        "--format=%H",
        "--fixed-strings",
        `--grep=${trailer}`,
        "HEAD",
      ]).catch(() => "")
      return found || undefined
    },
    async rebase(tree) {
      const head = await git.headTree()
      const open = new Set((await git.changes(head, await git.snapshot())).map((change) => change.path))
      const settled = (await rawChanges(root, tree, head)).filter((change) => !open.has(change.path))
      if (settled.length === 0) return tree
      return await withIndex(async (env) => {
        await run(root, ["read-tree", tree], { env })
        await run(root, ["update-index", "-z", "--index-info"], { env, input: toIndexLines(settled) })
        return await run(root, ["write-tree"], { env })
      })
    },
    async setAside(base, name) {
      const now = await git.snapshot()
      const head = await run(root, ["rev-parse", "--verify", "-q", "HEAD"]).catch(() => "")
      const message = `Set aside by Aura: ${name}\n`
      const sha = await run(root, ["commit-tree", now, ...(head ? ["-p", head] : []), "-F", "-"], {
        input: message,
        env: await identity(root),
      })
      const ref = await keep(root, `refs/aura/set-aside/${name}`, sha)
      const changed = await git.changes(base, now)
      await git.restore(
        base,
        changed.map((change) => change.path),
      )
      return ref
    },
    async restore(tree, paths) {
      if (paths.length === 0) return
      const known = new Set(
        (await run(root, ["ls-tree", "-r", "-z", "--name-only", "--full-tree", tree])).split("\0"),
      )
      const top = await run(root, ["rev-parse", "--show-toplevel"])
      for (const path of paths) if (!known.has(path)) await rm(join(top, path), { force: true })
      const back = paths.filter((path) => known.has(path))
      if (back.length === 0) return
      await withIndex(async (env) => {
        await run(root, ["read-tree", tree], { env })
        await run(top, ["checkout-index", "--force", "-z", "--stdin"], {
          env,
          input: back.map((path) => `${path}\0`).join(""),
        })
      })
    },
  }
  return git
}

/** Lies in a repository of Aura's making until it is whole: after a crash it is made to the end. */
const unfinished = (root: string) => join(root, ".git", "aura-unfinished")

/** Makes a ref; one that is there already is kept beside the new one. */
async function keep(root: string, ref: string, sha: string): Promise<string> {
  const isNew = await run(root, ["update-ref", ref, sha, ""]).then(
    () => true,
    () => false,
  )
  if (isNew) return ref
  const other = `${ref}-${sha.slice(0, 12)}`
  await run(root, ["update-ref", other, sha])
  return other
}

async function initialise(root: string): Promise<string> {
  const info = join(root, ".git", "info")
  await mkdir(info, { recursive: true })
  await writeFile(unfinished(root), "")
  await run(root, ["init", "--quiet", "--initial-branch=main"])
  await writeFile(join(info, "exclude"), `${usualIgnores.join("\n")}\n`)
  const git = createGit(root)
  const [before, found] = [await git.headTree(), await git.snapshot()]
  if (found !== before)
    await git.commit(before, found, { except: [], message: "The folder as Aura found it\n" })
  await rm(unfinished(root))
  return found === emptyTree
    ? "The folder had no git repository; Aura made one."
    : "The folder had no git repository; Aura made one and committed the files as they were."
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}

async function refuseHalfway(root: string): Promise<void> {
  const dir = await run(root, ["rev-parse", "--absolute-git-dir"])
  for (const [name, what] of [
    ["MERGE_HEAD", "a merge"],
    ["rebase-merge", "a rebase"],
    ["rebase-apply", "a rebase"],
    ["CHERRY_PICK_HEAD", "a cherry-pick"],
  ] as const) {
    if (await exists(join(dir, name)))
      throw new AuraError(
        "conflict",
        `The folder is in the middle of ${what}. Finish or abort it first; Aura does not commit into it.`,
      )
  }
}

async function rawChanges(root: string, from: string, to: string): Promise<RawChange[]> {
  const fields = (
    await run(root, ["diff-tree", "-r", "-z", "--no-renames", "--raw", "--abbrev=64", from, to])
  ).split("\0")
  const changes: RawChange[] = []
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [, mode = "", , blob = "", letter] = (fields[i] ?? "").split(" ")
    const op = letter === "A" ? "added" : letter === "D" ? "deleted" : "modified"
    changes.push({ path: fields[i + 1] ?? "", op, mode: op === "deleted" ? "0" : mode, blob })
  }
  return changes
}

function toCount(line: string): [string, [number, number]] {
  const [added = "0", removed = "0", ...path] = line.split("\t")
  return [path.join("\t"), [Number(added) || 0, Number(removed) || 0]]
}

function toIndexLines(changes: readonly RawChange[]): string {
  return changes.map((change) => `${change.mode} ${change.blob}\t${change.path}\0`).join("")
}

/**
 * Paths of a task that somebody else committed since and that lie in the folder as committed: the newer word is theirs,
 * and committing what was checked would take it back.
 */
async function committedMeanwhile(git: Git, root: string, from: string, to: string): Promise<string[]> {
  const head = await git.headTree()
  if (head === from) return []
  const theirs = new Set((await rawChanges(root, from, head)).map((change) => change.path))
  const both = (await rawChanges(root, from, to)).map(({ path }) => path).filter((path) => theirs.has(path))
  if (both.length === 0) return []
  const open = new Set((await rawChanges(root, head, await git.snapshot())).map((change) => change.path))
  return both.filter((path) => !open.has(path))
}

async function lockOf(root: string): Promise<string> {
  return join(await run(root, ["rev-parse", "--absolute-git-dir"]), "index.lock")
}

/** Brings the user's index up to the new commit for our paths only; what they have staged elsewhere stays staged. */
async function syncIndex(
  root: string,
  changes: readonly RawChange[],
  except: readonly string[],
): Promise<void> {
  const own = changes.filter((change) => !except.includes(change.path))
  if (own.length === 0) return
  await clearLock(await lockOf(root))
  await run(root, ["update-index", "-z", "--index-info"], { input: toIndexLines(own) })
}

async function headOrEmpty(root: string): Promise<string> {
  return await run(root, ["rev-parse", "--verify", "-q", "HEAD"]).catch(async () => {
    await run(root, ["hash-object", "-t", "tree", "-w", "--stdin"], { input: "" })
    return emptyTree
  })
}
