/** Sees work that goes nowhere: progress is a change in the files or a check that passed, not words. */
import type { Entry } from "@aura/core"
import type { NewEntry } from "@aura/domain"

export type Stall = {
  add(entry: NewEntry): void
  /** `ask`: another approach is due, once. `over`: the attempt is. */
  judge(): "fine" | "ask" | "over"
  /** Turns since anything changed. */
  readonly turns: number
  /** Something did change, by a command. */
  restart(): void
}

/** From here on it is worth a look at the whole folder. */
export const suspicious = 30
const askAfter = 40
const overAfter = 80

/** @param entries what the session holds of this task already: a restart does not start the count anew */
export function createStall(entries: readonly Entry[]): Stall {
  let turns = 0
  let asked = false
  function add(entry: NewEntry): void {
    if (entry.kind === "reply") turns += 1
    const isChange = entry.kind === "tool" && (entry.changes?.length ?? 0) > 0
    const isProof = entry.kind === "check" && entry.check.passed
    if (!isChange && !isProof) return
    restart()
  }
  function restart(): void {
    turns = 0
    asked = false
  }
  for (const entry of entries) add(entry)
  return {
    add,
    restart,
    judge() {
      if (turns >= overAfter) return "over"
      if (turns < askAfter || asked) return "fine"
      asked = true
      return "ask"
    },
    get turns() {
      return turns
    },
  }
}
