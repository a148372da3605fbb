/** A thin bar that fills, with an optional mark on its way. */
import { cx } from "./cx.ts"

type Props = {
  label: string
  /** 0–1 */
  value: number
  /** 0–1, where something happens */
  mark?: number
  text: string
  tone?: "accent" | "ok" | "warn"
}

const fills = { accent: "bg-accent", ok: "bg-ok", warn: "bg-warn" } as const

export function Meter({ label, value, mark, text, tone = "accent" }: Props) {
  const percent = Math.min(100, Math.max(0, value * 100))
  return (
    <div className="relative h-1.5 w-full rounded-full bg-line">
      <meter className="sr-only" aria-label={label} min={0} max={100} value={percent}>
        {text}
      </meter>
      <div
        className={cx("h-full rounded-full transition-[width] duration-300 ease-out", fills[tone])}
        style={{ width: `${percent}%` }}
      />
      {mark !== undefined && (
        <div
          className="absolute -top-1 h-3.5 w-0.5 rounded-full bg-ink-2"
          style={{ left: `calc(${mark * 100}% - 1px)` }}
        />
      )}
    </div>
  )
}
