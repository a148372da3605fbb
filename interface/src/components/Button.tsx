/** The button, in four tones. A busy button keeps its name and focus and ignores presses. */
import type { ComponentProps, ReactNode } from "react"
import { cx } from "./cx.ts"
import { Spinner } from "./Spinner.tsx"

type Size = "usual" | "small" | "square"
export type Tone = "primary" | "plain" | "quiet" | "danger"

const tones: Readonly<Record<Tone, string>> = {
  primary: "bg-accent text-accent-ink hover:bg-accent-hover font-medium",
  plain: "bg-raised text-ink border border-line-strong hover:bg-hover",
  quiet: "text-ink-2 hover:text-ink hover:bg-hover",
  danger: "bg-raised text-bad border border-line-strong hover:bg-bad-soft",
}

const sizes: Readonly<Record<Size, string>> = {
  usual: "h-8 px-3 text-sm pointer-coarse:h-10",
  small: "h-7 px-2.5 text-sm pointer-coarse:h-9",
  square: "size-8 pointer-coarse:size-10",
}

export function buttonClass(tone: Tone = "plain", size: Size = "usual"): string {
  return cx(
    "inline-flex shrink-0 select-none items-center justify-center gap-1.5 rounded-md whitespace-nowrap transition-colors duration-100",
    "disabled:opacity-50 disabled:pointer-events-none",
    sizes[size],
    tones[tone],
  )
}

type Props = Omit<ComponentProps<"button">, "type"> & {
  tone?: Tone
  size?: Size
  /** True while the server has not confirmed what was asked. */
  busy?: boolean
  submit?: boolean
  icon?: ReactNode
}

export function Button(props: Props) {
  const { tone, size, busy = false, submit = false, icon, className, children, onClick, ...rest } = props
  return (
    <button
      {...rest}
      type={submit ? "submit" : "button"}
      className={cx(buttonClass(tone, size), busy && "opacity-70", className)}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  )
}

/** A square button that shows only an icon; `label` is its name and its tooltip. */
export function IconButton({ label, ...rest }: Omit<Props, "children" | "size"> & { label: string }) {
  return <Button tone="quiet" size="square" {...rest} aria-label={label} title={label} />
}
