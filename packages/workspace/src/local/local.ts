/** A workspace that is a folder of this machine. */
import { isUtf8 } from "node:buffer"
import { constants } from "node:fs"
import { lstat, open, readdir, rename, rm } from "node:fs/promises"
import { join, posix, resolve } from "node:path"
import { AuraError } from "@aura/core"
import { toPath, toText } from "../byte-path.ts"
import type { CommandContext, Custody } from "../custody/custody.ts"
import { inTurn } from "../folder/in-turn.ts"
import { goInside, resolveInside, toRelative } from "../folder/inside.ts"
import { ownerOf } from "../folder/owner.ts"
import type { FolderEntry, Workspace } from "../workspace.ts"
import { createLocalSearch } from "./search.ts"

const largestBytes = 10 * 1024 * 1024

const onlyFiles: Pick<Custody, "run"> = {
  run: async () => {
    throw new AuraError("forbidden", "This folder was opened for its files alone; no command is run in it.")
  },
}

/**
 * @param custody who starts commands; without it none is run
 * @param of.isOwn true: its commands are Aura's own, as those of the rehearsal
 */
export function openLocalWorkspace(
  root: string,
  custody: Pick<Custody, "run"> = onlyFiles,
  of: Pick<CommandContext, "isOwn" | "projectId"> = {},
): Workspace {
  return {
    root,
    read: async (path) => await goInside(root, path, {}, async (place) => await readText(place, path)),
    readBytes: async (path) => await goInside(root, path, {}, async (place) => await readFile(place, path)),
    async exists(path) {
      return await goInside(root, path, { isLink: true }, lstat).then(
        () => true,
        (cause: NodeJS.ErrnoException) => {
          if (cause instanceof AuraError && cause.code !== "not_found") throw cause
          return false
        },
      )
    },
    write: async (path, content, allow) =>
      await inTurn(resolve(root, path), async () =>
        goInside(root, path, { makes: true }, async (place) => {
          const old = await lstat(place).catch(() => undefined)
          if (old?.isDirectory()) throw new AuraError("bad_request", `${path} is a folder.`)
          // Renaming a draft over it does not require write permission.
          if (old && (old.mode & 0o222) === 0)
            throw new AuraError(
              "forbidden",
              `${path} is read-only, so it was not written. If it is meant to change, make it writable first by a command: chmod u+w`,
            )
          // Atomic. After a crash the write is repeated and replaces the draft that was left.
          const draft = `${place}.aura-draft`
          await rm(draft, { force: true })
          const owner = await ownerOf(root)
          // Set-user-id bits would run the new content with the rights of the file's owner.
          const file = await open(draft, "wx", old ? old.mode & 0o777 : 0o666)
          try {
            await file.writeFile(content)
            if (owner) await file.chown(owner.uid, owner.gid)
            await allow?.(old && (await readText(place, path)))
          } catch (cause) {
            await rm(draft, { force: true })
            throw cause
          } finally {
            await file.close()
          }
          await rename(draft, place)
        }),
      ),
    remove: async (path) =>
      await goInside(root, path, { isLink: true }, async (place) => {
        const found = await lstat(place).catch(() => undefined)
        if (!found) throw new AuraError("not_found", `There is no file ${path}.`)
        if (found.isDirectory())
          throw new AuraError("bad_request", `${path} is a folder; delete_file removes one file.`)
        await rm(place)
      }),
    move: async (path, to) =>
      await goInside(root, path, { isLink: true }, async (from) => {
        if (!(await lstat(from).catch(() => undefined)))
          throw new AuraError("not_found", `There is no ${path}.`)
        if (`${resolve(root, to)}/`.startsWith(`${resolve(root, path)}/`))
          throw new AuraError("bad_request", `${path} cannot be moved into itself.`)
        await goInside(root, to, { makes: true, isLink: true }, async (place) => {
          if (await lstat(place).catch(() => undefined))
            throw new AuraError("conflict", `There is a ${to} already; nothing was moved.`)
          await rename(from, place)
        })
      }),
    list: async (path) =>
      await goInside(root, path, { isFolder: true }, async (place) => {
        const names = (await readdir(place, { encoding: "buffer" })).map(toText)
        const shown = names.filter((name) => name.toLowerCase() !== ".git").toSorted()
        const folder = toRelative(root, resolve(root, path))
        const entries = shown.map((name) => toEntry(join(place, name), posix.join(folder, name), name))
        // Skips entries that were removed meanwhile.
        return (await Promise.all(entries)).filter((entry) => entry !== undefined)
      }),
    async run(command, options) {
      const cwd = await resolveInside(root, options.dir ?? ".")
      return await custody.run(command, { ...of, root, cwd }, options)
    },
    search: createLocalSearch(root),
  }
}

/** @param path as it was asked for */
async function readText(place: string, path: string): Promise<string> {
  const bytes = await readFile(place, path)
  if (bytes.subarray(0, 8000).includes(0)) throw new AuraError("bad_request", `${path} is not a text file.`)
  // A text that cannot be decoded exactly would be changed when it is written back.
  if (!isUtf8(bytes)) throw new AuraError("bad_request", `${path} is text in another encoding than UTF-8.`)
  return bytes.toString("utf8")
}

/** @param path as it was asked for */
async function readFile(place: string, path: string): Promise<Buffer> {
  // Does not follow links or block on pipes.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW
  const file = await open(toPath(place), flags).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") throw new AuraError("not_found", `There is no file ${path}.`)
    if (cause.code === "ELOOP" || cause.code === "ENXIO")
      throw new AuraError("bad_request", `${path} is not a plain file.`)
    throw cause
  })
  try {
    const found = await file.stat()
    if (found.isDirectory())
      throw new AuraError("bad_request", `${path} is a folder. list_files shows what is in it.`)
    if (!found.isFile()) throw new AuraError("bad_request", `${path} is not a plain file.`)
    if (found.size > largestBytes)
      throw new AuraError("bad_request", `${path} is larger than 10 MB. Read parts of it by a command.`)
    return await file.readFile()
  } finally {
    await file.close()
  }
}

async function toEntry(place: string, path: string, name: string): Promise<FolderEntry | undefined> {
  const found = await lstat(toPath(place)).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined
    throw cause
  })
  if (!found) return undefined
  const kind = found.isFile()
    ? "file"
    : found.isDirectory()
      ? "folder"
      : found.isSymbolicLink()
        ? "link"
        : "other"
  return { name, path, kind, bytes: found.size }
}
