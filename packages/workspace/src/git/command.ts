/** One git command at a time: guarded settings and a clean environment. `repository.ts` says in which git directory. */
import { execFile } from "node:child_process"
import { AuraError } from "@aura/core"
import { showBytes, toBytes, toText } from "../byte-path.ts"
import { findProgram, hostEnv } from "../host-program.mjs"
import { cleanEnv } from "../run/process.ts"

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
  const { timeoutMs = 10 * 60 * 1000 } = options
  return await new Promise((resolve, reject) => {
    const env = { ...hostEnv(cleanEnv()), ...guardedEnv, ...sudoEnv(), ...options.env }
    const child = execFile(
      git,
      [...guards, ...args],
      {
        cwd,
        env,
        encoding: "buffer",
        maxBuffer: 256 * 1024 * 1024,
        timeout: timeoutMs,
        killSignal: "SIGKILL",
        ...(options.signal ? { signal: options.signal } : {}),
      },
      (error, out, err) => {
        const stdout = options.isText ? out.toString("utf8") : toText(out)
        const stderr = toText(err)
        if (!error && !(options.isStrict && stderr !== ""))
          return resolve({ stdout: options.isText ? stdout : stdout.replace(/\n$/, ""), stderr })
        if (options.signal?.aborted && options.signal.reason instanceof AuraError)
          return reject(options.signal.reason)
        if (error?.killed)
          return reject(
            new AuraError(
              "conflict",
              `git ${args[0]} did not end within ${Math.round(timeoutMs / 1000)} s in ${cwd}. Something that is not a plain file, such as a pipe, may lie in its .git folder.`,
            ),
          )
        const exitCode = typeof error?.code === "number" ? error.code : null
        reject(
          new AuraError("conflict", `git ${args[0]} failed: ${showBytes(stderr.trim()) || error?.message}`, {
            exitCode,
            said: stderr.trim(),
          }),
        )
      },
    )
    child.stdin?.on("error", () => undefined)
    child.stdin?.end(toBytes(options.input ?? ""))
  })
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
