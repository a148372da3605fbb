/** One field over everything: what can be done, every page, project, spec and task, and words inside them. */
import { Dialog } from "@base-ui/react/dialog"
import { useParams } from "@tanstack/react-router"
import { Search } from "lucide-react"
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useMemo, useRef, useState } from "react"
import { useSearchHits } from "../../api/queries.ts"
import { cx } from "../../components/cx.ts"
import { Kbd } from "../../components/Kbd.tsx"
import { useThrottled } from "../../hooks/useThrottled.ts"
import { arrange, rank } from "./palette.logic.ts"
import { type PaletteEntry, useActions, useHitEntry } from "./useEntries.ts"

type Props = { onClose: () => void; onShortcuts: () => void }

const groups: readonly PaletteEntry["group"][] = [
  "Do",
  "Go to",
  "Tasks",
  "Specs",
  "Projects",
  "Found in texts",
]
const most = { typed: 24, untyped: 14 } as const

export default function Palette({ onClose, onShortcuts }: Props) {
  const [typed, setTyped] = useState("")
  const [chosen, setChosen] = useState(0)
  const id = useId()
  const { projectId } = useParams({ strict: false })
  const actions = useActions(onShortcuts)
  const deferred = useDeferredValue(typed)
  const asked = useThrottled(deferred.trim(), 180)
  const hits = useSearchHits(asked, projectId)
  const toEntry = useHitEntry()
  const list = useRef<HTMLDivElement>(null)
  const shown = useMemo(() => {
    const fitting = rank(deferred, actions, deferred ? most.typed : most.untyped)
    const known = new Set(fitting.map((entry) => entry.id))
    const found = asked.length > 1 ? (hits.data ?? []).filter((hit) => !known.has(hit.id)).map(toEntry) : []
    return arrange(deferred, [...fitting, ...found.slice(0, 12)], groups)
  }, [deferred, actions, hits.data, asked, toEntry])
  const at = Math.min(chosen, Math.max(0, shown.length - 1))

  useEffect(() => {
    list.current?.querySelector(`[data-place="${at}"]`)?.scrollIntoView({ block: "nearest" })
  }, [at])

  function act(entry: PaletteEntry | undefined): void {
    if (!entry) return
    onClose()
    entry.act()
  }

  function press(event: KeyboardEvent): void {
    const last = shown.length - 1
    const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at === 0 ? last : at - 1, Home: 0, End: last }[
      event.key
    ]
    if (to !== undefined && (typed === "" || !["Home", "End"].includes(event.key))) {
      event.preventDefault()
      setChosen(Math.max(0, to))
    }
    if (event.key === "Enter") {
      event.preventDefault()
      // The list follows a moment after the typing; what is meant is what stands in the field.
      act(typed === deferred ? shown[at] : arrange(typed, rank(typed, actions, most.typed), groups)[0])
    }
  }

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-backdrop" />
        <Dialog.Popup className="-translate-x-1/2 fixed top-[10dvh] left-1/2 z-50 flex max-h-[72dvh] w-[min(40rem,calc(100vw-1.5rem))] animate-arrive flex-col overflow-hidden rounded-xl border border-line bg-raised shadow-float outline-none">
          <Dialog.Title className="sr-only">Find or do anything</Dialog.Title>
          <div className="flex items-center gap-2.5 border-line border-b px-4">
            <Search aria-hidden="true" className="size-4 shrink-0 text-ink-3" />
            <input
              role="combobox"
              aria-label="Find or do anything"
              aria-expanded="true"
              aria-controls={`${id}-list`}
              aria-activedescendant={shown.length > 0 ? `${id}-${at}` : undefined}
              placeholder="Find or do anything"
              autoComplete="off"
              spellCheck={false}
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value)
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
            {shown.map((entry, place) => (
              <Entry
                key={`${entry.group}:${entry.id}`}
                id={`${id}-${place}`}
                entry={entry}
                place={place}
                first={entry.group !== shown[place - 1]?.group}
                chosen={place === at}
                onPoint={() => setChosen(place)}
                onPick={() => act(entry)}
              />
            ))}
          </div>
          {shown.length === 0 && <p className="px-4 pb-6 text-center text-ink-3">Nothing fits “{typed}”.</p>}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

type EntryProps = {
  id: string
  entry: PaletteEntry
  place: number
  first: boolean
  chosen: boolean
  onPoint: () => void
  onPick: () => void
}

function Entry({ id, entry, place, first, chosen, onPoint, onPick }: EntryProps) {
  return (
    <>
      {first && (
        <div role="presentation" className="px-2.5 pt-2.5 pb-1 text-ink-3 text-xs first:pt-1">
          {entry.group}
        </div>
      )}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={chosen}
        data-place={place}
        onPointerMove={onPoint}
        onClick={onPick}
        onKeyDown={(event) => event.key === "Enter" && onPick()}
        className={cx(
          "flex cursor-pointer items-baseline gap-3 rounded-md px-2.5 py-1.5 pointer-coarse:py-2.5",
          chosen && "bg-accent-soft",
        )}
      >
        <span className="min-w-0 shrink-0 truncate last:shrink">{entry.title}</span>
        {entry.hint && <span className="min-w-0 flex-1 truncate text-ink-3 text-sm">{entry.hint}</span>}
      </div>
    </>
  )
}
