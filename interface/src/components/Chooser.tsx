/** A field in a dialog, and below it what fits: arrows choose, Enter takes. */
import { Dialog } from "@base-ui/react/dialog"
import { Search } from "lucide-react"
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react"
import { cx } from "./cx.ts"
import { Kbd } from "./Kbd.tsx"

type Props<E> = {
  label: string
  placeholder: string
  typed: string
  onType: (typed: string) => void
  entries: readonly E[]
  keyOf: (entry: E) => string
  draw: (entry: E) => ReactNode
  /** The heading above an entry, if it is the first in its group. */
  headingOf?: (entry: E) => string
  /** What Enter takes while the list lags behind the field; the chosen entry otherwise. */
  best?: (() => E | undefined) | undefined
  /** Shown when no entry matches. */
  nothing: string
  onPick: (entry: E) => void
  onClose: () => void
  /** True: the chosen entry takes the focus; otherwise it returns to where it was. */
  leads?: boolean
}

export function Chooser<E>(props: Props<E>) {
  const { label, typed, entries, keyOf, draw, headingOf, best, onPick, onClose, leads = false } = props
  const [chosen, setChosen] = useState(0)
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const picked = useRef(false)
  const last = entries.length - 1
  const at = Math.min(chosen, Math.max(0, last))

  useEffect(() => {
    list.current?.querySelector(`[data-place="${at}"]`)?.scrollIntoView({ block: "nearest" })
  }, [at])

  function pick(entry: E | undefined): void {
    if (entry === undefined) return
    picked.current = leads
    onClose()
    onPick(entry)
  }

  function press(event: KeyboardEvent): void {
    const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at === 0 ? last : at - 1, Home: 0, End: last }[
      event.key
    ]
    if (to !== undefined && (typed === "" || !["Home", "End"].includes(event.key))) {
      event.preventDefault()
      setChosen(Math.max(0, to))
    }
    if (event.key === "Enter") {
      event.preventDefault()
      pick(best ? best() : entries[at])
    }
  }

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-backdrop" />
        <Dialog.Popup
          finalFocus={() => !picked.current}
          className="-translate-x-1/2 fixed top-[10dvh] left-1/2 z-50 flex max-h-[72dvh] w-[min(40rem,calc(100vw-1.5rem))] animate-arrive flex-col overflow-hidden rounded-xl border border-line bg-raised shadow-float outline-none"
        >
          <Dialog.Title className="sr-only">{label}</Dialog.Title>
          <div className="flex items-center gap-2.5 border-line border-b px-4">
            <Search aria-hidden="true" className="size-4 shrink-0 text-ink-3" />
            <input
              role="combobox"
              aria-label={label}
              aria-expanded="true"
              aria-controls={`${id}-list`}
              aria-activedescendant={entries.length > 0 ? `${id}-${at}` : undefined}
              placeholder={props.placeholder}
              autoComplete="off"
              spellCheck={false}
              value={typed}
              onChange={(event) => {
                props.onType(event.target.value)
                setChosen(0)
              }}
              onKeyDown={press}
              className="h-12 min-w-0 flex-1 bg-transparent text-md outline-none"
            />
            <Kbd>Esc</Kbd>
          </div>
          <div
            ref={list}
            id={`${id}-list`}
            role="listbox"
            aria-label="Matches"
            tabIndex={-1}
            className="min-h-0 flex-1 overflow-y-auto p-1.5"
          >
            {entries.map((entry, place) => {
              const before = entries[place - 1]
              const heading = headingOf?.(entry)
              const isFirst = before === undefined || headingOf?.(before) !== heading
              return (
                <Entry
                  key={keyOf(entry)}
                  id={`${id}-${place}`}
                  place={place}
                  heading={isFirst ? heading : undefined}
                  isChosen={place === at}
                  onPoint={() => setChosen(place)}
                  onPick={() => pick(entry)}
                >
                  {draw(entry)}
                </Entry>
              )
            })}
          </div>
          {entries.length === 0 && <p className="px-4 pb-6 text-center text-ink-3">{props.nothing}</p>}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

type EntryProps = {
  id: string
  place: number
  heading: string | undefined
  isChosen: boolean
  onPoint: () => void
  onPick: () => void
  children: ReactNode
}

function Entry({ id, place, heading, isChosen, onPoint, onPick, children }: EntryProps) {
  return (
    <>
      {heading !== undefined && (
        <div role="presentation" className="px-2.5 pt-2.5 pb-1 text-ink-3 text-xs first:pt-1">
          {heading}
        </div>
      )}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={isChosen}
        data-place={place}
        onPointerMove={onPoint}
        onClick={onPick}
        onKeyDown={(event) => event.key === "Enter" && onPick()}
        className={cx(
          "flex cursor-pointer items-baseline gap-3 rounded-md px-2.5 py-1.5 pointer-coarse:py-2.5",
          isChosen && "bg-accent-soft",
        )}
      >
        {children}
      </div>
    </>
  )
}
