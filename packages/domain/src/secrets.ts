/** Seals small secrets with AES-256-GCM: protects copies and backups of the database. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto"

/** @returns base64 of nonce, tag and cipher text */
export function seal(key: Uint8Array, text: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv("aes-256-gcm", key, nonce)
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64")
}

/** @throws when the key is another or the text was changed */
export function unseal(key: Uint8Array, sealed: string): string {
  const bytes = Buffer.from(sealed, "base64")
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8")
}

/** Enough to recognise a key, too little to use it. */
export function mask(secret: string): string {
  return secret.length < 16 ? "••••" : `${secret.slice(0, 7)}…${secret.slice(-4)}`
}
