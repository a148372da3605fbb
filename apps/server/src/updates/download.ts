/** Downloads a file of a release, up to the size it states, and keeps it only if the digest matches. */
import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { mkdir, open, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import { AuraError } from "@aura/core"
import { fetchLean } from "@aura/model"
import type { ReleaseFile } from "./manifest.ts"

/** @throws AuraError `bad_gateway` when it cannot be had, or is too long to be a manifest */
export async function fetchSmall(url: string, signal: AbortSignal): Promise<Buffer> {
  const response = await get(url, signal)
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response) {
    bytes += part.length
    if (bytes > 64 * 1024) throw new AuraError("bad_gateway", `${url} is too long.`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/**
 * @param tell called with how many bytes are here
 * @returns the file's path
 */
export async function download(
  base: string,
  file: ReleaseFile,
  folder: string,
  tell: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const target = join(folder, file.name)
  if (await isWhole(target, file)) return target
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const body = await get(`${base}/${file.name}`, signal)
  const part = `${target}.part`
  let bytes = 0
  async function* count() {
    for await (const piece of body) {
      bytes += piece.length
      if (bytes > file.bytes)
        throw new AuraError("bad_gateway", `${file.name} is longer than the release says.`)
      tell(bytes)
      yield piece
    }
  }
  try {
    // Opened first: a stream aborted while it opens its file would leave the file behind.
    const out = await open(part, "w", 0o600)
    await pipeline(count, out.createWriteStream())
    if (!(await isWhole(part, file)))
      throw new AuraError("forbidden", `${file.name} is not what the release says; it was thrown away.`)
    await rename(part, target)
  } finally {
    await rm(part, { force: true })
  }
  return target
}

/** True when the file is there, with the digest the release names. */
export async function isWhole(path: string, file: ReleaseFile): Promise<boolean> {
  const hash = createHash("sha256")
  try {
    for await (const piece of createReadStream(path)) hash.update(piece)
  } catch {
    return false
  }
  return hash.digest("hex") === file.sha256
}

async function get(url: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const response = await fetchLean(url, { signal }).catch((cause: unknown) => {
    if (signal.aborted) throw cause
    throw new AuraError("bad_gateway", `${url} cannot be reached.`)
  })
  if (!response.ok || !response.body)
    throw new AuraError("bad_gateway", `${url} answered ${response.status}.`)
  return response.body
}
