/** A command that can be viewed: its output so far and what follows. A slow viewer never blocks it. */
import type { Redactor } from "@aura/core"
import { findLine } from "../run/output.ts"
import type { Seat } from "../terminals/audience.ts"
import { describeOver, type RunResult } from "../workspace.ts"

export type Ending = {
  exitCode: number | null
  /** The end of the command, in a sentence. */
  reason: string
}

export type CommandViewer = {
  /** The output as far as it is kept: first, and again after a viewer was too slow and missed some of it. */
  onScreen(text: string): void
  onOutput(text: string): void
  onEnd(ending: Ending): void
}

export type Watched = {
  /** @param left the number of characters before it that were omitted */
  add(text: string, left: number): void
  end(ending: Ending): void
  /** Shows the existing output immediately, even after the command has ended. */
  watch(viewer: CommandViewer): Seat
}

/** The maximum number of characters sent to a viewer without an acknowledgement. */
const maxUndrawn = 1_000_000
/** The number of characters kept for viewers that join later. */
const maxKept = 500_000

type Place = { viewer: CommandViewer; undrawn: number; isSkipped: boolean }

/** @param redactor removes secrets from the output; a possible prefix of one is held back */
export function createWatched(redactor: Pick<Redactor, "text" | "settled">): Watched {
  const places = new Set<Place>()
  let kept = ""
  let gone = 0
  let held = ""
  let ending: Ending | undefined

  const show = (place: Place) => {
    place.isSkipped = false
    place.undrawn = 0
    place.viewer.onScreen((gone > 0 ? describeLeft(gone) : "") + kept)
  }
  const tell = (text: string) => {
    if (text === "") return
    kept += text
    if (kept.length > maxKept * 2) {
      const cut = findLine(kept, kept.length - maxKept) ?? kept.length - maxKept
      gone += cut
      kept = kept.slice(cut)
    }
    for (const place of places) {
      place.isSkipped ||= place.undrawn + text.length > maxUndrawn
      if (place.isSkipped) continue
      place.undrawn += text.length
      place.viewer.onOutput(text)
    }
  }
  const flush = () => {
    tell(redactor.text(held))
    held = ""
  }
  return {
    add(text, left) {
      if (left > 0) {
        flush()
        tell(describeLeft(left))
      }
      held += text
      const settled = redactor.settled(held)
      const clean = redactor.text(held.slice(0, settled))
      held = held.slice(settled)
      tell(clean)
    },
    end(how) {
      flush()
      ending = how
      for (const place of places) {
        if (place.isSkipped) show(place)
        place.viewer.onEnd(how)
      }
      places.clear()
    },
    watch(viewer) {
      const place: Place = { viewer, undrawn: 0, isSkipped: false }
      show(place)
      if (ending) viewer.onEnd(ending)
      else places.add(place)
      return {
        drawn(length) {
          place.undrawn = Math.max(0, place.undrawn - length)
          if (place.isSkipped && place.undrawn === 0 && places.has(place)) show(place)
        },
        leave: () => void places.delete(place),
      }
    },
  }
}

export function describeEnd(result: RunResult, timeoutMs: number): Ending {
  const { exitCode, over, aborted } = result
  if (over) return { exitCode, reason: describeOver(over, timeoutMs) }
  if (aborted) return { exitCode, reason: "Stopped before it ended." }
  const after = `after ${(result.durationMs / 1000).toFixed(1)} s`
  return {
    exitCode,
    reason: exitCode === null ? `Ended by a signal ${after}.` : `Ended with exit code ${exitCode} ${after}.`,
  }
}

/** Resets colours: the omitted output may have switched them on. */
function describeLeft(characters: number): string {
  return `\x1b[0m\n… ${characters} characters left out …\n`
}
