/** Entries of sessions that write held-out checks, as clients get them: a client may leave what it gets where the agent reads. */
import type { Entry } from "./session.ts"

const nothing = "(Withheld: it holds held-out checks, which the agent at work must not see.)"

/** The same entry, without the checks that it holds. */
export function withoutHeldOut(entry: Entry): Entry {
  if (!entry.withheld) return entry
  switch (entry.kind) {
    case "reply":
      return {
        ...entry,
        blocks: entry.blocks.map((block) =>
          block.type === "tool_use" ? { ...block, input: {} } : { type: "text", text: nothing },
        ),
      }
    case "tool": {
      const { media: _, ...shown } = entry
      return { ...shown, input: {}, output: nothing }
    }
    case "prompt": {
      const { media: _, ...shown } = entry
      return { ...shown, text: nothing }
    }
    case "note":
      return { ...entry, text: nothing }
    case "check":
      return { ...entry, check: { ...entry.check, command: nothing, output: "" } }
    case "intent":
    case "hand_off":
      return entry
  }
}
