/** The manifest of a release, accepted only with the signature of the key this Aura knows. */
import { createPublicKey, type KeyObject, verify } from "node:crypto"
import { AuraError, UpdateChannel } from "@aura/core"
import { z } from "zod"

export const Version = z.string().regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}(-[0-9A-Za-z.-]{1,64})?$/)

export const ReleaseFile = z.object({
  /** A file name relative to the manifest, never another location. */
  name: z.string().regex(/^[\w][\w.+-]{0,199}$/),
  bytes: z
    .number()
    .int()
    .positive()
    .max(2 ** 31),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type ReleaseFile = z.infer<typeof ReleaseFile>

const Manifest = z.object({
  version: Version,
  /** Signed too, so that a nightly cannot be offered as stable. */
  channel: UpdateChannel,
  /** By what this machine needs, such as `linux-x64-deb`. */
  files: z.record(z.string(), ReleaseFile),
})
export type Manifest = z.infer<typeof Manifest>

/** @param text an ed25519 public key: SPKI, base64 */
export function readKey(text: string): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(text, "base64"), format: "der", type: "spki" })
    if (key.asymmetricKeyType === "ed25519") return key
  } catch {
    // Said below.
  }
  throw new AuraError("bad_request", "AURA_UPDATE_KEY is no ed25519 public key (SPKI, base64).")
}

/**
 * @param bytes as they came: the signature is over exactly these
 * @throws AuraError `forbidden` when the signature is not the key's, `bad_gateway` when it says nothing usable
 */
export function readManifest(
  bytes: Buffer,
  signature: string,
  key: KeyObject,
  channel: UpdateChannel,
): Manifest {
  const isSigned = verify(null, bytes, key, Buffer.from(signature.trim(), "base64"))
  if (!isSigned)
    throw new AuraError("forbidden", "The release is not signed by Aura's key; it was not taken.")
  const manifest = Manifest.safeParse(parse(bytes)).data
  if (!manifest) throw new AuraError("bad_gateway", "The release cannot be read.")
  if (manifest.channel !== channel)
    throw new AuraError("forbidden", `The release is of the channel ${manifest.channel}, not ${channel}.`)
  return manifest
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"))
  } catch {
    return undefined
  }
}

/** True when `offered` is newer than `now`; an older version is never installed, even with a valid signature. */
export function isNewer(offered: string, now: string): boolean {
  const [a, b] = [split(offered), split(now)]
  for (const [i, part] of a.numbers.entries()) {
    const other = b.numbers[i] ?? 0
    if (part !== other) return part > other
  }
  if (a.pre === "" || b.pre === "") return a.pre === "" && b.pre !== ""
  return a.pre.localeCompare(b.pre, "en", { numeric: true }) > 0
}

function split(version: string): { numbers: number[]; pre: string } {
  const [core = "", ...rest] = version.split("-")
  return { numbers: core.split(".").map(Number), pre: rest.join("-") }
}
