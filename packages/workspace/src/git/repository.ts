/**
 * A repository, reached two ways. Names (HEAD, refs, the user's index) are the user's git directory's. Files are read
 * and written through a git directory of Aura's own, whose configuration the workspace cannot reach: a filter, hook,
 * alias or monitor the repository names is not known there, so nothing of it runs outside the sandbox.
 */
import { createHash, randomUUID } from "node:crypto"
import {
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises"
import { join } from "node:path"
import { AuraError } from "@aura/core"
import { toPath } from "../byte-path.ts"
import { inTurn } from "../local/in-turn.ts"
import { giveToOwner } from "../local/owner.ts"
import { impatient, type Patience } from "../patience.ts"
import { findBlockingFile } from "./blocking-files.ts"
import { exitCodeOf, type GitOptions, runGit, saidOf } from "./command.ts"
import { findGitPlace, type GitPlace } from "./location.ts"

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
  /** An index of its own for a few commands, as environment for `files`. */
  withIndex<T>(use: (env: Record<string, string>) => Promise<T>): Promise<T>
  /** Puts paths into the user's index, told as `update-index --index-info` takes them. */
  stage(lines: string): Promise<void>
  /** Writes the tree of the folder as it is, on top of a tree. */
  writeFolder(headTree: string): Promise<string>
  /** What lies in the folder and is not in a tree. */
  leftOut(tree: string): Promise<LeftOut>
  /** Of paths from the top, those that a filter is named for (`filter=` in .gitattributes), with its name. */
  filtersOf(paths: readonly string[]): Promise<Map<string, string>>
  /** Of ignored paths, the rule that ignores each. */
  ignoredBy(paths: readonly string[]): Promise<Map<string, IgnoreRule>>
  /** As root, hands what git made there to the owner of the folder. */
  handOver(): Promise<void>
}

/** Paths from the top; those of folders end with a slash. */
export type LeftOut = { ignored: string[]; others: string[]; submodules: string[] }

/** `isOwn`: Aura's rule for what editors leave behind. */
export type IgnoreRule = { file: string; line: number; pattern: string; isOwn: boolean }

/** What git says of a file that went or changed while it looked. */
const isComing = /unable to stat|short read|unable to index file|open\("[^"]*"\): No such file/
const maxTries = 50

const emptyTrees: Record<string, string> = {
  sha1: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
  sha256: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}

/** How files become blobs and which are left out; the rest of the repository's configuration is not taken over. */
const kept = [
  "autocrlf",
  "eol",
  "filemode",
  "ignorecase",
  "symlinks",
  "precomposeunicode",
  "excludesfile",
  "sparsecheckout",
  "sparsecheckoutcone",
]

/** What editors and systems put beside files while these are open, or behind people's backs: part of no one's work. */
const droppings = [
  ".*.sw[a-z]",
  "4913",
  "*~",
  ".#*",
  "\\#*#",
  "~$*",
  ".~lock.*#",
  ".nfs*",
  ".fuse_hidden*",
  ".DS_Store",
  "._*",
  "Thumbs.db",
  "desktop.ini",
]

/** Where Aura's own git directories lie. */
export function gitHome(dataDir: string): string {
  return join(dataDir, "git")
}

/**
 * @param home where Aura's own git directories lie
 * @returns undefined where neither the folder nor one above it has a `.git`
 * @throws AuraError `conflict` for a repository that git cannot use here, with git's own words
 */
export async function openRepository(
  root: string,
  home: string,
  patience: Patience = impatient,
): Promise<Repository | undefined> {
  const place = await findGitPlace(await realpath(root))
  if (!place) return undefined
  return await openAt(root, place, await readFormat(root, place), home, patience)
}

/**
 * A repository whose place is known.
 * @param format its hash function
 */
export async function openAt(
  root: string,
  { top, gitDir, commonDir }: Pick<GitPlace, "top" | "gitDir" | "commonDir">,
  format: string,
  home: string,
  patience: Patience = impatient,
): Promise<Repository> {
  const own = join(home, createHash("sha256").update(`${top}\0${gitDir}`).digest("hex").slice(0, 24))
  // In a key of its own: whoever writes the folder's tree meanwhile does not hold it up.
  await inTurn(`${own} set up`, () => setUp(own, { top, gitDir, format, commonDir }))
  return createRepository({ root, top, gitDir, commonDir, own, format }, patience)
}

/** Looking where a repository is takes milliseconds. */
const lookMs = 15_000

