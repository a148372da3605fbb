/** Terminal output with its colours, in the palette of the theme. */
import { memo } from "react"
import { type AnsiColor, toSpans } from "./ansi.logic.ts"
import { cx } from "./cx.ts"

const colors: Readonly<Record<AnsiColor, string>> = {
  red: "text-bad",
  green: "text-ok",
  yellow: "text-warn",
  blue: "text-accent",
  grey: "text-ink-3",
}

export const Ansi = memo(function Ansi({ text }: { text: string }) {
  let at = 0
  return toSpans(text).map((span) => {
    const key = at
    at += span.text.length
    if (!span.color && !span.bold && !span.dim) return span.text
    return (
      <span
        key={key}
        className={cx(
          span.color && colors[span.color],
          span.bold && "font-semibold",
          span.dim && "text-ink-3",
        )}
      >
        {span.text}
      </span>
    )
  })
})
