/** Markdown, rendered by a module that is loaded on first use; until then plain text. */
import { lazy, Suspense } from "react"
import { useThrottled } from "../hooks/useThrottled.ts"
import { cx } from "./cx.ts"
import { isCostly } from "./markdown.logic.ts"

const Body = lazy(() => import("./MarkdownBody.tsx"))

type Props = { text: string; small?: boolean; live?: boolean; className?: string }

/** The longer a text has grown, the dearer it is to draw again: so it is drawn less often while it grows. */
function pauseFor(text: string): number {
  return Math.min(900, 80 + text.length / 14)
}

export function Markdown({ text, small = false, live = false, className }: Props) {
  const shown = useThrottled(text, live ? pauseFor(text) : 0)
  const plain = <div className="whitespace-pre-wrap">{shown}</div>
  return (
    <div className={cx("prose", small && "prose-small", className)}>
      {isCostly(shown) ? (
        plain
      ) : (
        <Suspense fallback={plain}>
          <Body text={shown} live={live} />
        </Suspense>
      )}
    </div>
  )
}
