/** Work that is not saved yet, by project and path. It stays on this device, over reloads and crashes. */
import { create } from "zustand"

export type Unsaved = {
  text: string
  /** Of the text on disk this was made from; empty where there was none. */
  digest: string
  /** False when this device has no room for it: a reload would lose it. */
  isKept: boolean
}

type All = Readonly<Record<string, Unsaved>>

const prefix = "aura-unsaved:"
const useAll = create<All>(() => readAll())

function keyOf(projectId: string, path: string): string {
  return `${prefix}${projectId}:${path}`
}

export function useUnsaved(projectId: string, path: string): Unsaved | undefined {
  return useAll((all) => all[keyOf(projectId, path)])
}

/** Paths with unsaved work, joined by NULs so that the same ones are the same value. */
export function useUnsavedPaths(projectId: string): readonly string[] {
  const start = keyOf(projectId, "")
  const joined = useAll((all) =>
    Object.keys(all)
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(start.length))
      .toSorted()
      .join("\0"),
  )
  return joined === "" ? [] : joined.split("\0")
}

export function readUnsaved(projectId: string, path: string): Unsaved | undefined {
  return useAll.getState()[keyOf(projectId, path)]
}

export function keepUnsaved(projectId: string, path: string, work: Omit<Unsaved, "isKept">): void {
  const key = keyOf(projectId, path)
  const isKept = write(key, JSON.stringify({ text: work.text, digest: work.digest }))
  useAll.setState({ [key]: { ...work, isKept } })
}

export function forgetUnsaved(projectId: string, path: string): void {
  const key = keyOf(projectId, path)
  localStorage.removeItem(key)
  useAll.setState((all) => Object.fromEntries(Object.entries(all).filter(([name]) => name !== key)), true)
}

/** Files that were moved keep their unsaved work. @param move the new path of a path */
export function moveUnsaved(projectId: string, move: (path: string) => string): void {
  const start = keyOf(projectId, "")
  for (const [key, work] of Object.entries(useAll.getState())) {
    const path = key.slice(start.length)
    if (!key.startsWith(start) || move(path) === path) continue
    forgetUnsaved(projectId, path)
    keepUnsaved(projectId, move(path), work)
  }
}

function write(key: string, value: string): boolean {
  try {
    localStorage.setItem(key, value)
    return true
  } catch {
    localStorage.removeItem(key)
    return false
  }
}

function readAll(): All {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix))
  return Object.fromEntries(
    keys.flatMap((key) => {
      const work = read(localStorage.getItem(key))
      return work ? [[key, work]] : []
    }),
  )
}

function read(stored: string | null): Unsaved | undefined {
  try {
    const work: unknown = JSON.parse(stored ?? "null")
    if (typeof work !== "object" || work === null || !("text" in work) || !("digest" in work))
      return undefined
    const { text, digest } = work
    return typeof text === "string" && typeof digest === "string" ? { text, digest, isKept: true } : undefined
  } catch {
    return undefined
  }
}
