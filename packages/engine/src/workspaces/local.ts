/** A workspace that is a folder of this machine. */
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { AuraError } from "@aura/core"
import type { Custody } from "./custody.ts"
import { resolveInside, toRelative } from "./inside.ts"
import type { FolderEntry, Workspace } from "./workspace.ts"

const largestBytes = 10 * 1024 * 1024

const onlyFiles: Pick<Custody, "run"> = {
  run: async () => {
    throw new AuraError("forbidden", "This folder was opened for its files alone; no command is run in it.")
  },
}

/**
 * @param custody who starts commands; without it none is run
 * @param isOwn true: its commands are Aura's own, as those of the rehearsal
 */
export function openLocalWorkspace(
  root: string,
  custody: Pick<Custody, "run"> = onlyFiles,
  isOwn = false,
): Workspace {
  return {
    root,
    async read(path) {
      const absolute = await resolveInside(root, path)
      const found = await lstat(absolute).catch(() => undefined)
      if (!found) throw new AuraError("not_found", `There is no file ${path}.`)
      if (found.isDirectory())
        throw new AuraError("bad_request", `${path} is a folder. list_files shows what is in it.`)
      if (!found.isFile() && !found.isSymbolicLink())
        throw new AuraError("bad_request", `${path} is not a plain file.`)
      if (found.size > largestBytes)
        throw new AuraError("bad_request", `${path} is larger than 10 MB. Read parts of it with run_command.`)
      const bytes = await readFile(absolute)
      if (bytes.subarray(0, 8000).includes(0))
        throw new AuraError("bad_request", `${path} is not a text file.`)
      return bytes.toString("utf8")
    },
    async exists(path) {
      const absolute = await resolveInside(root, path)
      return await lstat(absolute).then(
        () => true,
        () => false,
      )
    },
    async write(path, content) {
      const absolute = await resolveInside(root, path)
      const old = await lstat(absolute).catch(() => undefined)
      if (old?.isDirectory()) throw new AuraError("bad_request", `${path} is a folder.`)
      await mkdir(dirname(absolute), { recursive: true })
      if (old?.isSymbolicLink()) return await writeFile(absolute, content)
      // Whole or not at all. After a crash the write is made again, over the draft that was left.
      const draft = `${absolute}.aura-draft`
      await writeFile(draft, content, old ? { mode: old.mode } : {})
      await rename(draft, absolute)
    },
    async remove(path) {
      const absolute = await resolveInside(root, path)
      const found = await lstat(absolute).catch(() => undefined)
      if (!found) throw new AuraError("not_found", `There is no file ${path}.`)
      if (found.isDirectory())
        throw new AuraError("bad_request", `${path} is a folder; delete_file removes one file.`)
      await rm(absolute)
    },
    async list(path) {
      const absolute = await resolveInside(root, path)
      const names = await readdir(absolute).catch((cause: NodeJS.ErrnoException) => {
        throw new AuraError(
          cause.code === "ENOENT" ? "not_found" : "bad_request",
          `${path} is not a folder that can be listed.`,
        )
      })
      const shown = names.filter((name) => name.toLowerCase() !== ".git").toSorted()
      return await Promise.all(shown.map((name) => toEntry(root, join(absolute, name), name)))
    },
    async run(command, options) {
      const cwd = await resolveInside(root, options.dir ?? ".")
      return await custody.run(command, { root, cwd, isOwn }, options)
    },
  }
}

async function toEntry(root: string, absolute: string, name: string): Promise<FolderEntry> {
  const found = await lstat(absolute)
  const kind = found.isFile()
    ? "file"
    : found.isDirectory()
      ? "folder"
      : found.isSymbolicLink()
        ? "link"
        : "other"
  return { name, path: toRelative(root, absolute), kind, bytes: found.size }
}
