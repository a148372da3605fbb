/** The in-memory twin of a place. Its disk survives a simulated crash. */
import type { Checkout } from "../checkout.ts"
import type { Place, Prepared } from "../place.ts"
import type { SnapshotRows } from "../snapshots/snapshots.ts"
import { type MemoryFiles, type MemoryOptions, openMemoryWorkspace } from "./memory.ts"
import { openMemoryCheckout } from "./memory-checkout.ts"
import { createMemoryRepository, type MemoryRepository, openMemoryGit } from "./memory-git.ts"
import { type KeptFiles, openMemorySnapshots } from "./memory-snapshots.ts"

/** Survives a simulated crash. */
export type MemoryDisk = { files: MemoryFiles; repository: MemoryRepository; kept: KeptFiles }

export function createMemoryDisk(files: MemoryFiles = new Map()): MemoryDisk {
  return { files, repository: createMemoryRepository(), kept: new Map() }
}

export type MemoryPlaceOptions = Omit<MemoryOptions, "files"> & {
  disk: MemoryDisk
  newId: () => string
  rows: SnapshotRows
}

export function openMemoryPlace({ disk, newId, rows, ...clock }: MemoryPlaceOptions): Place {
  const { files, repository, kept } = disk
  const workspace = openMemoryWorkspace({ ...clock, files })
  const git = openMemoryGit(files, repository)
  const checkout = (): Checkout => openMemoryCheckout({ ...clock, repository })
  const { root } = workspace
  return {
    root,
    workspace,
    snapshots: openMemorySnapshots({ files, kept, root, newId, rows }),
    terminals: { kind: "unavailable", reason: "A folder in memory has no shell." },
    hostFiles: { kind: "unavailable", reason: "A folder in memory has no files on this machine." },
    describeMachine: async () => "a folder in memory, whose shell knows a few commands",
    check: async () => root,
    findGit: async () => git,
    checkout: async () => checkout(),
    prepare: async (): Promise<Prepared> => ({ workspace, git, checkout: checkout(), notes: [] }),
  }
}
