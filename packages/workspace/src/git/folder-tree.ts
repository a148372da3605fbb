/** Writes the current folder as a tree, through an index of Aura's own. */
import { lstat, rm } from "node:fs/promises"
import { join } from "node:path"
import { toPath } from "../byte-path.ts"
import { inTurn } from "../folder/in-turn.ts"
import { exitCodeOf, type GitOptions, type GitResult, saidOf } from "./command.ts"
import { putExcludes } from "./own-directory.ts"

/** Messages of git about files that changed or disappeared while it read them. */
const isComing = /unable to stat|short read|unable to index file|open\("[^"]*"\): No such file/
const maxTries = 50

type Options = {
  top: string
  commonDir: string
  /** Aura's own git directory. */
  own: string
  emptyTree: string
  /** Runs git on the files of the folder. */
  git(args: readonly string[], options: GitOptions & { cwd?: string }): Promise<GitResult>
}

/** @returns a function that writes the tree of the folder, based on another tree */
export function createFolderTree({ top, commonDir, own, emptyTree, git }: Options) {
  const index = { GIT_INDEX_FILE: join(own, "index") }
  const files = async (args: readonly string[], options: GitOptions & { cwd?: string }) =>
    (await git(args, options)).stdout
  /** Repositories inside this one are not part of it: submodules in HEAD's tree, and others found in the folder. */
  let submodules: { of: string; paths: readonly string[] } = { of: emptyTree, paths: [] }
  let strays: readonly string[] = []

  /** The index keeps the state of unchanged files between calls, so that git reads only the others. */
  async function fill(headTree: string): Promise<void> {
    await files(["read-tree", "-i", "--reset", headTree], { env: index })
    if (submodules.of === headTree) return
    const rows = (await files(["ls-files", "--stage", "-z"], { env: index, cwd: top })).split("\0")
    const links = rows.filter((row) => row.startsWith("160000"))
    submodules = { of: headTree, paths: links.map((row) => row.slice(row.indexOf("\t") + 1)) }
  }

  /**
   * Adds everything except nested repositories, which git would read with their own configuration. One without a commit
   * makes git fail, one with a commit is removed again; both are remembered. Files may change meanwhile.
   */
  async function add(tries = 1): Promise<void> {
    const left = [
      ...(await existing(submodules.paths.map((path) => [path, join(top, path)]))),
      ...(await existing(strays.map((path) => [path, join(top, path, ".git")]))),
    ]
    const paths = [".", ...left.map((path) => `:(top,exclude,literal)${path}`)].join("\0")
    const args = ["add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul"]
    const result = await git(args, { env: index, input: paths }).catch((cause: unknown) => {
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

  async function tryFolder(headTree: string): Promise<string> {
    await putExcludes(own, commonDir)
    await fill(headTree)
    await add()
    return await files(["write-tree"], { env: index })
  }

  return async (headTree: string): Promise<string> =>
    // One at a time for each of Aura's git directories.
    await inTurn(own, async () => {
      // No other process holds it: it is left over from a killed git.
      await rm(`${index.GIT_INDEX_FILE}.lock`, { force: true })
      return await tryFolder(headTree).catch(async (cause: unknown) => {
        if (exitCodeOf(cause) === undefined) throw cause
        // A truncated index, after a crash, only costs one more attempt.
        await rm(index.GIT_INDEX_FILE, { force: true })
        return await tryFolder(headTree)
      })
    })
}

/** The names whose paths exist. */
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
