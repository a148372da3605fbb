/** Known editors: which are installed, and how each opens a file at a line. */
import type { EditorId } from "@aura/core"

/** The path of a program of this machine; undefined if there is none that Aura may run. */
export type FindProgram = (name: string) => string | undefined

export type Editor = {
  id: EditorId
  name: string
  /** Programs to run, preferred first; an editor for the terminal also needs a terminal. */
  commands: readonly string[]
  inTerminal?: boolean
  toArgs(path: string, line: number | undefined): string[]
}

const goTo = (path: string, line?: number) => ["--goto", line === undefined ? path : `${path}:${line}`]
const jetBrains = (path: string, line?: number) =>
  line === undefined ? [path] : ["--line", String(line), path]
const colon = (path: string, line?: number) => [line === undefined ? path : `${path}:${line}`]
const plus = (path: string, line?: number) => [...(line === undefined ? [] : [`+${line}`]), "--", path]

/** The first installed one is the default. */
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

export type FoundEditor = { editor: Editor; command: string[] }

/**
 * The editors of this machine.
 * @param find where a program is
 */
export function findEditors(find: FindProgram): FoundEditor[] {
  const terminal = findFirst(terminals, find)
  return editors.flatMap((editor) => {
    const program = findFirst(
      editor.commands.map((name) => [name]),
      find,
    )
    if (!program || (editor.inTerminal && !terminal)) return []
    return [{ editor, command: [...(editor.inTerminal ? (terminal ?? []) : []), ...program] }]
  })
}

/** The first installed one, with the path of its program. */
function findFirst(commands: readonly (readonly string[])[], find: FindProgram): string[] | undefined {
  for (const [name = "", ...args] of commands) {
    const file = find(name)
    if (file) return [file, ...args]
  }
  return undefined
}
