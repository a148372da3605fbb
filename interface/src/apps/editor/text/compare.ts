/** An editor that shows how its text differs from another one: in the text, or beside it. */
import { goToNextChunk, goToPreviousChunk, MergeView, unifiedMergeView } from "@codemirror/merge"
import { type Extension, Text } from "@codemirror/state"
import { keymap } from "@codemirror/view"
import { type CodeOptions, toConfig } from "./code.ts"
import { lineEndOf, toLines } from "./text.logic.ts"

const keys = keymap.of([{ key: "F7", run: goToNextChunk, shift: goToPreviousChunk, preventDefault: true }])
const diffConfig = { scanLimit: 2_000, timeout: 1_000 } as const

/**
 * Shows in the text what another one had instead; each place has a button that brings the other's words back.
 * @param label what the button says
 */
export function against(other: string, label: string): Extension {
  return [
    keys,
    unifiedMergeView({
      original: Text.of(toLines(other)),
      diffConfig,
      mergeControls: (kind, act) => (kind === "reject" ? button(label, act) : document.createElement("span")),
    }),
  ]
}

/** Two texts side by side, the left one to read, the right one to edit; a button at each place takes it over. */
export function openBeside(place: HTMLElement, left: CodeOptions, right: CodeOptions): MergeView {
  return new MergeView({
    parent: place,
    a: toConfig({ ...left, readOnly: true, lineEnd: lineEndOf(right.text), more: keys }),
    b: toConfig({ ...right, more: keys }),
    revertControls: "a-to-b",
    renderRevertControl: () => button("Take this part", undefined, "→"),
    diffConfig,
  })
}

function button(
  label: string,
  act: ((event: MouseEvent) => void) | undefined,
  sign?: string,
): HTMLButtonElement {
  const made = document.createElement("button")
  made.type = "button"
  made.textContent = sign ?? label
  made.title = label
  made.setAttribute("aria-label", label)
  if (act) made.addEventListener("mousedown", act)
  // A click without a mouse is one by the keyboard, and only mice are listened to.
  made.addEventListener("click", (event) => {
    if (event.detail === 0)
      made.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true }))
  })
  return made
}
