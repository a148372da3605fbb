/** CodeMirror as Aura sets it up: its keys the field's, its languages come when needed. */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completeAnyWord,
  completionKeymap,
} from "@codemirror/autocomplete"
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands"
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
  LanguageDescription,
  syntaxHighlighting,
} from "@codemirror/language"
import { languages } from "@codemirror/language-data"
import { gotoLine, highlightSelectionMatches, search, searchKeymap } from "@codemirror/search"
import {
  Annotation,
  Compartment,
  EditorState,
  type EditorStateConfig,
  type Extension,
  StateEffect,
  StateField,
  Text,
  Transaction,
} from "@codemirror/state"
import {
  crosshairCursor,
  Decoration,
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view"
import { look, marks } from "./code-look.ts"
import { findChange, indentOf, lineEndOf, toLines } from "./text.logic.ts"

/** Files longer than this are shown without colours: parsing them would make typing slow. */
const longestColoured = 2_000_000

/** Marks what came from the disk and not from who types. */
const isFromDisk = Annotation.define<true>()
const touch = StateEffect.define<{ from: number; to: number } | null>()

/** Lines that have just changed on disk, for a moment. */
const touched = StateField.define({
  create: () => Decoration.none,
  update(lines, transaction) {
    let next = lines.map(transaction.changes)
    for (const effect of transaction.effects)
      if (effect.is(touch))
        next = effect.value ? toLineMarks(transaction.state, effect.value) : Decoration.none
    return next
  },
  provide: (field) => EditorView.decorations.from(field),
})

function toLineMarks(state: EditorState, range: { from: number; to: number }) {
  const [first, last] = [state.doc.lineAt(range.from).number, state.doc.lineAt(range.to).number]
  const count = Math.min(last - first + 1, 500)
  return Decoration.set(
    Array.from({ length: count }, (_, i) => touchedLine.range(state.doc.line(first + i).from)),
  )
}

const touchedLine = Decoration.line({ class: "cm-touched" })

export type CodeOptions = {
  path: string
  text: string
  readOnly?: boolean
  /** Something was typed, or taken back. */
  onChange?: (state: EditorState) => void
  onMove?: (state: EditorState) => void
  onSave?: () => void
  more?: Extension
  /** What ends its lines; by default what ends those of the text. */
  lineEnd?: "\n" | "\r\n"
}

const phrases = {
  next: "Next",
  previous: "Previous",
  all: "All",
  "match case": "Match case",
  regexp: "Pattern",
  "by word": "Whole words",
  replace: "Replace",
  "replace all": "Replace all",
} as const

const language = new Compartment()
const wrapping = new Compartment()
/** Wrapped unless the person said otherwise. */
const isProse = /\.(md|markdown|txt|rst|adoc)$/i
/** What the text is shown against, if anything. */
export const comparing = new Compartment()

export function createCode(options: CodeOptions): EditorState {
  return EditorState.create(toConfig(options))
}

export function toConfig(options: CodeOptions): EditorStateConfig {
  const { path, text, readOnly = false, more = [], lineEnd = lineEndOf(text), ...on } = options
  return {
    doc: Text.of(toLines(text)),
    extensions: [
      EditorState.lineSeparator.of(lineEnd),
      indentUnit.of(indentOf(text)),
      EditorState.tabSize.of(4),
      EditorState.readOnly.of(readOnly),
      EditorState.allowMultipleSelections.of(true),
      lineNumbers(),
      foldGutter({ openText: "⌄", closedText: "›" }),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSpecialChars(),
      highlightSelectionMatches(),
      history(),
      drawSelection(isStill() ? { cursorBlinkRate: 0 } : {}),
      dropCursor(),
      rectangularSelection(),
      crosshairCursor(),
      bracketMatching(),
      closeBrackets(),
      indentOnInput(),
      autocompletion({ activateOnTyping: false }),
      EditorState.languageData.of(() => [{ autocomplete: completeAnyWord }]),
      search({ top: true }),
      EditorState.phrases.of(phrases),
      syntaxHighlighting(marks),
      language.of([]),
      comparing.of([]),
      wrapping.of(wraps(path) ? EditorView.lineWrapping : []),
      touched,
      look,
      EditorView.contentAttributes.of({ "aria-label": path, spellcheck: "false", tabindex: "0" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged && !update.transactions.some((one) => one.annotation(isFromDisk))) {
          on.onChange?.(update.state)
        }
        if (update.docChanged || update.selectionSet) on.onMove?.(update.state)
      }),
      keymap.of([
        { key: "Mod-s", preventDefault: true, run: () => call(on.onSave) },
        { key: "Alt-z", preventDefault: true, run: (view) => wrap(view, path) },
        { key: "Mod-g", preventDefault: true, run: gotoLine },
        ...closeBracketsKeymap,
        ...searchKeymap.filter((one) => one.key !== "Mod-g"),
        ...defaultKeymap,
        ...historyKeymap,
        ...foldKeymap,
        ...completionKeymap,
        indentWithTab,
      ]),
      more,
    ],
  }
}

