/** What of a tool call is open at first and how much of its output shows. Pure. */
import { traitsOf } from "@aura/core"
import type { ToolItem } from "./timeline.logic.ts"

export const fold = {
  /** Edits, failures and what is running are worth seeing unasked; the rest is one line. */
  startsOpen(item: Pick<ToolItem, "name" | "state" | "diff" | "output">): boolean {
    if (item.diff) return true
    if (item.state === "error") return true
    return item.state === "running" && item.output !== ""
  },

  /** Beside a diff the tool's own words only repeat it; words of the model need no answer shown. */
  showsOutput(item: Pick<ToolItem, "name" | "state" | "diff" | "output">): boolean {
    if (item.state === "running") return item.output !== ""
    return !item.diff || item.state === "error"
  },

  lengths(item: Pick<ToolItem, "name" | "state">): { head: number; tail: number } {
    if (item.state === "running") return { head: 0, tail: 10 }
    if (item.state === "error") return { head: 4, tail: 14 }
    return traitsOf(item.name)?.readsFiles ? { head: 16, tail: 0 } : { head: 8, tail: 8 }
  },
} as const
