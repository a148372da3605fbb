/**
 * Locates the repository of a folder from the file system and git's own back pointer, and never trusts
 * the folder alone: a `.git` file that names another directory counts only if that directory names the folder in return.
 */
import { constants } from "node:fs"
import { type FileHandle, lstat, open, readdir, realpath } from "node:fs/promises"
import { dirname, join, resolve, sep } from "node:path"
import { AuraError } from "@aura/core"
import { runGit } from "./command.ts"
import { refuseOddFiles } from "./files.ts"

export type GitLocation = {
  /** The folder that holds `.git`; real path. */
  top: string
  /** The repository's own files, and those that a linked worktree shares with others; real paths. */
  gitDir: string
  commonDir: string
  /** The identity of `.git` at that time; see `readMark`. */
  mark: string
}

const largestPointer = 4096

/**
 * @param root a real path
 * @returns undefined where neither the folder nor one above it has a `.git`
 * @throws AuraError `conflict` for a `.git` that is not a repository of this folder, or leads out of it by links
 */
export async function findGitLocation(root: string): Promise<GitLocation | undefined> {
  for (let top = root; ; top = dirname(top)) {
    const place = await placeAt(top)
    if (place) return place
    if (dirname(top) === top) return undefined
  }
}

/** A text that identifies the `.git` of a folder and changes when it is replaced; "" if there is none. */
export async function readMark(top: string): Promise<string> {
  const path = join(top, ".git")
  const found = await lstat(path, { bigint: true }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined
    throw new AuraError("conflict", `${path} cannot be looked at (${cause.code}).`)
  })
  if (!found) return ""
  if (found.isDirectory()) return (await isEmpty(path)) ? "" : `folder ${found.dev}:${found.ino}`
  if (found.isFile()) return `file ${await readPointer(path)}`
  throw new AuraError(
    "conflict",
    `${path} is ${found.isSymbolicLink() ? "a link" : "neither a file nor a folder"}. Aura works only with a repository whose .git is a folder, or a file that git wrote.`,
  )
}

async function placeAt(top: string): Promise<GitLocation | undefined> {
  const mark = await readMark(top)
  const path = join(top, ".git")
  if (mark === "") return undefined
  if (mark.startsWith("folder")) {
    await refuseOddFiles(path)
    return { top, gitDir: path, commonDir: path, mark }
  }
  const named = /^file gitdir: ([^\n]+)\n?$/.exec(mark)?.[1]
  if (named === undefined)
    throw new AuraError("conflict", `${path} is a file that does not name a repository. Remove or fix it.`)
  const gitDir = await realpath(resolve(top, named)).catch(() =>
    refuse(
      path,
      named,
      "which is not there. If the folder was moved, run `git worktree repair` in the repository it belongs to",
    ),
  )
  await refuseOddFiles(gitDir)
  const commonDir = (await commonOf(gitDir, path)) ?? (await submoduleOf(gitDir, top))
  if (!commonDir)
    return refuse(
      path,
      named,
      "which does not name this folder in return. If the folder was moved, run `git worktree repair` in the repository it belongs to",
    )
  if (commonDir !== gitDir) await refuseOddFiles(commonDir)
  return { top, gitDir, commonDir, mark }
}

function refuse(path: string, named: string, why: string): never {
  throw new AuraError("conflict", `${path} points to ${named}, ${why}.`)
}

/** For `…/worktrees/NAME` of a repository that lists this `.git` as one of its worktrees. */
async function commonOf(gitDir: string, dotGit: string): Promise<string | undefined> {
  const [back, common] = await Promise.all(
    ["gitdir", "commondir"].map(async (name) =>
      readSmall(join(gitDir, name)).then(
        (text) => resolve(gitDir, text.replace(/\n$/, "")),
        () => undefined,
      ),
    ),
  )
  if (back === undefined || common === undefined) return undefined
  const [realBack, realCommon] = await Promise.all([real(back), real(common)])
  return realBack === dotGit && realCommon !== undefined && dirname(gitDir) === join(realCommon, "worktrees")
    ? realCommon
    : undefined
}

/** For `…/modules/NAME` of a repository, whose configuration says where the submodule's files lie. */
async function submoduleOf(gitDir: string, top: string): Promise<string | undefined> {
  if (!gitDir.split(sep).includes("modules")) return undefined
  const asked = ["config", "--no-includes", "--file", join(gitDir, "config"), "--get", "core.worktree"]
  const { stdout } = await runGit(dirname(gitDir), asked, { timeoutMs: 15_000 }).catch(() => ({ stdout: "" }))
  return stdout !== "" && (await real(resolve(gitDir, stdout))) === top ? gitDir : undefined
}

async function real(path: string): Promise<string | undefined> {
  return await realpath(path).catch(() => undefined)
}

async function isEmpty(path: string): Promise<boolean> {
  return (
    (
      await readdir(path).catch((cause: NodeJS.ErrnoException) => {
        // The empty folder of a sandbox was removed meanwhile.
        if (cause.code === "ENOENT") return []
        throw new AuraError("conflict", `${path} cannot be read (${cause.code}).`)
      })
    ).length === 0
  )
}

async function readPointer(path: string): Promise<string> {
  return await readSmall(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause instanceof AuraError) throw cause
    throw new AuraError("conflict", `${path} cannot be read (${cause.code}).`)
  })
}

/** The text of a small plain file; neither follows a link nor waits for a pipe. */
async function readSmall(path: string): Promise<string> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW
  const file: FileHandle = await open(path, flags)
  try {
    const found = await file.stat()
    if (!found.isFile() || found.size > largestPointer)
      throw new AuraError("conflict", `${path} is not a file that git wrote.`)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(largestPointer), 0, largestPointer, 0)
    return buffer.subarray(0, bytesRead).toString("utf8")
  } finally {
    await file.close()
  }
}
