/** A clean checkout in Aura's data directory; commands see it at the path of the workspace. */
import { constants } from "node:fs"
import { cp, lstat, mkdir, rm } from "node:fs/promises"
import { join, posix } from "node:path"
import { toPath } from "../byte-path.ts"
import type { Checkout } from "../checkout.ts"
import { workspaceKey } from "../custody/command-folders.ts"
import type { CommandContext, Custody } from "../custody/custody.ts"
import { toRelative } from "../folder/inside.ts"
import type { Repository } from "../git/repository.ts"
import { openTreeFolder, type WrittenTree } from "../git/tree-folder.ts"
import { findDependencies, findShadows, packageCaches } from "./dependencies.ts"
import { openLocalWorkspace } from "./local.ts"

type Options = {
  repository: Repository
  custody: Pick<Custody, "run" | "homeOf">
  dataDir: string
  of: Pick<CommandContext, "isOwn" | "projectId">
}

export function openLocalCheckout({ repository, custody, dataDir, of }: Options): Checkout {
  const { root, top } = repository
  const way = toRelative(top, root)
  const prefix = way === "." ? "" : `${way}/`
  const place = join(dataDir, "checkouts", workspaceKey(root))
  const at = (name: string) => join(place, name)
  const [files, tmp, home, kept] = [at("files"), at("tmp"), at("home"), at("kept")]
  const index = at("index")
  const folder = openTreeFolder(repository, files, index)
  let brought: [source: string, path: string][] = []
  let hidden: string[] = []
  /** The attributes of the tree that was written last, when there is one. */
  let last: string | undefined
  /** The state of each file of the tree after it was written. */
  let stamps: ReadonlyMap<string, string> = new Map()

  async function renew(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true, mode: 0o700 })
  }

  async function write(tree: string): Promise<WrittenTree> {
    if (last !== undefined) {
      await rm(at("files/.git"), { recursive: true, force: true })
      const written = await folder.write(tree).catch(() => undefined)
      if (written?.attributes === last) return written
    }
    // A command may have left something there that blocks the next step, such as an inaccessible folder.
    await renew(files)
    await rm(index, { force: true })
    const written = await folder.write(tree)
    last = written.attributes
    return written
  }

  async function writeTree(tree: string): Promise<void> {
    const part = prefix === "" ? tree : `${tree}:${prefix.slice(0, -1)}`
    const [{ paths, links }, ignored] = await Promise.all([write(part), repository.ignoredOf(tree)])
    const inside = ignored.flatMap((path) => (path.startsWith(prefix) ? [path.slice(prefix.length)] : []))
    const dependencies = [...(await findDependencies(inside, files)), ...links]
    brought = dependencies.map((path) => [join(root, path), join(root, path)])
    stamps = await stampAll(files, paths)
    hidden = (await Promise.all(dependencies.map((path) => findShadows(join(root, path))))).flat()
  }

  /** Creates the mount points for other folders, which cannot be created inside the sandbox. */
  async function makeMounts(): Promise<void> {
    for (const [, path] of brought) await mkdir(join(files, toRelative(root, path)), { recursive: true })
    const git = await lstat(join(root, ".git")).catch(() => undefined)
    if (git?.isFile()) await cp(join(root, ".git"), join(files, ".git"))
    else await mkdir(join(files, ".git"), { recursive: true })
  }

  async function findCaches(): Promise<[source: string, path: string][]> {
    const { own, shown } = await custody.homeOf(root)
    const found = await Promise.all(
      packageCaches.map(async (name) => ((await isFolder(join(own, name))) ? [name] : [])),
    )
    const caches = found.flat()
    for (const name of caches) await mkdir(join(home, name), { recursive: true })
    return caches.map((name) => [join(own, name), join(shown, name)])
  }

  const checkout: Checkout = {
    folder: {
      ...openLocalWorkspace(files),
      run: async (command, options) => await checkout.run(command, options),
    },
    async reset(tree) {
      await writeTree(tree)
      await makeMounts()
      await renew(tmp)
      await renew(home)
    },
    async run(command, options) {
      const frozen = options.frozen?.map((path) => join(root, path)) ?? []
      const all = [...brought, ...(await findCaches())]
      const isSealed = options.isSealed === true
      const clean = { files, tmp, home, brought: all, hidden, frozen, isSealed }
      const cwd = join(root, posix.normalize(options.dir ?? "."))
      return await custody.run(command, { ...of, root, cwd, clean }, options)
    },
    async touched() {
      const now = await stampAll(files, [...stamps.keys()])
      const written = [...stamps.keys()].filter((path) => now.get(path) !== stamps.get(path))
      if (written.length === 0) return []
      const changed = new Set(await folder.findChanged())
      return written.map((path) => ({ path, isChanged: changed.has(path) }))
    },
    async keep() {
      await folder.restore()
      await rm(kept, { recursive: true, force: true })
      await copy(files, kept)
    },
    async goBack() {
      await rm(files, { recursive: true, force: true })
      await copy(kept, files)
      await folder.restore()
      stamps = await stampAll(files, [...stamps.keys()])
      await renew(tmp)
      await renew(home)
    },
    async remove() {
      last = undefined
      await rm(place, { recursive: true, force: true })
    },
  }
  return checkout
}

/** Inode and change time, which no command can set back; "" for a missing file. */
async function stampAll(folder: string, paths: readonly string[]): Promise<Map<string, string>> {
  const stamps = new Map<string, string>()
  for (let at = 0; at < paths.length; at += stampedAtOnce)
    for (const [path, stamp] of await Promise.all(
      paths
        .slice(at, at + stampedAtOnce)
        .map(async (path) => [path, await stampOf(join(folder, path))] as const),
    ))
      stamps.set(path, stamp)
  return stamps
}

const stampedAtOnce = 500

async function stampOf(path: string): Promise<string> {
  const found = await lstat(toPath(path), { bigint: true }).catch(() => undefined)
  return found ? `${found.ino} ${found.ctimeNs}` : ""
}

/** Preserves links and times, so that a build does not start over. */
async function copy(from: string, to: string): Promise<void> {
  await cp(from, to, {
    recursive: true,
    preserveTimestamps: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
  })
}

async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() === true
}