function isStill(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches
}

function wrapKey(path: string): string {
  return `aura-wrap-${isProse.test(path) ? "text" : "code"}`
}

/** What the person chose last on this device, for texts and for code. */
function wraps(path: string): boolean {
  const chosen = localStorage.getItem(wrapKey(path))
  return chosen === null ? isProse.test(path) : chosen === "on"
}

function wrap(view: EditorView, path: string): boolean {
  const isOn = !wraps(path)
  localStorage.setItem(wrapKey(path), isOn ? "on" : "off")
  view.dispatch({ effects: wrapping.reconfigure(isOn ? EditorView.lineWrapping : []) })
  return true
}

function call(act: (() => void) | undefined): boolean {
  act?.()
  return true
}

/**
 * Puts the text from the disk into an editor that has none of its own. The selection stays where it is, and what
 * changed is shown for a moment. A text with other line ends needs a new state.
 * @param isShown true: what changed is brought into view
 */
export function takeFromDisk(view: EditorView, text: string, isShown: boolean): void {
  const { state } = view
  const change = findChange(state.sliceDoc(), text)
  if (!change) return
  const separator = state.lineBreak
  // Places in the document count a line's end as one, however many bytes it has.
  const [before, until] = [text.slice(0, change.from), state.sliceDoc().slice(0, change.to)]
  const from = before.replaceAll(separator, "\n").length
  const to = until.replaceAll(separator, "\n").length
  view.dispatch({
    changes: { from, to, insert: state.toText(change.insert) },
    annotations: [isFromDisk.of(true), Transaction.addToHistory.of(false)],
    effects: [
      touch.of({ from, to: from + state.toText(change.insert).length }),
      ...(isShown ? [EditorView.scrollIntoView(from, { y: "center" })] : []),
    ],
  })
}

/** Brings a line into view, puts the cursor there, and shows it for a moment. */
export function goToLine(view: EditorView, number: number): void {
  const line = view.state.doc.line(Math.max(1, Math.min(number, view.state.doc.lines)))
  view.dispatch({
    selection: { anchor: line.from },
    effects: [EditorView.scrollIntoView(line.from, { y: "center" }), touch.of(line)],
  })
}

/** The name of the language of a file, once its colours are there; "Plain text" for one that is not known. */
export async function colour(view: EditorView, path: string): Promise<string> {
  const found = LanguageDescription.matchFilename(languages, path.slice(path.lastIndexOf("/") + 1))
  if (!found || view.state.doc.length > longestColoured) return "Plain text"
  // Without its colours a text is still a text.
  const support = await found.load().catch(() => undefined)
  if (!support) return "Plain text"
  view.dispatch({ effects: language.reconfigure(support) })
  return found.name
}
