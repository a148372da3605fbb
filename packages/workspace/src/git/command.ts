/** Runs one git command with safe settings and a clean environment. `repository.ts` chooses the git directory. */
import { statfs } from "node:fs/promises"
import { AuraError } from "@aura/core"
import { showBytes, toBytes, toText } from "../byte-path.ts"
import { findProgram, hostEnv } from "../host-program.mjs"
import { cleanEnv } from "../run/process.ts"
import { type ProgramResult, runProgram } from "../run/program.ts"

/** Overrides the repository's own configuration: nothing it names is executed, and nothing is fetched. */
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
  /** Paths in it are encoded as by `byte-path.ts`, like those in git's output. */
  input?: string
  /** True: the output is the text of a file and kept to its last byte; otherwise the final newline is removed. */
  isText?: boolean
  /** True: a warning counts as a failure. */
  isStrict?: boolean
  /** 10 minutes by default. A command that takes longer is blocked, for example by a pipe. */
  timeoutMs?: number
  /** Aborts git; its reason becomes the error. */
  signal?: AbortSignal
}

export type GitResult = { stdout: string; stderr: string }

/** @throws AuraError `conflict` with git's message, `service_unavailable` if git is not installed */
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
    // Exit code 1 is a result. For other failures git does not always report that the disk is full.
    ...(result.exitCode !== 1 && (await hasNoRoom([cwd, ...folders])) ? { reason: "disk_full" } : {}),
  })
}

const leastRoomBytes = 1024 * 1024
/** After a failure, git has removed what it wrote. */
const leastInodes = 64

/** True when the disk of a folder has no space or no inodes left. File systems without inodes report 0 of 0. */
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

/** The exit code of git; null when it could not start or was killed, undefined for other errors. */
export function exitCodeOf(cause: unknown): number | null | undefined {
  const code = cause instanceof AuraError ? cause.details?.exitCode : undefined
  return typeof code === "number" || code === null ? code : undefined
}

/** The error message of git; "" for other errors. */
export function saidOf(cause: unknown): string {
  const said = cause instanceof AuraError ? cause.details?.said : undefined
  return typeof said === "string" ? said : ""
}

/** Set by sudo: git trusts the folders of the user who called it. */
function sudoEnv(): Record<string, string> {
  const { SUDO_UID } = process.env
  return SUDO_UID ? { SUDO_UID } : {}
}
