/** Names that look the same may be written in two Unicode forms (NFC and NFD), as they come from macOS and elsewhere. */
import { posix } from "node:path"
import type { Workspace } from "@aura/workspace"

/** The path as it is there, where only a name in another form is; otherwise as it was asked for. */
export async function findPath(workspace: Workspace, path: string): Promise<string> {
  // Plain letters have one form.
  if (!/[^\0-\x7f]/.test(path) || (await workspace.exists(path))) return path
  let found = "."
  for (const part of posix.normalize(path).split("/")) {
    const here = posix.join(found, part)
    const isSame = !/[^\0-\x7f]/.test(part) || (await workspace.exists(here))
    const entries = isSame ? [] : await workspace.list(found).catch(() => [])
    const other = entries.find(({ name }) => name.normalize("NFC") === part.normalize("NFC"))
    found = other ? posix.join(found, other.name) : here
  }
  return found
}
