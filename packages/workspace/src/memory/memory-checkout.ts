/** The in-memory twin of a clean checkout. */
import type { Checkout } from "../checkout.ts"
import { type MemoryOptions, openMemoryWorkspace } from "./memory.ts"
import type { MemoryRepository } from "./memory-git.ts"

export type MemoryCheckoutOptions = Omit<MemoryOptions, "files"> & { repository: MemoryRepository }

export function openMemoryCheckout({ repository, ...clock }: MemoryCheckoutOptions): Checkout {
  const files = new Map<string, string>()
  let base: ReadonlyMap<string, string> = new Map()
  let kept: ReadonlyMap<string, string> = new Map()
  const fill = (source: ReadonlyMap<string, string>) => {
    files.clear()
    for (const [path, text] of source) files.set(path, text)
  }
  const folder = openMemoryWorkspace({ ...clock, files })
  return {
    folder,
    async reset(tree) {
      base = repository.trees.get(tree) ?? new Map()
      fill(base)
    },
    run: folder.run,
    touched: async () =>
      [...base.keys()].flatMap((path) =>
        files.get(path) === base.get(path) ? [] : [{ path, isChanged: true }],
      ),
    async keep() {
      kept = new Map([...files, ...base])
    },
    goBack: async () => fill(kept),
    remove: async () => files.clear(),
  }
}
