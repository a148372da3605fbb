/** What a key means outside of text fields: single keys, and `g` followed by a place. Pure. */

type Tab = "requirements" | "specs" | "tasks" | "run" | "proof" | "sessions"
export type Action =
  | { kind: "go"; tab: Tab }
  | { kind: "inbox" }
  | { kind: "palette" }
  | { kind: "new project" }
  | { kind: "shortcuts" }
  | { kind: "move"; by: 1 | -1 }

export type Pressed = { key: string; at: number; plain: boolean }
export type Waiting = { since: number } | undefined

const places = {
  r: "requirements",
  s: "specs",
  t: "tasks",
  u: "run",
  p: "proof",
  e: "sessions",
  i: "inbox",
} as const
const patienceMs = 1_500

function toPlace(key: keyof typeof places): Action {
  const tab = places[key]
  return tab === "inbox" ? { kind: "inbox" } : { kind: "go", tab }
}

/** The action of a key, if any, and whether a second key is awaited now. */
export function readKey(waiting: Waiting, pressed: Pressed): { action?: Action; waiting: Waiting } {
  if (!pressed.plain) return { waiting: undefined }
  if (waiting && pressed.at - waiting.since <= patienceMs && isPlace(pressed.key)) {
    return { action: toPlace(pressed.key), waiting: undefined }
  }
  switch (pressed.key) {
    case "g":
      return { waiting: { since: pressed.at } }
    case "/":
      return { action: { kind: "palette" }, waiting: undefined }
    case "?":
      return { action: { kind: "shortcuts" }, waiting: undefined }
    case "n":
      return { action: { kind: "new project" }, waiting: undefined }
    case "j":
      return { action: { kind: "move", by: 1 }, waiting: undefined }
    case "k":
      return { action: { kind: "move", by: -1 }, waiting: undefined }
    default:
      return { waiting: undefined }
  }
}

export const sheet = [
  { keys: ["Ctrl", "K"], does: "Find or do anything" },
  { keys: ["/"], does: "The same" },
  { keys: ["g", "i"], does: "What needs you" },
  { keys: ["g", "r"], does: "Requirements" },
  { keys: ["g", "s"], does: "Specs" },
  { keys: ["g", "t"], does: "Tasks" },
  { keys: ["g", "u"], does: "Run" },
  { keys: ["g", "p"], does: "Proof" },
  { keys: ["g", "e"], does: "Sessions" },
  { keys: ["j"], does: "Next row" },
  { keys: ["k"], does: "Previous row" },
  { keys: ["↵"], does: "Open the row" },
  { keys: ["Alt", "↑", "↓"], does: "Move the spec or task" },
  { keys: ["n"], does: "New project" },
  { keys: ["←", "→"], does: "Along the row of tasks, or the edge of a panel" },
  { keys: ["Esc"], does: "Close what is open" },
  { keys: ["?"], does: "This sheet" },
] as const

function isPlace(key: string): key is keyof typeof places {
  return key in places
}
