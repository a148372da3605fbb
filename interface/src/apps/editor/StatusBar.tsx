/** The line below a file: where the cursor is, what the file is, and whether it is saved. */

import { indentUnit } from "@codemirror/language"
import type { EditorState } from "@codemirror/state"
import type { Unsaved } from "./text/unsaved.ts"

export type Standing = {
  line: number
  column: number
  selected: number
  lineEnd: string
  indent: string
}

export function toStanding(state: EditorState): Standing {
  const { main, ranges } = state.selection
  const line = state.doc.lineAt(main.head)
  const unit = state.facet(indentUnit)
  return {
    line: line.number,
    column: main.head - line.from + 1,
    selected: ranges.reduce((sum, range) => sum + range.to - range.from, 0),
    lineEnd: state.lineBreak === "\n" ? "LF" : "CRLF",
    indent: unit === "\t" ? "Tabs" : `${unit.length} spaces`,
  }
}

type Props = {
  standing: Standing | undefined
  language: string
  said: string
  unsaved: Unsaved | undefined
  /** True: an agent is at work in the folder. */
  isShared: boolean
}

export function StatusBar({ standing, language, said, unsaved, isShared }: Props) {
  return (
    <footer className="flex h-7 shrink-0 items-center gap-4 overflow-hidden whitespace-nowrap border-line border-t px-4 text-ink-2 text-xs">
      <span role="status" className={unsaved?.isKept === false ? "text-warn" : undefined}>
        {unsaved?.isKept === false
          ? "Too long to be kept over a reload: save it"
          : unsaved
            ? "Unsaved"
            : said}
      </span>
      {unsaved && isShared && (
        <span className="hidden min-w-0 truncate text-ink-3 md:block">
          The agent is at work here: what you save becomes part of its task
        </span>
      )}
      {standing && (
        <span className="ml-auto tabular-nums">
          Line {standing.line}, column {standing.column}
          {standing.selected > 0 && ` · ${standing.selected} selected`}
        </span>
      )}
      {standing && (
        <span className="hidden gap-4 sm:flex">
          <span>{standing.indent}</span>
          <span>{standing.lineEnd}</span>
          <span>{language}</span>
        </span>
      )}
    </footer>
  )
}
