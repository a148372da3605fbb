/** The document as text that flows, with the number of each requirement in the margin. */
import { memo, useEffect, useMemo, useRef } from "react"
import { cx } from "../../components/cx.ts"
import { type InlinePart, type Passage, toChunks, toInline } from "./requirements.logic.ts"

type Props = {
  passages: readonly Passage[]
  selected: string | undefined
  onSelect: (id: string) => void
}

export function DocumentView({ passages, selected, onSelect }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const chunks = useMemo(() => toChunks(passages, 60), [passages])
  const line = passages.find((one) => selected !== undefined && one.requirementIds.includes(selected))?.n
  useEffect(() => {
    if (line === undefined) return
    scroller.current?.querySelector(`[data-line="${line}"]`)?.scrollIntoView({ block: "center" })
  }, [line])
  return (
    <div ref={scroller} className="min-h-0 overflow-y-auto py-4">
      <div className="max-w-3xl">
        {chunks.map((chunk) => (
          <Chunk
            key={chunk[0]?.n}
            passages={chunk}
            line={chunk.some((one) => one.n === line) ? line : undefined}
            onSelect={onSelect}
          />
        ))}
      </div>
    </div>
  )
}

type ChunkProps = { passages: readonly Passage[]; line: number | undefined; onSelect: (id: string) => void }

const Chunk = memo(function Chunk({ passages, line, onSelect }: ChunkProps) {
  return (
    <div className="[contain-intrinsic-size:auto_1500px] [content-visibility:auto]">
      {passages.map((passage) => (
        <div
          key={passage.n}
          data-line={passage.n}
          className={cx("flex gap-3 pr-6", passage.n === line && "bg-accent-soft")}
        >
          <span className="flex w-14 shrink-0 flex-col items-end">
            {passage.requirementIds.map((id) => (
              <button
                key={id}
                type="button"
                onClick={() => onSelect(id)}
                className="rounded-sm px-1 text-accent text-xs leading-7 tabular-nums hover:bg-hover"
              >
                {id}
              </button>
            ))}
          </span>
          <Text passage={passage} />
        </div>
      ))}
    </div>
  )
})

const headings = ["", "text-xl", "text-lg", "text-md", "text-base", "text-base", "text-base"] as const

function Text({ passage }: { passage: Passage }) {
  const words = toInline(passage.text).map((part) => <Inline key={part.at} part={part} />)
  switch (passage.kind) {
    case "blank":
      return <span className="h-3" />
    case "code":
      return (
        <span className="min-h-6 min-w-0 flex-1 whitespace-pre-wrap bg-sunken px-3 font-mono text-ink-2 text-sm leading-6 wrap-anywhere">
          {passage.text}
        </span>
      )
    case "heading":
      return (
        <span
          className={cx(
            "min-w-0 flex-1 pt-4 pb-1 font-semibold tracking-tight wrap-anywhere",
            headings[passage.level],
          )}
        >
          {words}
        </span>
      )
    case "item":
      return (
        <span
          className="flex min-w-0 flex-1 gap-2 text-md leading-7"
          style={{ paddingLeft: `${passage.level * 1.25}rem` }}
        >
          <span className="shrink-0 text-ink-3">{passage.marker}</span>
          <span className="min-w-0 wrap-anywhere">{words}</span>
        </span>
      )
    default:
      return <span className="min-w-0 flex-1 text-md leading-7 wrap-anywhere">{words}</span>
  }
}

function Inline({ part }: { part: InlinePart }) {
  if (part.kind === "code") {
    return <code className="rounded-sm bg-sunken px-1 font-mono text-[0.875em] text-ink-2">{part.text}</code>
  }
  if (part.kind === "strong") return <strong className="font-semibold">{part.text}</strong>
  return part.text
}
