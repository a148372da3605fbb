/**
 * Finds files written during a task that no commit would contain: ignored files, nested repositories
 * and submodules. Checks could pass because of them, and a clone does not have them.
 */
import type { Stats } from "node:fs"
import { lstat, readdir } from "node:fs/promises"
import { join, posix } from "node:path"
import { showBytes, toPath, toText } from "../byte-path.ts"
import type { IgnoreRule, Repository } from "./repository.ts"

export type Uncommitted = {
  /** From the top of the repository; that of a folder ends with a slash. */
  path: string
  /** Why git does not commit it and what to do, for the model and for people. */
  reason: string
}

/** Files count as written if they changed after this moment, or if the file tools wrote them. */
export type Since = { ms: number; written: ReadonlySet<string> }

/** Folders that a build, an install, a test run or an editor recreates. */
const rebuildableFolders = new Set(
  `node_modules bower_components .venv venv __pycache__ site-packages .eggs .tox .nox .mypy_cache .pytest_cache
  .ruff_cache .hypothesis .ipynb_checkpoints htmlcov target dist build out obj _build dist-newstyle .stack-work .gradle
  .dart_tool zig-cache .zig-cache zig-out cmake-build-debug cmake-build-release CMakeFiles DerivedData Pods .next .nuxt
  .svelte-kit .output .angular .astro .expo .parcel-cache .turbo .vite .vite-temp .cache .sass-cache .terraform coverage
  .nyc_output test-results playwright-report .aura-browser .idea .vscode .bundle tmp log logs`.split(/\s+/),
)

/** Files of the same kind. */
const rebuildableFile =
  /\.(?:py[co]|o|obj|a|so|dylib|dll|exe|class|gcda|gcno|log|pid|tmp|tsbuildinfo|sw[a-z])$|~$|^(?:\.DS_Store|Thumbs\.db|4913|\.coverage(?:\..*)?|\.eslintcache|\.stylelintcache)$|^\.#/

/** A folder with more entries is skipped: it contains data or a build, not hand-written files. */
const maxEntries = 50_000
/** The file system's clock may lag behind this much. */
const clockLagMs = 10

export async function findUncommitted(
  repository: Repository,
  tree: string,
  since: Since,
): Promise<Uncommitted[]> {
  const { ignored, others, submodules } = await repository.leftOut(tree)
  const look = createLook(repository.top, since)
  const ignoredFiles = new Set<string>()
  for (const path of ignored) for (const file of await look.changedFiles(path)) ignoredFiles.add(file)
  for (const path of since.written)
    if (ignored.some((entry) => isAt(path, entry)) && (await look.isThere(path))) ignoredFiles.add(path)
  const folders = ignored.filter((entry) => entry.endsWith("/"))
  const rules = await repository.ignoredBy(ignoredFiles.size === 0 ? [] : [...ignoredFiles, ...folders])
  const found = [...ignoredFiles].flatMap((path): Uncommitted[] => {
    const rule = rules.get(path)
    // A file in an ignored folder cannot be un-ignored alone.
    const folder = folders.find((entry) => rules.has(entry) && isAt(path, entry))
    return rule ? [{ path, reason: describeRule(rule, folder ?? path) }] : []
  })
  for (const path of others)
    for (const nested of await look.repositories(path))
      found.push({ path: nested.path, reason: nested.isNew ? madeRepository(nested.path) : foundRepository })
  for (const path of submodules) if (await look.hasChanged(path)) found.push({ path, reason: submodule })
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/** True for an entry itself and what lies in it. Both as git lists them: folders end with a slash. */
export function isAt(path: string, entry: string): boolean {
  return path === entry || (entry.endsWith("/") && path.startsWith(entry))
}

/** @param ignored the file, or the folder around it that is ignored as a whole */
function describeRule({ file, line, pattern, isOwn }: IgnoreRule, ignored: string): string {
  if (isOwn) return `Aura never commits what editors leave behind ("${pattern}"): rename it`
  const where = `line ${line} of ${showBytes(file)}, "${showBytes(pattern)}", ignores it`
  return `${where}: rename it, or un-ignore it by the line "!/${showBytes(ignored)}" in .gitignore`
}

function madeRepository(path: string): string {
  return `it is a git repository of its own, made during this task, and git takes nothing of it: remove its .git by a command (rm -rf ${quote(`${path}.git`)})`
}

const foundRepository =
  "it is a git repository of its own, which was there before this task: what was changed in it is not committed here. Undo that, or do without"

const submodule =
  "it is a submodule: what was changed in it belongs to another repository, and Aura does not commit there. Undo that, or do without"

function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${showBytes(path).replaceAll("'", "'\\''")}'`
}

function createLook(top: string, { ms, written }: Since) {
  let entries = 0
  const stat = async (path: string): Promise<Stats | undefined> =>
    await lstat(toPath(join(top, path))).catch(() => undefined)
  const isNew = (found: Stats) => found.ctimeMs >= ms - clockLagMs

  async function read(folder: string): Promise<string[]> {
    const names = await readdir(toPath(join(top, folder)), { encoding: "buffer" }).catch(() => [])
    entries += names.length
    return entries > maxEntries ? [] : names.map(toText)
  }

  async function changedFiles(path: string): Promise<string[]> {
    const name = posix.basename(path)
    const found = await stat(path)
    if (!found) return []
    if (!found.isDirectory()) return isNew(found) && !rebuildableFile.test(name) ? [path] : []
    if (rebuildableFolders.has(name) || name === ".git" || name.endsWith(".egg-info")) return []
    const files: string[] = []
    const folder = path.replace(/\/$/, "")
    for (const child of await read(folder)) files.push(...(await changedFiles(`${folder}/${child}`)))
    return files
  }

  async function hasChanged(path: string): Promise<boolean> {
    if ([...written].some((file) => isAt(file, path))) return true
    return (await changedFiles(path)).length > 0
  }

  /** Repositories in a folder that were made or changed since. */
  async function repositories(path: string): Promise<{ path: string; isNew: boolean }[]> {
    if (!path.endsWith("/")) return []
    const own = await stat(`${path}.git`)
    if (own) {
      const isMade = own.birthtimeMs >= ms - clockLagMs
      return isMade || (await hasChanged(path)) ? [{ path, isNew: isMade }] : []
    }
    const found = []
    for (const name of await read(path)) {
      const below = await stat(`${path}${name}`)
      if (below?.isDirectory() && !rebuildableFolders.has(name))
        found.push(...(await repositories(`${path}${name}/`)))
    }
    return found
  }

  return { changedFiles, hasChanged, repositories, isThere: async (path: string) => !!(await stat(path)) }
}
