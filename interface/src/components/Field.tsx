/** A labelled input with its hint and its error, tied together for everyone. */
import { type ComponentProps, type ReactNode, useId } from "react"
import { cx } from "./cx.ts"

export const inputClass =
  "w-full rounded-md border border-line-strong bg-surface px-2.5 text-base text-ink transition-colors duration-100 hover:border-ink-3 focus:border-accent focus:outline-2 focus:outline-offset-0 focus:outline-accent/30 aria-invalid:border-bad"

type FieldProps = {
  label: string
  hint?: ReactNode
  error?: string | undefined
  optional?: boolean | undefined
}

type InputProps = FieldProps & ComponentProps<"input">

export function TextField({ label, hint, error, optional, className, ...rest }: InputProps) {
  const ids = useFieldIds(hint, error)
  return (
    <Frame label={label} hint={hint} error={error} optional={optional} ids={ids}>
      <input
        autoComplete="off"
        spellCheck={false}
        {...rest}
        id={ids.input}
        aria-describedby={ids.describedBy}
        aria-invalid={error ? true : undefined}
        className={cx(inputClass, "h-9 pointer-coarse:h-11", className)}
      />
    </Frame>
  )
}

type AreaProps = FieldProps & ComponentProps<"textarea"> & { after?: ReactNode }

export function TextArea({ label, hint, error, optional, after, className, ...rest }: AreaProps) {
  const ids = useFieldIds(hint, error)
  return (
    <Frame label={label} hint={hint} error={error} optional={optional} ids={ids} after={after}>
      <textarea
        {...rest}
        id={ids.input}
        aria-describedby={ids.describedBy}
        aria-invalid={error ? true : undefined}
        className={cx(inputClass, "resize-y py-2 leading-relaxed", className)}
      />
    </Frame>
  )
}

/** A plain text is both value and label. */
type Option = string | { value: string; name: string }
type SelectProps = FieldProps & ComponentProps<"select"> & { options: readonly Option[] }

export function SelectField({ label, hint, error, optional, options, className, ...rest }: SelectProps) {
  const ids = useFieldIds(hint, error)
  return (
    <Frame label={label} hint={hint} error={error} optional={optional} ids={ids}>
      <select
        {...rest}
        id={ids.input}
        aria-describedby={ids.describedBy}
        className={cx(inputClass, "h-9 pointer-coarse:h-11", className)}
      >
        {options.map((option) => {
          const { value, name } = typeof option === "string" ? { value: option, name: option } : option
          return (
            <option key={value} value={value}>
              {name}
            </option>
          )
        })}
      </select>
    </Frame>
  )
}

type Ids = { input: string; hint: string; error: string; describedBy: string | undefined }

function useFieldIds(hint: ReactNode, error: string | undefined): Ids {
  const id = useId()
  const ids = { input: id, hint: `${id}-hint`, error: `${id}-error` }
  const describedBy = [hint ? ids.hint : "", error ? ids.error : ""].filter(Boolean).join(" ")
  return { ...ids, describedBy: describedBy || undefined }
}

type FrameProps = FieldProps & { ids: Ids; after?: ReactNode; children: ReactNode }

function Frame({ label, hint, error, optional, ids, after, children }: FrameProps) {
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-baseline gap-2">
        <label htmlFor={ids.input} className="text-sm font-medium text-ink">
          {label}
        </label>
        {optional && <span className="text-xs text-ink-3">optional</span>}
        <span className="ml-auto">{after}</span>
      </div>
      {children}
      {error && (
        <p id={ids.error} role="alert" className="text-sm text-bad">
          {error}
        </p>
      )}
      {hint && (
        <p id={ids.hint} className="text-sm text-ink-3">
          {hint}
        </p>
      )}
    </div>
  )
}
