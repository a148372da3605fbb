/** One git command at a time: guarded settings and a clean environment. `repository.ts` says in which git directory. */
import { statfs } from "node:fs/promises"
import { AuraError } from "@aura/core"
import { showBytes, toBytes, toText } from "../byte-path.ts"
import { findProgram, hostEnv } from "../host-program.mjs"
import { cleanEnv } from "../run/process.ts"
import { type ProgramResult, runProgram } from "../run/program.ts"

/** What a repository's own configuration cannot say otherwise: nothing of it is executed, nothing is fetched. */
const guards = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.quotePath=false",
  "log.showSignature=false",
  "safe.bareRepository=explicit",
  "advice.addEmbeddedRepo=false",
].flatMap((setting) => ["-c", setting])

const guardedEnv = {
  LC_ALL: "C",
  GIT_ALLOW_PROTOCOL: "none",
  GIT_NO_LAZY_FETCH: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_OPTIONAL_LOCKS: "0",
}

const maxOutputBytes = 256 * 1024 * 1024

export type GitOptions = {
  env?: Record<string, string>
  /** Paths in it as `byte-path.ts` makes them text, like those in what git prints. */
  input?: string
  /** True: what it prints is a file's text, and given to its last byte; otherwise a closing newline is left out. */
  isText?: boolean
  /** True: a warning counts as a failure. */
  isStrict?: boolean
  /** 10 minutes by default. A git that takes longer waits for something that does not come, such as a pipe. */
  timeoutMs?: number
  /** Ends git; its reason is the failure. */
  signal?: AbortSignal
}

export type GitResult = { stdout: string; stderr: string }

/** @throws AuraError `conflict` with what git said, `service_unavailable` where there is no git */
export async function runGit(
  cwd: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitResult> {
  const git = findProgram("git")
  if (!git)
    throw new AuraError(
      "service_unavailable",
      "git was not found in the system's folders, nor in one of PATH that only you can write to. Aura needs it to keep the work.",
    )
  const { timeoutMs = 10 * 60 * 1000, signal } = options
  const folders = ["GIT_DIR", "GIT_OBJECT_DIRECTORY"].flatMap((name) => options.env?.[name] ?? [])
  const result = await runProgram({
    file: git,
    args: [...guards, ...args],
    cwd,
    env: { ...hostEnv(cleanEnv()), ...guardedEnv, ...sudoEnv(), ...options.env },
    input: toBytes(options.input ?? ""),
    timeoutMs,
    maxBytes: maxOutputBytes,
    signal,
  })
  const stderr = toText(result.stderr)
  if (result.exitCode === 0 && !(options.isStrict && stderr !== "")) {
    if (options.isText) return { stdout: result.stdout.toString("utf8"), stderr }
    return { stdout: toText(result.stdout).replace(/\n$/, ""), stderr }
  }
  if (signal?.aborted && signal.reason instanceof AuraError) throw signal.reason
  if (result.over === "time")
    throw new AuraError(
      "conflict",
      `git ${args[0]} did not end within ${Math.round(timeoutMs / 1000)} s in ${cwd}. Something that is not a plain file, such as a pipe, may lie in its .git folder.`,
    )
  const why = showBytes(stderr.trim()) || result.error || describeEnd(result)
  throw new AuraError("conflict", `git ${args[0]} failed: ${why}`, {
    exitCode: result.exitCode,
    said: stderr.trim(),
    // An exit code of 1 is an answer. Of other failures git does not always tell that the disk is the cause.
    ...(result.exitCode !== 1 && (await hasNoRoom([cwd, ...folders])) ? { reason: "disk_full" } : {}),
  })
}

const leastRoomBytes = 1024 * 1024
/** A git that failed has removed what it could make. */
const leastInodes = 64

/** True where the disk of a folder has no room, or no inode left. File systems without inodes have 0 of 0. */
async function hasNoRoom(folders: readonly string[]): Promise<boolean> {
  const found = await Promise.all(folders.map((path) => statfs(path).catch(() => undefined)))
  return found.some(
    (disk) =>
      disk !== undefined &&
      (disk.bavail * disk.bsize < leastRoomBytes || (disk.files > 0 && disk.ffree < leastInodes)),
  )
}

function describeEnd({ exitCode, over }: ProgramResult): string {
  if (over === "output") return `it printed more than ${maxOutputBytes / 1024 / 1024} MB`
  return exitCode === null ? "it was ended" : `it exited with ${exitCode}`
}

/** What git exited with; null when it could not be started or was ended, undefined for what is not git's failure. */
export function exitCodeOf(cause: unknown): number | null | undefined {
  const code = cause instanceof AuraError ? cause.details?.exitCode : undefined
  return typeof code === "number" || code === null ? code : undefined
}

/** What git printed as the reason of its failure; "" for what is not git's. */
export function saidOf(cause: unknown): string {
  const said = cause instanceof AuraError ? cause.details?.said : undefined
  return typeof said === "string" ? said : ""
}

/** Set by sudo: git trusts the folders of whoever called it. */
function sudoEnv(): Record<string, string> {
  const { SUDO_UID } = process.env
  return SUDO_UID ? { SUDO_UID } : {}
}