/** Git has to find the same repository that the file system shows, and be willing to use it. @returns its hash function */
async function readFormat(root: string, place: GitPlace): Promise<string> {
  const ask = async (about: string) =>
    (await runGit(root, ["rev-parse", "--path-format=absolute", about], { timeoutMs: lookMs })).stdout
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

/** Aura's own git directory. What is right is left alone: another git may be reading it. */
async function setUp(own: string, of: Omit<Place, "root" | "own">): Promise<void> {
  await mkdir(join(own, "objects"), { recursive: true, mode: 0o700 })
  await mkdir(join(own, "refs"), { recursive: true })
  await put(join(own, "HEAD"), "ref: refs/heads/aura\n")
  await put(join(own, "config"), await configFor(of))
  const info = join(own, "info")
  // Earlier versions made a link of it.
  if ((await lstat(info).catch(() => undefined))?.isSymbolicLink()) await rm(info)
  await mkdir(info, { recursive: true })
  await putLink(join(info, "attributes"), join(of.commonDir, "info", "attributes"))
  await putLink(join(info, "sparse-checkout"), join(of.gitDir, "info", "sparse-checkout"))
  await putExcludes(own, of.commonDir)
}

async function putLink(path: string, target: string): Promise<void> {
  if ((await readlink(path).catch(() => undefined)) === target) return
  await rm(path, { force: true })
  await symlink(target, path)
}

/** What the repository ignores on this machine, and what nobody's editor leaves behind for long. */
async function putExcludes(own: string, commonDir: string): Promise<void> {
  const theirs = await readFile(join(commonDir, "info", "exclude"), "latin1").catch(() => "")
  await put(join(own, "info", "exclude"), `${droppings.join("\n")}\n${theirs}`, "latin1")
}

async function put(path: string, text: string, encoding: "utf8" | "latin1" = "utf8"): Promise<void> {
  if ((await readFile(path, encoding).catch(() => undefined)) === text) return
  const draft = `${path}-${randomUUID()}`
  await writeFile(draft, text, encoding)
  await rename(draft, path)
}

async function configFor(of: Omit<Place, "root" | "own">): Promise<string> {
  const pattern = `^core\\.(${kept.join("|")})$`
  const env = toUserEnv(of)
  const settings = await runGit(of.top, ["config", "-z", "--get-regexp", pattern], { env }).then(
    ({ stdout }) => stdout.split("\0").filter(Boolean),
    (cause: unknown) => {
      // Exit code 1: nothing is set.
      if (exitCodeOf(cause) === 1) return []
      throw cause
    },
  )
  const lines = settings.map((setting) => {
    const [name = "", ...value] = setting.split("\n")
    return `\t${name.slice("core.".length)} = ${quote(value.length > 0 ? value.join("\n") : "true")}`
  })
  const isOld = of.format === "sha1"
  const head = [
    "[core]",
    `\trepositoryformatversion = ${isOld ? 0 : 1}`,
    "\tbare = false",
    "\tsplitIndex = false",
  ]
  const extension = isOld ? [] : ["[extensions]", `\tobjectFormat = ${of.format}`]
  return [...head, ...lines, ...extension, ""].join("\n")
}

function quote(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`
}

/** The user's git directory, named: nothing is looked for in the folder. */
function toUserEnv({ gitDir, top }: Pick<Place, "gitDir" | "top">): Record<string, string> {
  return { GIT_DIR: gitDir, GIT_WORK_TREE: top }
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
  const index = { GIT_INDEX_FILE: join(own, "index") }
  const env = {
    GIT_DIR: own,
    GIT_WORK_TREE: top,
    GIT_OBJECT_DIRECTORY: join(commonDir, "objects"),
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_ATTR_NOSYSTEM: "1",
  }
  /** Repositories inside this one are nobody's files here: those that HEAD's tree names, and others that lie about. */
  let submodules: { of: string; paths: readonly string[] } = { of: emptyTrees[format] ?? "", paths: [] }
  let strays: readonly string[] = []

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

  /** What the index knows of unchanged files stays from one look to the next, so that git reads only the others. */
  async function fill(headTree: string): Promise<void> {
    await files(["read-tree", "-i", "--reset", headTree], { env: index })
    if (submodules.of === headTree) return
    const rows = (await files(["ls-files", "--stage", "-z"], { env: index, cwd: top })).split("\0")
    const links = rows.filter((row) => row.startsWith("160000"))
    submodules = { of: headTree, paths: links.map((row) => row.slice(row.indexOf("\t") + 1)) }
  }

  /**
   * Adds everything but nested repositories: git would look into them with their own configuration. One without a commit
   * makes git refuse, one with a commit is taken out again; both are known from then on. Files may come and go meanwhile.
   */
  async function add(tries = 1): Promise<void> {
    const left = [
      ...(await existing(submodules.paths.map((path) => [path, join(top, path)]))),
      ...(await existing(strays.map((path) => [path, join(top, path, ".git")]))),
    ]
    const paths = [".", ...left.map((path) => `:(top,exclude,literal)${path}`)].join("\0")
    const args = ["add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul"]
    const result = await inFolder(args, { env: index, input: paths }).catch((cause: unknown) => {
      const said = saidOf(cause)
      const stray = /'(.{1,4096}?)\/?' does not have a commit/.exec(said)?.[1]
      if (stray !== undefined && !left.includes(stray)) strays = [...strays, stray]
      else if (!isComing.test(said) || tries >= maxTries) throw cause
    })
    if (!result) return await add(tries + 1)
    const found = [...result.stderr.matchAll(/^warning: adding embedded git repository: (.+)$/gm)].map(
      ([, path = ""]) => path.replace(/\/$/, ""),
    )
    if (found.length === 0) return
    strays = [...strays, ...found]
    const input = found.map((path) => `${path}\0`).join("")
    await files(["update-index", "--force-remove", "-z", "--stdin"], { env: index, cwd: top, input })
  }

  async function withIndex<T>(use: (env: Record<string, string>) => Promise<T>): Promise<T> {
    const file = join(own, `index-${randomUUID()}`)
    try {
      return await use({ GIT_INDEX_FILE: file })
    } finally {
      await rm(file, { force: true })
    }
  }

  async function tryFolder(headTree: string): Promise<string> {
    await putExcludes(own, commonDir)
    await fill(headTree)
    await add()
    return await files(["write-tree"], { env: index })
  }

  return {
    root,
    top,
    gitDir,
    emptyTree: emptyTrees[format] ?? "",
    names: async (args, options = {}) => {
      const env = { ...toUserEnv({ gitDir, top }), ...options.env }
      return (await patience(() => runGit(root, args, { ...options, env }))).stdout
    },
    files,
    withIndex,
    stage: async (lines) => {
      // Not as names: git looks into files that were changed within the second of the index, through their filters.
      await shareIndex(gitDir, own)
      const env = { GIT_INDEX_FILE: join(gitDir, "index") }
      await files(["update-index", "-z", "--index-info"], { env, cwd: top, input: lines })
    },
    leftOut: async (tree) =>
      await withIndex(async (env) => {
        await files(["read-tree", tree], { env })
        const list = async (...args: string[]) =>
          split(await files(["ls-files", "-z", "--full-name", ...args, "--", "."], { env }))
        const others = ["--others", "--exclude-standard", "--directory", "--no-empty-directory"]
        const links = (await list("--stage")).filter((row) => row.startsWith("160000"))
        return {
          ignored: await list(...others, "--ignored"),
          others: await list(...others),
          submodules: links.map((row) => `${row.slice(row.indexOf("\t") + 1)}/`),
        }
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
    writeFolder: async (headTree) =>
      // One at a time for each of Aura's git directories.
      await inTurn(own, async () => {
        // Nobody else holds it: a git that was killed left it.
        await rm(`${index.GIT_INDEX_FILE}.lock`, { force: true })
        return await tryFolder(headTree).catch(async (cause: unknown) => {
          if (exitCodeOf(cause) === undefined) throw cause
          // An index that a crash cut short costs one more look, no more.
          await rm(index.GIT_INDEX_FILE, { force: true })
          return await tryFolder(headTree)
        })
      }),
  }
}

const suspiciousMs = 3_000

/** Ends a git that takes long because it waits for a pipe in the folder. */
function watchForBlocking(top: string): { signal: AbortSignal; stop(): void } {
  const abort = new AbortController()
  const look = async () => {
    const path = await findBlockingFile(top)
    if (path === undefined) return
    abort.abort(
      new AuraError(
        "conflict",
        `${join(top, path)} is not a plain file, and git waits for ever to read it. Remove it.`,
      ),
    )
  }
  const timer = setInterval(() => void look(), suspiciousMs)
  return { signal: abort.signal, stop: () => clearInterval(timer) }
}

/** An index may be split in two, and git looks for the other part beside itself. */
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

/** The names whose places are there. */
async function existing(places: readonly (readonly [name: string, place: string])[]): Promise<string[]> {
  const there = await Promise.all(
    places.map(([, place]) =>
      lstat(toPath(place)).then(
        (found) => found.isDirectory() || place.endsWith(".git"),
        () => false,
      ),
    ),
  )
  return places.filter((_, i) => there[i]).map(([name]) => name)
}
