/** The files of a tree in a folder of their own, beside the repository: as a clone has them, and what became of them. */
import { posix } from "node:path"
import type { Repository } from "./repository.ts"

export type WrittenTree = { paths: string[]; links: string[]; attributes: string }

export type TreeFolder = {
  /**
   * Makes the folder hold the files of a tree and nothing else. Files that lie there as they were written, which their
   * inode and the time of their last change show, are not written again.
   * @returns the paths of its files, and of submodules, which are left empty; and what tells how text is converted, for
   * where that differs from the last time, unchanged files have to be written again as well
   */
  write(tree: string): Promise<WrittenTree>
  /** Files that have another content now, or are gone. */
  findChanged(): Promise<string[]>
  /** Makes the tree's files what they were, and learns how they lie there now. */
  restore(): Promise<void>
}

/** @param index a file of its own, in which git keeps how the files were written */
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
      // First, for attributes that a command wrote would be followed.
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
