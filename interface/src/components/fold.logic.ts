/** Decides which parts of a tool call are expanded at first and how much output is shown. Pure. */
import { traitsOf } from "@aura/core"
import type { ToolItem } from "./timeline.logic.ts"

export const fold = {
  /** Edits, failures and running calls are expanded; all others are one line. */
  startsOpen(item: Pick<ToolItem, "name" | "state" | "diff" | "output">): boolean {
    if (item.diff) return true
    if (item.state === "error") return true
    return item.state === "running" && item.output !== ""
  },

  /** The tool's output only repeats a diff, and texts of the model need no output. */
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
