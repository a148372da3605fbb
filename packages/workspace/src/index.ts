export { showBytes } from "./byte-path.ts"
export type { CheckOptions, Checkout } from "./checkout.ts"
export { createGit, type Git } from "./git/git.ts"
export { findHarmless, findLeaks } from "./git/leaks.ts"
export { checkRepository } from "./git/open.ts"
export { gitHome } from "./git/own-directory.ts"
export { splitDiff } from "./git/raw-diff.ts"
export { openRepository, type Repository } from "./git/repository.ts"
export { isAt, type Uncommitted } from "./git/uncommitted.ts"
export { distrust, findProgram, hostEnv, isTrustedFile } from "./host-program.mjs"
export { openLocalCheckout } from "./local/checkout.ts"
export { checkFolder, isWithin, refuseReplaced, worktreesDir } from "./local/folder.ts"
export { resolveInside } from "./local/inside.ts"
export { openLocalWorkspace } from "./local/local.ts"
export { type Found, findText, listAll, ripgrep } from "./local/ripgrep.ts"
export { describeMachine } from "./machine.ts"
export { type MediaStore, openMediaStore } from "./media-store.ts"
export { type MemoryFiles, openMemoryWorkspace } from "./memory/memory.ts"
export { type MemoryCheckoutOptions, openMemoryCheckout } from "./memory/memory-checkout.ts"
export { createMemoryRepository, type MemoryRepository, openMemoryGit } from "./memory/memory-git.ts"
export { type OpenedWorkspace, openWorkspace } from "./open.ts"
export { createPatience } from "./patience.ts"
export { type Custody, createCustody } from "./run/custody.ts"
export { reservedId } from "./sandbox/other-user.ts"
export { findSandbox, type Sandbox } from "./sandbox/sandbox.ts"
export { openBlobs } from "./snapshots/blobs.ts"
export { createSnapshots, type Moment, type Snapshots } from "./snapshots/snapshots.ts"
export { createTerminals, type Terminals } from "./terminals/terminals.ts"
export {
  describeOver,
  type Network,
  type RunOptions,
  type RunResult,
  toKept,
  type Workspace,
} from "./workspace.ts"
