/** The memory of Aura, on disk and in memory. */
export type { Damage } from "./damage.ts"
export { type Clean, createDiscreetStore } from "./discreet.ts"
export { openMemoryStore } from "./memory.ts"
export { createPatientStore } from "./patient.ts"
export type { LostRow } from "./read.ts"
export { listNamesOfCheckpoints as listCheckpoints, type Restored, restoreCheckpoint } from "./restore.ts"
export { type OpenedStore, type OpenOptions, openStore } from "./rocks.ts"
export type { Change, Decide, Read, Store } from "./store.ts"
