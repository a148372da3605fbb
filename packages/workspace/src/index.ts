export { findBrowser, type Look, lookAtPage, type Seen } from "./browser/browser.ts"
export { showBytes } from "./byte-path.ts"
export type { CheckOptions, Checkout } from "./checkout.ts"
export { type Custody, createCustody } from "./custody/custody.ts"
export { isWithin, worktreesDir } from "./folder/folder.ts"
export type { Git } from "./git/git.ts"
export type { LoggedCommit } from "./git/history.ts"
export { findLeaks } from "./git/leaks.ts"
export { isAt, type Uncommitted } from "./git/uncommitted.ts"
export { distrust, findProgram, hostEnv, isTrustedFile } from "./host-program.mjs"
export { openLocalWorkspace } from "./local/local.ts"
export type { Machine } from "./local/place.ts"
export { type MediaStore, openMediaStore } from "./media-store.ts"
export { type MemoryFiles, openMemoryWorkspace } from "./memory/memory.ts"
export { openMemoryGit } from "./memory/memory-git.ts"
export { createMemoryDisk, type MemoryDisk } from "./memory/memory-place.ts"
export { openPlace } from "./open.ts"
export { createPatience } from "./patience.ts"
export type { Place, PlaceSnapshots } from "./place.ts"
export { reservedId } from "./sandbox/other-user.ts"
export { findSandbox, type Sandbox } from "./sandbox/sandbox.ts"
export { openBlobs } from "./snapshots/blobs.ts"
export { createSnapshots, type Moment, type Snapshots } from "./snapshots/snapshots.ts"
export { dependsOn, isSystemProgram } from "./system-programs.ts"
export { createTerminals, type Terminals } from "./terminals/terminals.ts"
export {
  describeOver,
  type Network,
  type RunOptions,
  type RunResult,
  toKept,
  type Workspace,
} from "./workspace.ts"
