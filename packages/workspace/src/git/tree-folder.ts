/** The files of a tree in a separate folder, as in a clone, and which of them changed. */
import { posix } from "node:path"
import type { Repository } from "./repository.ts"

export type WrittenTree = { paths: string[]; links: string[]; attributes: string }

export type TreeFolder = {
  /**
   * Makes the folder contain the files of a tree and nothing else. Files that are unchanged, as their
   * inode and change time show, are not rewritten.
   * @returns the paths of its files, and of submodules, which are left empty; and what tells how text is converted, for
   * where that differs from the last time, unchanged files have to be written again as well
   */
  write(tree: string): Promise<WrittenTree>
  /** Files that were changed or removed. */
  findChanged(): Promise<string[]>
  /** Restores the files of the tree and records their new state. */
  restore(): Promise<void>
}

/** @param index a separate index file, in which git records the written files */
export function openTreeFolder(
  { files }: Pick<Repository, "files">,
  folder: string,
  index: string,
): TreeFolder {
  const env = { GIT_WORK_TREE: folder, GIT_INDEX_FILE: index }
  const git = async (...args: string[]) =>
    await files(["-c", "core.sparseCheckout=false", ...args], { env, cwd: folder })
  const list = async (...args: string[]) => (await git("ls-files", "-z", ...args)).split("\0").filter(Boolean)
  const restore = async () => void (await git("checkout-index", "--all", "--force", "--index", "--quiet"))
  return {
    async write(tree) {
      // First, since git would follow attributes that a command wrote.
      await git("clean", "-ffdxq")
      await git("read-tree", "--reset", "-u", tree)
      let attributes = ""
      const paths: string[] = []
      const links: string[] = []
      for (const row of await list("--stage")) {
        const path = row.slice(row.indexOf("\t") + 1)
        ;(row.startsWith("160000") ? links : paths).push(path)
        if (posix.basename(path) === ".gitattributes") attributes += `${row}\0`
      }
      return { paths, links, attributes }
    },
    findChanged: async () => [...new Set(await list("--modified", "--deleted"))],
    restore,
  }
}
