/** The output of a command: head and tail at first, everything on demand. */
import { Ansi } from "./Ansi.tsx"
import { stripAnsi } from "./ansi.logic.ts"
import { useFold } from "./fold.ts"
import { foldLines } from "./tool-call.logic.ts"

type Props = { id: string; text: string; head?: number; tail?: number }

export function Output({ id, text, head = 6, tail = 6 }: Props) {
  const [whole, setWhole] = useFold(`${id}:whole`, false)
  if (stripAnsi(text).trim() === "")
    return <p className="px-3 py-2 text-sm text-ink-3">It printed nothing.</p>
  const folded = foldLines(text, head, tail)
  const cut = !whole && folded.left > 0
  return (
    <pre className="overflow-x-auto whitespace-pre-wrap px-3 py-2 font-mono text-xs leading-5 text-ink-2 wrap-anywhere">
      <Ansi text={cut ? folded.head : text.replace(/(?<!\n)\n+$/, "")} />
      {cut && (
        <>
          {folded.head && "\n"}
          <button
            type="button"
            onClick={() => setWhole(true)}
            className="my-1 rounded-sm bg-hover px-1.5 font-sans text-ink-2 hover:text-ink"
          >
            {folded.left.toLocaleString("en-US")} more lines
          </button>
          {"\n"}
          <Ansi text={folded.tail} />
        </>
      )}
    </pre>
  )
}
