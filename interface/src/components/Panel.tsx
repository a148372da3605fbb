/** A panel at the side of a page. Its edge can be pulled, also by arrow keys; its width stays on this device. */
import { type PointerEvent, type ReactNode, useState } from "react"
import { cx } from "./cx.ts"
import { clampWidth, type Room, readWidth, widthByKey } from "./panel.logic.ts"

type Props = {
  /** What its width is remembered under. */
  name: string
  label: string
  side: "left" | "right"
  room: Room
  children: ReactNode
}

export function Panel({ name, label, side, room, children }: Props) {
  const key = `aura-width-${name}`
  const [width, setWidth] = useState(() => readWidth(localStorage.getItem(key), room))

  function resize(to: number): void {
    setWidth(to)
    localStorage.setItem(key, String(to))
  }

  function pull(event: PointerEvent<HTMLDivElement>): void {
    event.preventDefault()
    const edge = event.currentTarget
    const from = { x: event.clientX, width }
    edge.setPointerCapture(event.pointerId)
    const move = (moved: globalThis.PointerEvent) => {
      const by = moved.clientX - from.x
      resize(clampWidth(from.width + (side === "left" ? by : -by), room))
    }
    edge.addEventListener("pointermove", move)
    edge.addEventListener("lostpointercapture", () => edge.removeEventListener("pointermove", move), {
      once: true,
    })
  }

  return (
    <aside
      aria-label={label}
      style={{ width }}
      className={cx(
        "relative flex min-h-0 shrink-0 flex-col",
        side === "left" ? "border-r" : "border-l",
        "border-line",
      )}
    >
      {children}
      {/* biome-ignore lint/a11y/useSemanticElements: a rule cannot be pulled */}
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label={`Width of ${label}`}
        aria-valuenow={width}
        aria-valuemin={room.min}
        aria-valuemax={room.max}
        tabIndex={0}
        onPointerDown={pull}
        onDoubleClick={() => resize(room.initial)}
        onKeyDown={(event) => {
          const to = widthByKey(event.key, width, side, room)
          if (to === undefined) return
          event.preventDefault()
          resize(to)
        }}
        className={cx(
          "absolute inset-y-0 z-10 w-2 cursor-col-resize touch-none transition-colors hover:bg-accent/30 focus-visible:bg-accent/40 focus-visible:outline-none",
          side === "left" ? "-right-1" : "-left-1",
        )}
      />
    </aside>
  )
}
