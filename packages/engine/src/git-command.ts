/** One git command at a time: guarded settings, a clean environment, an index of its own where one is needed. */
import { execFile } from "node:child_process"
import { randomUUID } from "node:crypto"
import { rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { AuraError } from "@aura/core"
import { cleanEnv } from "./workspaces/process.ts"

/** A temporary index, so that the user's own is never touched. */
export async function withIndex<T>(use: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const file = join(tmpdir(), `aura-index-${randomUUID()}`)
  try {
    return await use({ GIT_INDEX_FILE: file })
  } finally {
    await rm(file, { force: true })
  }
}

const guards = [
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "core.fsmonitor=false",
  "-c",
  "commit.gpgSign=false",
  "-c",
  "core.quotePath=false",
]

/** @throws AuraError with what git said */
export async function run(
  cwd: string,
  args: readonly string[],
  options: { env?: Record<string, string>; input?: string } = {},
): Promise<string> {
  return await new Promise((resolve, reject) => {
    const env = { ...cleanEnv(), ...options.env }
    const child = execFile(
      "git",
      [...guards, ...args],
      { cwd, env, maxBuffer: 256 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout.replace(/\n$/, ""))
        if (error.code === "ENOENT")
          return reject(
            new AuraError("service_unavailable", "git is not installed. Aura needs it to keep the work."),
          )
        reject(new AuraError("conflict", `git ${args[0]} failed: ${stderr.trim() || error.message}`))
      },
    )
    child.stdin?.on("error", () => undefined)
    child.stdin?.end(options.input ?? "")
  })
}

/** The user's git identity, or Aura's own where none is set. */
export async function identity(root: string): Promise<Record<string, string>> {
  const known = await run(root, ["var", "GIT_AUTHOR_IDENT"]).then(
    () => true,
    () => false,
  )
  if (known) return {}
  return {
    GIT_AUTHOR_NAME: "Aura",
    GIT_AUTHOR_EMAIL: "aura@localhost",
    GIT_COMMITTER_NAME: "Aura",
    GIT_COMMITTER_EMAIL: "aura@localhost",
  }
}
