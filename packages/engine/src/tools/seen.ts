/** What a session has seen of files, so that it overwrites nothing it does not know. */
import { createHash } from "node:crypto"
import { posix } from "node:path"

export type Seen = {
  /** The session knows this text of the file: it read or wrote it. */
  note(path: string, text: string): void
  /** True when the file holds another text than the session knows. A file it never saw has not changed for it. */
  hasChanged(path: string, text: string): boolean
}

export function createSeen(): Seen {
  const known = new Map<string, string>()
  const digest = (text: string) => createHash("sha256").update(text).digest("base64")
  return {
    note: (path, text) => void known.set(posix.normalize(path), digest(text)),
    hasChanged: (path, text) => (known.get(posix.normalize(path)) ?? digest(text)) !== digest(text),
  }
}
