/** The in-memory twin of a folder: files in a map, a small shell for commands, and an injected clock. */
import { createHash } from "node:crypto"
import { posix } from "node:path"
import { AuraError } from "@aura/core"
import type { FolderEntry, RunOptions, RunResult, Workspace } from "../workspace.ts"
import { createMemorySearch } from "./memory-search.ts"
import { interpret } from "./memory-shell.ts"

/** Contents by path, without a leading slash. */
export type MemoryFiles = Map<string, string>

export type MemoryOptions = {
  /** Outlives the workspace, as a folder does. */
  files?: MemoryFiles
  /** Milliseconds since 1970. */
  now: () => number
  /** Resolves early when the signal is aborted. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

export function openMemoryWorkspace({ files = new Map(), now, sleep }: MemoryOptions): Workspace {
  const isFolder = (path: string) => path === "." || files.keys().some((name) => name.startsWith(`${path}/`))

  async function run(command: string, options: RunOptions): Promise<RunResult> {
    resolve(options.dir ?? ".")
    await options.onBegin?.()
    const startedAt = now()
    const endsAt = startedAt + options.timeoutMs
    const ended = await interpret(command, {
      files,
      sleep: (ms) => sleep(Math.min(ms, endsAt - now()), options.signal),
      isOver: () => options.signal.aborted || now() >= endsAt,
    })
    if (ended.output !== "") options.onOutput?.(ended.output)
    const aborted = options.signal.aborted
    return {
      ...ended,
      ...(!aborted && now() >= endsAt ? ({ over: "time" } as const) : {}),
      aborted,
      outputDigest: createHash("sha256").update(ended.output).digest("hex"),
      durationMs: Math.max(0, now() - startedAt),
    }
  }

  const workspace: Workspace = {
    root: "/memory",
    readBytes: async (path) => Buffer.from(await workspace.read(path)),
    async read(path) {
      const name = resolve(path)
      const text = files.get(name)
      if (text !== undefined) return text
      if (isFolder(name))
        throw new AuraError("bad_request", `${path} is a folder. list_files shows what is in it.`)
      throw new AuraError("not_found", `There is no file ${path}.`)
    },
    async exists(path) {
      const name = resolve(path)
      return files.has(name) || isFolder(name)
    },
    async write(path, content, allow) {
      const name = resolve(path)
      if (isFolder(name)) throw new AuraError("bad_request", `${path} is a folder.`)
      const above = foldersAbove(name).find((folder) => files.has(folder))
      if (above) throw new AuraError("bad_request", `${above} is a file and can hold none.`)
      if (allow) await allow(files.get(name))
      files.set(name, content)
    },
    async remove(path) {
      const name = resolve(path)
      if (files.delete(name)) return
      if (isFolder(name))
        throw new AuraError("bad_request", `${path} is a folder; delete_file removes one file.`)
      throw new AuraError("not_found", `There is no file ${path}.`)
    },
    async move(path, to) {
      const [from, place] = [resolve(path), resolve(to)]
      const moved = [...files].filter(([name]) => name === from || name.startsWith(`${from}/`))
      if (moved.length === 0) throw new AuraError("not_found", `There is no ${path}.`)
      if (`${place}/`.startsWith(`${from}/`))
        throw new AuraError("bad_request", `${path} cannot be moved into itself.`)
      if (files.has(place) || isFolder(place))
        throw new AuraError("conflict", `There is a ${to} already; nothing was moved.`)
      for (const [name, text] of moved) {
        files.delete(name)
        files.set(place + name.slice(from.length), text)
      }
    },
    async list(path) {
      const folder = resolve(path)
      if (!isFolder(folder)) {
        const code = files.has(folder) ? "bad_request" : "not_found"
        throw new AuraError(code, `${path} is not a folder that can be listed.`)
      }
      return listFolder(files, folder)
    },
    run,
    search: createMemorySearch(files),
  }
  return workspace
}

/** @throws AuraError as the folder on disk does */
function resolve(path: string): string {
  if (path.includes("\0")) throw new AuraError("bad_request", "A path cannot hold a NUL character.")
  const name = posix.join(".", path).replace(/(.)\/$/, "$1")
  if (path.startsWith("/") || name === ".." || name.startsWith("../"))
    throw new AuraError("forbidden", `${path} is outside the workspace. Use a path relative to its root.`)
  if (name.split("/").some((part) => part.toLowerCase() === ".git"))
    throw new AuraError("forbidden", `${path} belongs to git itself. Aura makes the commits.`)
  return name
}

function foldersAbove(name: string): string[] {
  const parts = name.split("/")
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("/"))
}

function listFolder(files: MemoryFiles, folder: string): FolderEntry[] {
  const prefix = folder === "." ? "" : `${folder}/`
  const below = [...files].filter(([name]) => name.startsWith(prefix))
  const entries = below.map(([name, text]): FolderEntry => {
    const [first = "", ...rest] = name.slice(prefix.length).split("/")
    const kind = rest.length > 0 ? "folder" : "file"
    return { name: first, path: prefix + first, kind, bytes: kind === "file" ? Buffer.byteLength(text) : 0 }
  })
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  return [...byName.keys()].toSorted().flatMap((name) => byName.get(name) ?? [])
}
