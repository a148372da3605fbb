/** The files of a tree in a folder of their own, beside the repository: as a clone has them, and what became of them. */
import type { Repository } from "./repository.ts"

export type TreeFolder = {
  /**
   * Writes the files of a tree; the folder has to be empty.
   * @returns the paths of its files, and of submodules, which are left empty
   */
  write(tree: string): Promise<{ paths: string[]; links: string[] }>
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
      await git("read-tree", tree)
      await restore()
      const paths: string[] = []
      const links: string[] = []
      for (const row of await list("--stage"))
        (row.startsWith("160000") ? links : paths).push(row.slice(row.indexOf("\t") + 1))
      return { paths, links }
    },
    findChanged: async () => [...new Set(await list("--modified", "--deleted"))],
    restore,
  }
}
