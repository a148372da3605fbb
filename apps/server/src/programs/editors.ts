/** Editors a person may have: which are there, and how each is told a file and a line. */
import { constants } from "node:fs"
import { access } from "node:fs/promises"
import { delimiter, join } from "node:path"
import type { EditorId } from "@aura/core"

export type Editor = {
  id: EditorId
  name: string
  /** What to run, most wanted first; a terminal's needs the terminal as well. */
  commands: readonly string[]
  inTerminal?: boolean
  toArgs(path: string, line: number | undefined): string[]
}

const goTo = (path: string, line?: number) => ["--goto", line === undefined ? path : `${path}:${line}`]
const jetBrains = (path: string, line?: number) =>
  line === undefined ? [path] : ["--line", String(line), path]
const colon = (path: string, line?: number) => [line === undefined ? path : `${path}:${line}`]
const plus = (path: string, line?: number) => [...(line === undefined ? [] : [`+${line}`]), "--", path]

/** The first that is there is used, unless another one is chosen. */
export const editors: readonly Editor[] = [
  { id: "vscode", name: "VS Code", commands: ["code", "codium", "code-oss"], toArgs: goTo },
  { id: "cursor", name: "Cursor", commands: ["cursor"], toArgs: goTo },
  { id: "zed", name: "Zed", commands: ["zed", "zeditor"], toArgs: colon },
  {
    id: "jetbrains",
    name: "JetBrains",
    commands: [
      "idea",
      "webstorm",
      "pycharm",
      "goland",
      "clion",
      "rustrover",
      "phpstorm",
      "rubymine",
      "rider",
    ],
    toArgs: jetBrains,
  },
  { id: "vim", name: "Vim", commands: ["nvim", "vim"], inTerminal: true, toArgs: plus },
]

/** Terminals that take a command as arguments of their own, without a shell in between. */
const terminals: readonly [command: string, ...args: string[]][] = [
  ["x-terminal-emulator", "-e"],
  ["gnome-terminal", "--"],
  ["konsole", "-e"],
  ["kitty"],
  ["alacritty", "-e"],
  ["foot"],
  ["xterm", "-e"],
]

/** Where programs of macOS are that nobody put on the path. */
const bundles = [
  "/Applications/Visual Studio Code.app/Contents/Resources/app/bin",
  "/Applications/Cursor.app/Contents/Resources/app/bin",
  "/Applications/Zed.app/Contents/MacOS",
]

export type FoundEditor = { editor: Editor; command: string[] }

/**
 * The editors of this machine.
 * @param path where to look: the value of PATH
 */
export async function findEditors(path: string, platform = process.platform): Promise<FoundEditor[]> {
  const folders = [...path.split(delimiter).filter(Boolean), ...(platform === "darwin" ? bundles : [])]
  const terminal = await firstOf(folders, terminals)
  const found = editors.map(async (editor): Promise<FoundEditor[]> => {
    const program = await firstOf(
      folders,
      editor.commands.map((name) => [name]),
    )
    if (!program || (editor.inTerminal && !terminal)) return []
    return [{ editor, command: [...(editor.inTerminal ? (terminal ?? []) : []), ...program] }]
  })
  return (await Promise.all(found)).flat()
}

/** The first whose program is there, by its whole path. */
async function firstOf(
  folders: readonly string[],
  commands: readonly (readonly string[])[],
): Promise<string[] | undefined> {
  for (const [name = "", ...args] of commands) {
    for (const folder of folders) {
      const file = join(folder, process.platform === "win32" ? `${name}.exe` : name)
      const isThere = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
      if (isThere) return [file, ...args]
    }
  }
  return undefined
}
