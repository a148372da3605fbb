/** Tabs in a row that scrolls where there is no room: the current one is in sight, and an edge with more behind it fades. */
import { type ReactNode, useEffect, useRef, useState } from "react"
import { cx } from "./cx.ts"

type Props = {
  label: string
  /** Changes when another tab becomes the current one. */
  current: string | undefined
  className?: string
  children: ReactNode
}

const fades = {
  none: undefined,
  start: "linear-gradient(to right, transparent, black 2rem)",
  end: "linear-gradient(to left, transparent, black 2rem)",
  both: "linear-gradient(to right, transparent, black 2rem, black calc(100% - 2rem), transparent)",
} as const

export function TabRow({ label, current, className, children }: Props) {
  const row = useRef<HTMLElement>(null)
  const [cut, setCut] = useState<keyof typeof fades>("none")
  useEffect(() => {
    const at = row.current
    if (!at || current === undefined) return
    const size = new ResizeObserver(() =>
      at.querySelector('[aria-current="page"]')?.scrollIntoView({ block: "nearest", inline: "center" }),
    )
    size.observe(at)
    return () => size.disconnect()
  }, [current])
  useEffect(() => {
    const at = row.current
    if (!at) return
    const look = () => setCut(findCut(at))
    const size = new ResizeObserver(look)
    for (const one of [at, ...at.children]) size.observe(one)
    at.addEventListener("scroll", look, { passive: true })
    return () => {
      size.disconnect()
      at.removeEventListener("scroll", look)
    }
  })
  return (
    <nav
      ref={row}
      aria-label={label}
      className={cx("flex min-w-0 overflow-x-auto [scrollbar-width:none]", className)}
      style={{ maskImage: fades[cut] }}
    >
      {children}
    </nav>
  )
}

function findCut({ scrollLeft, clientWidth, scrollWidth }: HTMLElement): keyof typeof fades {
  const isStart = scrollLeft > 1
  const isEnd = scrollLeft + clientWidth < scrollWidth - 1
  if (isStart && isEnd) return "both"
  return isStart ? "start" : isEnd ? "end" : "none"
}
