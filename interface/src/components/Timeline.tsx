/** A long list of entries. Only visible rows are rendered; it follows the end until the reader scrolls up. */
import { useVirtualizer } from "@tanstack/react-virtual"
import { ArrowDown } from "lucide-react"
import { useCallback, useLayoutEffect, useRef, useState } from "react"
import { Button } from "./Button.tsx"
import { cx } from "./cx.ts"
import { FoldMemory } from "./fold.ts"
import { type RenderName, TimelineItem } from "./TimelineItem.tsx"
import type { Item } from "./timeline.logic.ts"

type Props = {
  items: readonly Item[]
  /** True: begin at the end and stay there. */
  follow?: boolean
  label: string
  /** Key of the item to begin at; it is marked. */
  reveal?: string | undefined
  renderName?: RenderName
  className?: string
}

const heights: Readonly<Record<Item["kind"], number>> = {
  session: 34,
  task: 34,
  prompt: 30,
  thinking: 30,
  text: 64,
  tool: 34,
  check: 34,
  note: 30,
  hand_off: 260,
}

/** So near to the end, in pixels, that the reader means the end. */
const nearEnd = 96

export default function Timeline({ items, follow = false, label, reveal, renderName, className }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const [memory] = useState(() => new Map<string, boolean>())
  const [away, setAway] = useState(false)
  const latest = useRef(items)
  latest.current = items
  /** A stable function; otherwise every row would render again with each streamed word. */
  const getItemKey = useCallback((index: number) => latest.current[index]?.key ?? index, [])
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heights[items[index]?.kind ?? "tool"],
    getItemKey,
    gap: 6,
    paddingStart: 16,
    paddingEnd: 24,
    overscan: 8,
    onChange: (list) => setAway(follow && list.getDistanceFromEnd() > nearEnd),
    ...(follow ? { anchorTo: "end" as const, followOnAppend: true, scrollEndThreshold: nearEnd } : {}),
  })

  useLayoutEffect(() => {
    if (follow) rows.scrollToEnd()
  }, [follow, rows])

  useLayoutEffect(() => {
    const index = reveal === undefined ? -1 : latest.current.findIndex(({ key }) => key === reveal)
    if (index >= 0) rows.scrollToIndex(index, { align: "center" })
  }, [reveal, rows])

  /** Rows in sight lie in the flow of the page, so that one that grows can never cover the next. */
  const shown = rows.getVirtualItems()
  return (
    <FoldMemory.Provider value={memory}>
      <div className={cx("relative min-h-0", className)}>
        <div ref={scroller} className="h-full overflow-y-auto px-3 sm:px-5">
          <div style={{ height: rows.getTotalSize() }}>
            <ol
              aria-label={label}
              className="flex flex-col gap-1.5"
              style={{ transform: `translateY(${shown[0]?.start ?? 0}px)` }}
            >
              {shown.map((row) => {
                const item = items[row.index]
                return (
                  <li
                    key={row.key}
                    data-index={row.index}
                    ref={rows.measureElement}
                    aria-setsize={items.length}
                    aria-posinset={row.index + 1}
                    aria-current={item !== undefined && item.key === reveal ? "location" : undefined}
                    className="rounded-md aria-[current]:outline-2 aria-[current]:outline-accent aria-[current]:outline-offset-2"
                  >
                    {item && <TimelineItem item={item} renderName={renderName} />}
                  </li>
                )
              })}
            </ol>
          </div>
        </div>
        {away && (
          <Button
            size="small"
            className="-translate-x-1/2 absolute bottom-4 left-1/2 shadow-float"
            icon={<ArrowDown aria-hidden="true" className="size-3.5" />}
            onClick={() => {
              rows.scrollToEnd({ behavior: "auto" })
              setAway(false)
            }}
          >
            Jump to latest
          </Button>
        )}
      </div>
    </FoldMemory.Provider>
  )
}
