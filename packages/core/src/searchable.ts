/** Tables that can be searched by words, and the text of their rows that counts. */
import type { Entry } from "./session.ts"

export const searchable = { entries: textOfEntry } as const

export type SearchTable = keyof typeof searchable

function textOfEntry(entry: Entry): string {
  if (entry.withheld) return ""
  switch (entry.kind) {
    case "prompt":
    case "note":
    case "hand_off":
      return entry.text
    case "reply":
      return entry.blocks.map((block) => (block.type === "text" ? block.text : "")).join("\n")
    case "tool":
      return `${JSON.stringify(entry.input)}\n${entry.output}`
    case "check":
      return `${entry.check.command}\n${entry.check.output}`
    case "intent":
      return ""
  }
}
