/** Files that make git wait for ever: it opens these by name, and a pipe opens only once somebody writes to it. */
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { toPath, toText } from "../byte-path.ts"

const opened = new Set([".gitignore", ".gitattributes", ".gitmodules"])

/** @returns the path of the first one in a folder, relative to it */
export async function findBlockingFile(root: string): Promise<string | undefined> {
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
