/** Detects files that block git forever: it opens these names, and opening a pipe blocks until somebody writes to it. */
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { AuraError } from "@aura/core"
import { toPath, toText } from "../byte-path.ts"

const opened = new Set([".gitignore", ".gitattributes", ".gitmodules"])

/** @returns the path of the first one in a folder, relative to it */
async function findBlockingFile(root: string): Promise<string | undefined> {
  const open = [""]
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of await readdir(toPath(join(root, folder)), {
      withFileTypes: true,
      encoding: "buffer",
    }).catch(() => [])) {
      const name = toText(entry.name)
      const path = join(folder, name)
      if (entry.isDirectory() && name !== ".git") open.push(path)
      else if (opened.has(name) && !entry.isFile() && !entry.isSymbolicLink() && !entry.isDirectory())
        return path
    }
  }
  return undefined
}

const suspiciousMs = 3_000

/** Ends a git command that blocks on a pipe in the folder. */
export function watchForBlocking(top: string): { signal: AbortSignal; stop(): void } {
  const abort = new AbortController()
  const look = async () => {
    const path = await findBlockingFile(top)
    if (path === undefined) return
    abort.abort(
      new AuraError(
        "conflict",
        `${join(top, path)} is not a plain file, and git waits for ever to read it. Remove it.`,
      ),
    )
  }
  const timer = setInterval(() => void look(), suspiciousMs)
  return { signal: abort.signal, stop: () => clearInterval(timer) }
}
