/**
 * A repository, accessed in two ways. Names (HEAD, refs, the user's index) come from the user's git directory. Files are read
 * and written through a git directory of Aura's own, whose configuration the workspace cannot reach: a filter, hook,
 * alias or monitor that the repository configures is unknown there, so none of it runs outside the sandbox.
 */
import { createHash, randomUUID } from "node:crypto"
import { readdir, realpath, rm, symlink } from "node:fs/promises"
import { join } from "node:path"
import { AuraError } from "@aura/core"
import { inTurn } from "../folder/in-turn.ts"
import { giveToOwner } from "../folder/owner.ts"
import { impatient, type Patience } from "../patience.ts"
import { watchForBlocking } from "./blocking-files.ts"
import { exitCodeOf, type GitOptions, runGit } from "./command.ts"
import { createFolderTree } from "./folder-tree.ts"
import { findGitLocation, type GitLocation } from "./location.ts"
import { droppings, setUpOwnDirectory, toUserEnv } from "./own-directory.ts"

export type Repository = {
  /** The workspace; the top of the repository or a folder in it. */
  root: string
  top: string
  /** The user's. */
  gitDir: string
  emptyTree: string
  /** Runs git on refs, commits and the user's index. */
  names(args: readonly string[], options?: GitOptions): Promise<string>
  /** Runs git on trees, blobs and the files of the folder. */
  files(args: readonly string[], options?: GitOptions & { cwd?: string }): Promise<string>
  /** A temporary index for a few commands, as environment for `files`. */
  withIndex<T>(use: (env: Record<string, string>) => Promise<T>): Promise<T>
  /** Puts paths into the user's index, in the format of `update-index --index-info`. */
  stage(lines: string): Promise<void>
  /** Writes the tree of the current folder, based on a tree. */
  writeFolder(headTree: string): Promise<string>
  /** The entries of the folder that are not in a tree. */
  leftOut(tree: string): Promise<LeftOut>
  /** The ignored entries of the folder that are not in a tree. */
  ignoredOf(tree: string): Promise<LeftOut["ignored"]>
  /** The paths, from the top, that have a filter (`filter=` in .gitattributes), with its name. */
  filtersOf(paths: readonly string[]): Promise<Map<string, string>>
  /** The rule that ignores each path. */
  ignoredBy(paths: readonly string[]): Promise<Map<string, IgnoreRule>>
  /** As root, gives the files that git created to the owner of the folder. */
  handOver(): Promise<void>
}

/** Paths from the top; those of folders end with a slash. */
export type LeftOut = { ignored: string[]; others: string[]; submodules: string[] }

/** `isOwn`: a rule of Aura for temporary files of editors. */
export type IgnoreRule = { file: string; line: number; pattern: string; isOwn: boolean }

const emptyTrees: Record<string, string> = {
  sha1: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
  sha256: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}

/**
 * @param home where Aura's own git directories lie
 * @returns undefined where neither the folder nor one above it has a `.git`
 * @throws AuraError `conflict` for a repository that git cannot use here, with git's own message
 */
export async function openRepository(
  root: string,
  home: string,
  patience: Patience = impatient,
): Promise<Repository | undefined> {
  const place = await findGitLocation(await realpath(root))
  if (!place) return undefined
  return await openAt(root, place, await readFormat(root, place), home, patience)
}

/**
 * Opens a repository whose location is known.
 * @param format its hash function
 */
export async function openAt(
  root: string,
  { top, gitDir, commonDir }: Pick<GitLocation, "top" | "gitDir" | "commonDir">,
  format: string,
  home: string,
  patience: Patience = impatient,
): Promise<Repository> {
  const own = join(home, createHash("sha256").update(`${top}\0${gitDir}`).digest("hex").slice(0, 24))
  // A separate key, so that it does not wait for a tree that is being written.
  await inTurn(`${own} set up`, () => setUpOwnDirectory(own, { top, gitDir, format, commonDir }))
  return createRepository({ root, top, gitDir, commonDir, own, format }, patience)
}

const notInTree = ["--others", "--exclude-standard", "--directory", "--no-empty-directory"]

/** Locating a repository takes milliseconds. */
const lookMs = 15_000

/** Checks that git finds the same repository as the file system shows, and can use it. @returns its hash function */
async function readFormat(root: string, place: GitLocation): Promise<string> {
  const ask = async (...about: string[]) =>
    (await runGit(root, ["rev-parse", "--path-format=absolute", ...about], { timeoutMs: lookMs })).stdout
  const expected = `\n${[place.gitDir, place.commonDir, "true", place.top].join("\n")}`
  const usual = await ask(
    "--show-object-format",
    "--git-dir",
    "--git-common-dir",
    "--is-inside-work-tree",
    "--show-toplevel",
  ).catch(() => "")
  if (usual.endsWith(expected)) {
    const format = usual.slice(0, -expected.length)
    if (format in emptyTrees) return format
  }
  // One at a time: a path may hold line breaks.
  const format = await ask("--show-object-format").catch((cause: unknown) => {
    if (!(cause instanceof AuraError) || cause.code === "service_unavailable") throw cause
    throw new AuraError(
      "conflict",
      `git cannot use the repository in ${place.top}, so Aura changes nothing there. ${cause.message} Try \`git status\` in ${root}, and start again once it works.`,
    )
  })
  const gitDir = await ask("--git-dir")
  if (
    (await realpath(gitDir)) !== place.gitDir ||
    (await realpath(await ask("--git-common-dir"))) !== place.commonDir
  )
    throw new AuraError(
      "conflict",
      `git does not take ${join(place.top, ".git")} for a repository, and uses ${gitDir} instead. Repair or remove the first one.`,
    )
  if ((await ask("--is-inside-work-tree")) !== "true") throw elsewhere(root)
  if ((await realpath(await ask("--show-toplevel"))) !== place.top) throw elsewhere(root)
  return format
}

