/** The data directory, and the sentence for a person when it cannot be used. */
import { mkdir } from "node:fs/promises"
import { AuraError, isDiskFull } from "@aura/core"

/** @throws AuraError as `toUnusable` says */
export async function makeDataDir(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw toUnusable(path, cause)
  })
}

/** The sentence for a failure of the file system; anything else stays as it is. */
export function toUnusable(path: string, cause: unknown): unknown {
  const code = codeOf(cause)
  if (cause instanceof AuraError || code === undefined) return cause
  if (isDiskFull(cause))
    return new AuraError(
      "service_unavailable",
      `The disk of the data directory ${path} is full (${code}: no space, or no file, is left on it). Free some room, or set AURA_DATA_DIR to a folder on another disk.`,
      { reason: "disk_full" },
    )
  return new AuraError(
    "bad_request",
    `The data directory ${path} cannot be used (${code}). Set AURA_DATA_DIR to a folder you can write to.`,
  )
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && "code" in cause ? String(cause.code) : undefined
}
