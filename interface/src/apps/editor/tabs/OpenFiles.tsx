/** The files that are open, one beside the other. */
import { X } from "lucide-react"
import { useEffect, useRef } from "react"
import { cx } from "../../../components/cx.ts"
import { nameTabs, type Tab } from "./tabs.logic.ts"

type Props = {
  tabs: readonly Tab[]
  shown: string | undefined
  isUnsaved: (path: string) => boolean
  onShow: (path: string) => void
  onPin: (path: string) => void
  onClose: (path: string) => void
}

export function OpenFiles({ tabs, shown, isUnsaved, onShow, onPin, onClose }: Props) {
  const row = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time another file comes on screen
  useEffect(() => {
    row.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" })
  }, [shown, tabs.length])
  return (
    <nav
      ref={row}
      aria-label="Open files"
      className="flex h-9 min-w-0 shrink-0 overflow-x-auto border-line border-b bg-canvas [scrollbar-width:none]"
    >
      {nameTabs(tabs).map(({ path, name, folder }, i) => {
        const isShown = path === shown
        const unsaved = isUnsaved(path)
        return (
          <span
            key={path}
            className={cx(
              "group/tab relative flex shrink-0 items-center border-line border-r",
              isShown ? "bg-surface" : "text-ink-2 hover:text-ink",
            )}
          >
            {isShown && <span aria-hidden="true" className="absolute inset-x-0 top-0 h-0.5 bg-accent" />}
            <button
              type="button"
              aria-current={isShown ? "page" : undefined}
              title={path}
              onClick={() => onShow(path)}
              onDoubleClick={() => onPin(path)}
              onAuxClick={(event) => event.button === 1 && onClose(path)}
              className={cx(
                "flex h-full max-w-56 items-baseline gap-1.5 truncate py-2 pr-1 pl-3 text-sm leading-5 -outline-offset-2",
                tabs[i]?.pinned === false && "italic",
              )}
            >
              <span className="truncate">{name}</span>
              {folder && <span className="truncate text-ink-3 text-xs">{folder}</span>}
              {unsaved && <span className="sr-only">, unsaved</span>}
            </button>
            <button
              type="button"
              aria-label={`Close ${path}`}
              title="Close (Alt+W)"
              onClick={() => onClose(path)}
              className="relative mr-1 flex size-6 items-center justify-center rounded-md text-ink-3 hover:bg-hover hover:text-ink pointer-coarse:size-9"
            >
              {unsaved && (
                <span
                  aria-hidden="true"
                  className="absolute size-2 rounded-full bg-accent group-focus-within/tab:opacity-0 group-hover/tab:opacity-0"
                />
              )}
              <X
                aria-hidden="true"
                className={cx(
                  "size-3.5",
                  unsaved && "opacity-0 group-focus-within/tab:opacity-100 group-hover/tab:opacity-100",
                )}
              />
            </button>
          </span>
        )
      })}
    </nav>
  )
}
