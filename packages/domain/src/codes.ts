/** One-use secrets with an end: sign-in codes and socket tickets. Kept in memory only. */
import { createHash, randomBytes } from "node:crypto"

export type Codes = {
  /** A new code and when it stops working. `subject` is what it stands for. */
  issue(subject: string): { code: string; expiresAt: number }
  /** What the code stands for; it works once. `undefined` for wrong, used and late ones. */
  take(code: string): string | undefined
  /** Like `take`, but the code stays good. */
  peek(code: string): string | undefined
  /** No code that was issued works any more. */
  clear(): void
}

const most = 1000

export function createCodes(
  now: () => number,
  lifetimeMs: number,
  make: () => string = () => randomBytes(24).toString("base64url"),
): Codes {
  // Only digests are kept, so that a look into memory or a timing difference gives no code away.
  const open = new Map<string, { subject: string; expiresAt: number }>()
  const find = (code: string) => {
    const found = open.get(digest(code))
    return found && found.expiresAt > now() ? found.subject : undefined
  }
  return {
    issue(subject) {
      for (const [key, value] of open) if (value.expiresAt <= now() || open.size >= most) open.delete(key)
      const code = make()
      const expiresAt = now() + lifetimeMs
      open.set(digest(code), { subject, expiresAt })
      return { code, expiresAt }
    },
    take(code) {
      const subject = find(code)
      open.delete(digest(code))
      return subject
    },
    peek: find,
    clear: () => open.clear(),
  }
}

const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/** Ten letters of 32, none of them alike: 50 bits, as long as somebody likes to type. */
export function makePairingCode(): string {
  const text = [...randomBytes(10)].map((byte) => letters[byte % 32]).join("")
  return `${text.slice(0, 5)}-${text.slice(5)}`
}

/** A typed code as it was made. */
export function toPairingCode(typed: string): string {
  const text = typed.toUpperCase().replace(/[^0-9A-Z]/g, "")
  return `${text.slice(0, 5)}-${text.slice(5)}`
}

function digest(code: string): string {
  return createHash("sha256").update(code).digest("hex")
}
