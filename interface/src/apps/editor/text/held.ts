/** Editors of files that are open and not on screen: their texts with all that can be taken back, and where they stood. */
import type { EditorState, StateEffect } from "@codemirror/state"

type Standing = { state: EditorState; scroll: StateEffect<unknown> }

export type Held = {
  standing: Map<string, Standing>
  /** The visible component subscribes here; the held text outlives it. */
  on: { change(state: EditorState): void; move(state: EditorState): void; save(): void; focus(): void }
  /** True: the next file to come on screen takes the keyboard. */
  wantsFocus: boolean
}

export function createHeld(): Held {
  const nothing = () => undefined
  return {
    standing: new Map(),
    on: { change: nothing, move: nothing, save: nothing, focus: nothing },
    wantsFocus: false,
  }
}
