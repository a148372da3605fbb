/** Prepares the sandbox of each command: its folders, network access, user, and hidden files. */
import { chmod, rm, rmdir, symlink } from "node:fs/promises"
import { homedir, userInfo } from "node:os"
import { basename, dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { AuraError } from "@aura/core"
import { isWithin, refuseReplaced } from "../folder/folder.ts"
import { cleanEnv } from "../run/process.ts"
import type { Box, SandboxParts, SandboxUser } from "../sandbox/box.ts"
import type { Account } from "../sandbox/etc.ts"
import { findUser, isRoot } from "../sandbox/other-user.ts"
import { makeParts } from "../sandbox/parts.ts"
import { type OpenProxy, openProxy } from "../sandbox/proxy.ts"
import { type Sandbox, type Spawned, toBox, toSpawned } from "../sandbox/sandbox.ts"
import type { Network } from "../workspace.ts"
import { type CommandFolders, openFolders, tidy } from "./command-folders.ts"
import { createGuarded, type GuardedPaths } from "./guarded.ts"

/** Absolute folders that replace the workspace and its scratch folders. */
export type CleanPlace = {
  files: string
  tmp: string
  home: string
  /** Folders of the machine, and where they are mounted for the command. */
  brought: readonly (readonly [source: string, path: string])[]
  /** Files in them that appear empty to the command. */
  hidden: readonly string[]
  /** Files that are read-only for the command. */
  frozen: readonly string[]
  /** True: folders brought in are read-only, and the output is not stored. */
  isSealed: boolean
}

/** The temporary folder of a command: its path on the machine, and inside the sandbox. */
export type Temporary = { own: string; shown: string }

export type Boxes = {
  foldersOf(root: string): Promise<CommandFolders>
  /**
   * @param argv the program to start inside, and its arguments
   * @param use runs it; the sandbox exists until this resolves
   * @throws AuraError `service_unavailable` where there is no sandbox, `conflict` for a `.git` that is not the folder's
   */
  with<T>(
    argv: readonly string[],
    place: {
      root: string
      cwd: string
      isOwn: boolean
      network: Network
      clean?: CleanPlace | undefined
      /** Files that the command can read. */
      lends?: readonly string[] | undefined
    },
    use: (spawned: Spawned, folders: CommandFolders, tmp: Temporary) => Promise<T>,
  ): Promise<T>
}

const bridgeFile = fileURLToPath(new URL("../sandbox/bridge.mjs", import.meta.url))
const unguarded: GuardedPaths = { repository: [], covered: [], end: async () => undefined }

/** @param dataDir where scratch folders and long outputs are kept, one for each workspace */
export function createBoxes(sandbox: Sandbox, dataDir: string): Boxes {
  const opened = new Map<string, Promise<CommandFolders>>()
  const parts = new Map<number, Promise<SandboxParts>>()
  const guarded = createGuarded()
  const tidied = tidy(dataDir)

  function foldersOf(root: string): Promise<CommandFolders> {
    const known = opened.get(root) ?? tidied.then(() => openFolders(dataDir, root))
    opened.set(root, known)
    return known
  }

  function partsFor(user: SandboxUser | undefined): Promise<SandboxParts> {
    const account = toAccount(user)
    const made = parts.get(account.uid) ?? makeParts(join(dataDir, "sandbox", String(account.uid)), account)
    parts.set(account.uid, made)
    return made
  }

  async function openNetwork(network: Network): Promise<OpenProxy | undefined> {
    if (network.kind !== "hosts") return undefined
    const proxy = await openProxy(network.hosts)
    // In a folder that only Aura's user can enter; the sandbox runs as another user.
    if (isRoot()) await chmod(proxy.path, 0o666)
    return proxy
  }

  return {
    foldersOf,
    async with(argv, { root, cwd, isOwn, network, clean, lends = [] }, use) {
      const folders = await foldersOf(root)
      const { outputs } = folders
      const scratch = clean ?? folders.scratch
      if (sandbox.kind === "missing" && !isOwn) throw new AuraError("service_unavailable", sandbox.reason)
      if (sandbox.kind === "off" || sandbox.kind === "missing")
        return await use(
          {
            file: argv[0] ?? "",
            args: argv.slice(1),
            env: cleanEnv(),
            cwd: clean ? await standIn(clean, root, cwd) : cwd,
          },
          folders,
          { own: scratch.tmp, shown: scratch.tmp },
        )
      await refuseReplaced(root)
      const guards = sandbox.kind === "bubblewrap" ? await guarded.begin(root) : unguarded
      const proxy = await openNetwork(network).catch(async (cause: unknown) => {
        await guards.end()
        throw cause
      })
      try {
        // Files in the home directory of commands belong to root on disk; those in the workspace are mapped.
        const caches = clean?.brought.flatMap(([source]) => (isWithin(source, dataDir) ? [source] : [])) ?? []
        const own = clean ? [clean.files, ...caches] : []
        const user = await findUser(root, [scratch.tmp, scratch.home, outputs, ...own], guards.repository)
        const isMoved = clean && sandbox.kind === "seatbelt"
        const box: Box = toBox(root, isMoved ? await standIn(clean, root, cwd) : cwd, {
          files: clean?.files ?? root,
          brought: clean?.brought ?? [],
          hidden: clean?.hidden ?? [],
          frozen: clean?.frozen ?? [],
          isSealed: clean?.isSealed ?? false,
          scratch,
          readable: [outputs, ...(proxy ? [proxy.path, bridgeFile, process.execPath] : []), ...lends],
          repository: guards.repository,
          covered: guards.covered,
          network: network.kind === "all",
          user,
          parts: await partsFor(user),
        })
        const inside = proxy ? [process.execPath, bridgeFile, proxy.path, ...argv] : argv
        const shown = sandbox.kind === "bubblewrap" ? "/tmp" : scratch.tmp
        return await use(toSpawned(sandbox.kind, inside, box, cleanEnv()), folders, {
          own: scratch.tmp,
          shown,
        })
      } finally {
        await proxy?.close()
        // The mount point of the socket remains after the sandbox has ended.
        if (proxy) await removeEmpty(join(scratch.tmp, basename(dirname(proxy.path))), basename(proxy.path))
        await guards.end()
      }
    },
  }
}

/** Without bubblewrap nothing can be mounted elsewhere; links replace the mounts. */
async function standIn(clean: CleanPlace, root: string, cwd: string): Promise<string> {
  for (const [source, path] of clean.brought) {
    if (!isWithin(path, root)) continue
    const place = join(clean.files, relative(root, path))
    await rm(place, { recursive: true, force: true })
    await symlink(source, place)
  }
  for (const path of clean.frozen)
    await chmod(join(clean.files, relative(root, path)), 0o444).catch(() => undefined)
  return join(clean.files, relative(root, cwd))
}

/** Removes single files only: a command that is still running may replace a folder by a link. */
async function removeEmpty(folder: string, name: string): Promise<void> {
  await rm(join(folder, name), { force: true }).catch(() => undefined)
  await rmdir(folder).catch(() => undefined)
}

/** The user that a sandbox shows as the current one. */
function toAccount(user: SandboxUser | undefined): Account {
  const home = homedir()
  if (user) return { name: "aura", uid: user.uid, gid: user.gid, home }
  const { username: name, uid, gid } = userInfo()
  return { name, uid, gid, home }
}
