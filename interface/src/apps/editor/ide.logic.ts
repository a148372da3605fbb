/** What the address of the editor window says. Pure. */
import type { IdePlace } from "../../api/ide.ts"

export type IdeSearch = Partial<IdePlace>

export function parseIdeSearch(search: Record<string, unknown>): IdeSearch {
  const { project, path, line, view, follow } = search
  const number = Number(line)
  const file = toPath(path)
  return {
    ...(typeof project === "string" ? { project } : {}),
    ...(file === undefined ? {} : { path: file }),
    ...(Number.isInteger(number) && number > 0 ? { line: number } : {}),
    ...(view === "diff" ? { view } : {}),
    ...(follow === "on" ? { follow } : {}),
  }
}

/** A name such as `7` or `true` is parsed as a number or a boolean. The server rejects invalid paths. */
function toPath(path: unknown): string | undefined {
  const text = typeof path === "number" || typeof path === "boolean" ? String(path) : path
  return typeof text === "string" && text !== "" && text !== "." ? text : undefined
}

export type IdeAction = "go" | "find" | "save" | "close" | "compare" | "next" | "previous" | "cross"
type Pressed = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean }

/** What a key of the window asks for, wherever the focus is. */
export function readIdeKey({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): IdeAction | undefined {
  const mod = ctrlKey || metaKey
  const held = `${mod ? "mod " : ""}${altKey ? "alt " : ""}${shiftKey ? "shift " : ""}`
  return actions.get(`${held}${key.toLowerCase()}`)
}

const actions: ReadonlyMap<string, IdeAction> = new Map([
  ["mod p", "go"],
  ["mod shift f", "find"],
  ["mod s", "save"],
  ["alt w", "close"],
  ["alt d", "compare"],
  ["alt pagedown", "next"],
  ["alt pageup", "previous"],
  ["f6", "cross"],
])

export const keys = [
  { keys: ["Ctrl", "P"], does: "Go to a file" },
  { keys: ["Ctrl", "S"], does: "Save" },
  { keys: ["Ctrl", "F"], does: "Find and replace in the file" },
  { keys: ["Ctrl", "Shift", "F"], does: "Find in all files" },
  { keys: ["Alt", "Z"], does: "Wrap long lines, or not" },
  { keys: ["Ctrl", "G"], does: "Go to a line" },
  { keys: ["Ctrl", "Space"], does: "Complete the word" },
  { keys: ["Alt", "D"], does: "Changes since the last commit" },
  { keys: ["F7"], does: "Next change, with Shift the one before" },
  { keys: ["Alt", "W"], does: "Close the file" },
  { keys: ["Alt", "PgDn"], does: "Next file, with PgUp the one before" },
  { keys: ["F6"], does: "Between the files and the text" },
  { keys: ["F2"], does: "Rename or move, in the tree" },
  { keys: ["Del"], does: "Delete, in the tree" },
  { keys: ["Esc", "Tab"], does: "Leave the text with Tab" },
] as const
