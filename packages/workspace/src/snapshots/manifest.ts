/**
 * Manifests: the contents of each snapshot, and the state of each file so that unchanged ones are not read again. Most are stored
 * as the difference from an earlier one, their base, which is kept as long as it is needed.
 */
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { gunzip, gzip } from "node:zlib"
import { z } from "zod"

const File = z.object({
  path: z.string(),
  mode: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  /** Modification time, change time, inode and device in one text: the same text means the same content. */
  stamp: z.string(),
})
export type File = z.infer<typeof File>

const links = z.array(z.object({ path: z.string(), target: z.string() }))
const folders = z.array(z.object({ path: z.string(), mode: z.int() }))
const leftOut = z.array(z.object({ path: z.string(), why: z.string() }))

export type Manifest = {
  /** Milliseconds; files changed shortly before are read again the next time. */
  begunAt: number
  files: File[]
  links: z.infer<typeof links>
  folders: z.infer<typeof folders>
  leftOut: z.infer<typeof leftOut>
}

/** The stored form. With a base: only files that are new or different. */
const Written = z.object({
  base: z.string().optional(),
  begunAt: z.number(),
  files: z.array(File),
  gone: z.array(z.string()).optional(),
  links: links.optional(),
  folders: folders.optional(),
  leftOut: leftOut.optional(),
})
type Written = z.infer<typeof Written>

type Difference = Omit<Written, "base"> & { gone: string[] }

/** A manifest without a base. */
export type Base = { id: string; manifest: Manifest }

export type Manifests = {
  /** Atomic. @returns the base for the next one */
  write(id: string, manifest: Manifest, base: Base | undefined): Promise<Base>
  /** @throws when it, or its base, is lost or damaged */
  read(id: string): Promise<{ manifest: Manifest; base: Base }>
  /** Removes all others, except their bases. @returns the digests of all files in the remaining ones */
  keepOnly(ids: ReadonlySet<string>): Promise<Set<string>>
}

const end = ".json.gz"
/** If a larger share of the base differs, the manifest is stored without a base. */
const maxOther = 0.2

export function createManifests(dir: string): Manifests {
  /** The last result: while nothing changes, it is written repeatedly. */
  const differences = new WeakMap<Manifest, { base: Manifest; difference: Difference }>()
  const pathOf = (id: string) => join(dir, `${id}${end}`)

  async function save(id: string, written: Written): Promise<void> {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const draft = `${pathOf(id)}.draft`
    const packed = await promisify(gzip)(JSON.stringify(written), { level: 1 })
    await writeFile(draft, packed, { mode: 0o600, flush: true })
    await rename(draft, pathOf(id))
  }

  async function load(id: string): Promise<Written> {
    return Written.parse(JSON.parse((await promisify(gunzip)(await readFile(pathOf(id)))).toString("utf8")))
  }

  async function readWhole(id: string): Promise<Manifest> {
    const written = await load(id)
    if (written.base !== undefined) throw new Error(`The manifest ${id} is no base.`)
    return complete(written)
  }

  function differOnce(manifest: Manifest, base: Manifest): Difference {
    const known = differences.get(manifest)
    if (known?.base === base) return known.difference
    const difference = differ(manifest, base)
    differences.set(manifest, { base, difference })
    return difference
  }

  return {
    async write(id, manifest, base) {
      const differing = base && differOnce(manifest, base.manifest)
      const count = differing ? differing.files.length + differing.gone.length : 0
      const isThere =
        base !== undefined &&
        (await access(pathOf(base.id)).then(
          () => true,
          () => false,
        ))
      const isSmall = isThere && count <= Math.max(20, base.manifest.files.length * maxOther)
      if (!isSmall || !differing) {
        await save(id, manifest)
        return { id, manifest }
      }
      await save(id, { base: base.id, ...differing })
      return base
    },
    async read(id) {
      const written = await load(id)
      if (written.base === undefined) {
        const manifest = complete(written)
        return { manifest, base: { id, manifest } }
      }
      const base = { id: written.base, manifest: await readWhole(written.base) }
      return { manifest: apply(written, base.manifest), base }
    },
    async keepOnly(ids) {
      const names = (await readdir(dir)).filter((name) => name.endsWith(end))
      const kept = names.map((name) => name.slice(0, -end.length)).filter((id) => ids.has(id))
      const wanted = new Set<string>()
      const bases = new Set<string>()
      for (const id of kept) {
        // An unreadable manifest cannot be restored, so its blobs are not kept.
        const written = await load(id).catch(() => undefined)
        if (written?.base !== undefined) bases.add(written.base)
        for (const { sha256 } of written?.files ?? []) wanted.add(sha256)
      }
      for (const id of bases)
        if (!ids.has(id))
          for (const { sha256 } of (await load(id).catch(() => undefined))?.files ?? []) wanted.add(sha256)
      for (const name of await readdir(dir)) {
        const id = name.endsWith(end) ? name.slice(0, -end.length) : ""
        if (!ids.has(id) && !bases.has(id)) await rm(join(dir, name), { force: true })
      }
      return wanted
    },
  }
}

function complete({ begunAt, files, links = [], folders = [], leftOut = [] }: Written): Manifest {
  return { begunAt, files, links, folders, leftOut }
}

function differ(manifest: Manifest, base: Manifest): Difference {
  const there = new Map(base.files.map((file) => [file.path, file]))
  const here = new Set(manifest.files.map((file) => file.path))
  const isAsThere = (file: File) => {
    const other = there.get(file.path)
    return (
      other === file ||
      (other?.stamp === file.stamp && other.sha256 === file.sha256 && other.mode === file.mode)
    )
  }
  const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
  return {
    begunAt: manifest.begunAt,
    files: manifest.files.filter((file) => !isAsThere(file)),
    gone: base.files.map((file) => file.path).filter((path) => !here.has(path)),
    ...(isSame(manifest.links, base.links) ? {} : { links: manifest.links }),
    ...(isSame(manifest.folders, base.folders) ? {} : { folders: manifest.folders }),
    ...(isSame(manifest.leftOut, base.leftOut) ? {} : { leftOut: manifest.leftOut }),
  }
}

function apply(written: Written, base: Manifest): Manifest {
  const files = new Map(base.files.map((file) => [file.path, file]))
  for (const path of written.gone ?? []) files.delete(path)
  for (const file of written.files) files.set(file.path, file)
  return {
    begunAt: written.begunAt,
    files: [...files.values()],
    links: written.links ?? base.links,
    folders: written.folders ?? base.folders,
    leftOut: written.leftOut ?? base.leftOut,
  }
}