function elsewhere(root: string): AuraError {
  return new AuraError(
    "conflict",
    `The repository of ${root} keeps its files somewhere else (core.worktree, or it is bare). Aura works only where they lie.`,
  )
}

type Place = {
  root: string
  top: string
  gitDir: string
  commonDir: string
  own: string
  format: string
}

function createRepository(
  { root, top, gitDir, commonDir, own, format }: Place,
  patience: Patience,
): Repository {
  const emptyTree = emptyTrees[format] ?? ""
  const env = {
    GIT_DIR: own,
    GIT_WORK_TREE: top,
    GIT_OBJECT_DIRECTORY: join(commonDir, "objects"),
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_ATTR_NOSYSTEM: "1",
  }

  const inFolder = async (args: readonly string[], options: GitOptions & { cwd?: string } = {}) => {
    const watch = watchForBlocking(top)
    try {
      const { signal } = watch
      return await patience(() =>
        runGit(options.cwd ?? root, args, { ...options, signal, env: { ...env, ...options.env } }),
      )
    } finally {
      watch.stop()
    }
  }
  const files = async (args: readonly string[], options?: GitOptions & { cwd?: string }) =>
    (await inFolder(args, options)).stdout

  const list = async (env: Record<string, string>, args: readonly string[]) =>
    split(await files(["ls-files", "-z", "--full-name", ...args, "--", "."], { env }))

  async function withIndex<T>(use: (env: Record<string, string>) => Promise<T>): Promise<T> {
    const file = join(own, `index-${randomUUID()}`)
    try {
      return await use({ GIT_INDEX_FILE: file })
    } finally {
      await rm(file, { force: true })
    }
  }

  return {
    root,
    top,
    gitDir,
    emptyTree,
    names: async (args, options = {}) => {
      const env = { ...toUserEnv({ gitDir, top }), ...options.env }
      return (await patience(() => runGit(root, args, { ...options, env }))).stdout
    },
    files,
    withIndex,
    stage: async (lines) => {
      // Not via `names`: git would read files changed within the same second as the index through their filters.
      await shareIndex(gitDir, own)
      const env = { GIT_INDEX_FILE: join(gitDir, "index") }
      await files(["update-index", "-z", "--index-info"], { env, cwd: top, input: lines })
    },
    leftOut: async (tree) =>
      await withIndex(async (env) => {
        await files(["read-tree", tree], { env })
        const [rows, ignored, others] = await Promise.all([
          list(env, ["--stage"]),
          list(env, [...notInTree, "--ignored"]),
          list(env, notInTree),
        ])
        const links = rows.filter((row) => row.startsWith("160000"))
        return { ignored, others, submodules: links.map((row) => `${row.slice(row.indexOf("\t") + 1)}/`) }
      }),
    ignoredOf: async (tree) =>
      await withIndex(async (env) => {
        await files(["read-tree", tree], { env })
        return await list(env, [...notInTree, "--ignored"])
      }),
    filtersOf: async (paths) => {
      if (paths.length === 0) return new Map()
      const input = paths.map((path) => `${path}\0`).join("")
      const told = split(await files(["check-attr", "-z", "--stdin", "filter"], { cwd: top, input }))
      const found = new Map<string, string>()
      for (let at = 0; at + 2 < told.length; at += 3) {
        const [path = "", , filter = ""] = told.slice(at, at + 3)
        if (filter !== "unspecified" && filter !== "unset") found.set(path, filter)
      }
      return found
    },
    ignoredBy: async (paths) => {
      if (paths.length === 0) return new Map()
      const input = paths.map((path) => `${path}\0`).join("")
      const args = ["check-ignore", "--verbose", "--no-index", "-z", "--stdin"]
      const told = await files(args, { cwd: top, input }).catch((cause: unknown) => {
        // None of them is ignored any more.
        if (exitCodeOf(cause) === 1) return ""
        throw cause
      })
      const fields = told.split("\0")
      const rules = new Map<string, IgnoreRule>()
      for (let at = 0; at + 3 < fields.length; at += 4) {
        const [file = "", line = "", pattern = "", path = ""] = fields.slice(at, at + 4)
        const isExclude = file === join(own, "info", "exclude")
        const isOwn = isExclude && Number(line) <= droppings.length
        rules.set(path, {
          file: isExclude ? ".git/info/exclude" : file,
          line: Number(line) - (isExclude && !isOwn ? droppings.length : 0),
          pattern,
          isOwn,
        })
      }
      return rules
    },
    handOver: async () => await giveToOwner(commonDir, top),
    writeFolder: createFolderTree({ top, commonDir, own, emptyTree, git: inFolder }),
  }
}

/** A split index has a second file, which git expects beside it. */
async function shareIndex(gitDir: string, own: string): Promise<void> {
  const parts = (await readdir(gitDir)).filter((name) => name.startsWith("sharedindex."))
  for (const name of parts) {
    await rm(join(own, name), { force: true })
    await symlink(join(gitDir, name), join(own, name))
  }
}

function split(text: string): string[] {
  return text.split("\0").filter(Boolean)
}
