/** A field that finds a file by a few letters of its path. */
import { Dialog } from "@base-ui/react/dialog"
import { Search } from "lucide-react"
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useMemo, useRef, useState } from "react"
import { cx } from "../../components/cx.ts"
import { Kbd } from "../../components/Kbd.tsx"
import { rank } from "../../views/palette/palette.logic.ts"

type Props = {
  files: readonly string[]
  /** Shown first while nothing is typed. */
  recent: readonly string[]
  onPick: (path: string) => void
  onClose: () => void
}

const most = 50

export function GoToFile({ files, recent, onPick, onClose }: Props) {
  const [typed, setTyped] = useState("")
  const [chosen, setChosen] = useState(0)
  const asked = useDeferredValue(typed)
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  /** True: the file that was picked takes the keyboard. */
  const picked = useRef(false)
  const entries = useMemo(
    () => files.map((path) => ({ title: path.slice(path.lastIndexOf("/") + 1), also: path, path })),
    [files],
  )
  const shown = useMemo(
    () =>
      asked.trim() === ""
        ? [...new Set([...recent, ...files])].slice(0, most)
        : rank(asked, entries, most).map((entry) => entry.path),
    [asked, entries, recent, files],
  )
  const at = Math.min(chosen, Math.max(0, shown.length - 1))

  useEffect(() => {
    list.current?.querySelector(`[data-place="${at}"]`)?.scrollIntoView({ block: "nearest" })
  }, [at])

  function press(event: KeyboardEvent): void {
    const last = shown.length - 1
    if (event.key === "ArrowDown") setChosen(at >= last ? 0 : at + 1)
    else if (event.key === "ArrowUp") setChosen(at === 0 ? Math.max(0, last) : at - 1)
    else if (event.key === "Enter") pick(typed === asked ? shown[at] : rank(typed, entries, 1)[0]?.path)
    else return
    event.preventDefault()
  }

  function pick(path: string | undefined): void {
    if (path === undefined) return
    picked.current = true
    onClose()
    onPick(path)
  }

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-backdrop" />
        <Dialog.Popup
          finalFocus={() => !picked.current}
          className="-translate-x-1/2 fixed top-[10dvh] left-1/2 z-50 flex max-h-[72dvh] w-[min(40rem,calc(100vw-1.5rem))] animate-arrive flex-col overflow-hidden rounded-xl border border-line bg-raised shadow-float outline-none"
        >
          <Dialog.Title className="sr-only">Go to a file</Dialog.Title>
          <div className="flex items-center gap-2.5 border-line border-b px-4">
            <Search aria-hidden="true" className="size-4 shrink-0 text-ink-3" />
            <input
              role="combobox"
              aria-label="Go to a file"
              aria-expanded="true"
              aria-controls={`${id}-list`}
              aria-activedescendant={shown.length > 0 ? `${id}-${at}` : undefined}
              placeholder="A few letters of its name or path"
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
            aria-label="Files"
            tabIndex={-1}
            className="min-h-0 flex-1 overflow-y-auto p-1.5"
          >
            {shown.map((path, place) => {
              const name = path.slice(path.lastIndexOf("/") + 1)
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field listens to the keys
                <div
                  key={path}
                  id={`${id}-${place}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={place === at}
                  data-place={place}
                  onPointerMove={() => setChosen(place)}
                  onClick={() => pick(path)}
                  className={cx(
                    "flex cursor-pointer items-baseline gap-3 rounded-md px-2.5 py-1.5 pointer-coarse:py-2.5",
                    place === at && "bg-accent-soft",
                  )}
                >
                  <span className="shrink-0">{name}</span>
                  <span className="min-w-0 flex-1 truncate text-ink-3 text-sm">
                    {path.slice(0, -name.length)}
                  </span>
                </div>
              )
            })}
          </div>
          {shown.length === 0 && (
            <p className="px-4 pb-6 text-center text-ink-3">
              {typed.trim() ? `No file fits “${typed}”.` : "The folder is empty."}
            </p>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
