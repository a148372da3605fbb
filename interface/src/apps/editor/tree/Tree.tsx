/** The folder as a tree, with keyboard navigation and the git status of each file. */
import type { FolderState } from "@aura/core"
import { useVirtualizer } from "@tanstack/react-virtual"
import { ChevronRight, File, Folder, FolderOpen, Link2 } from "lucide-react"
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react"
import { useListings } from "../../../api/workspace.ts"
import { cx } from "../../../components/cx.ts"
import { Loading, Problem } from "../../../components/Placeholder.tsx"
import {
  createMarks,
  findByName,
  foldersOf,
  type Mark,
  stepByKey,
  type TreeRow,
  toRows,
} from "./tree.logic.ts"

export type TreeProps = {
  projectId: string
  state: FolderState | undefined
  /** The file on screen; the folders above it are unfolded. */
  shown: string | undefined
  /** Folders that are unfolded. */
  open: ReadonlySet<string>
  onUnfold: (open: ReadonlySet<string>) => void
  isUnsaved: (path: string) => boolean
  /** @param pins true when it is meant to stay open */
  onOpen: (path: string, pins: boolean) => void
  onRename: (path: string) => void
  onRemove: (path: string) => void
}

const letters = { added: "A", modified: "M", deleted: "D" } as const
const says: Readonly<Record<Mark, string>> = {
  added: "new",
  modified: "changed",
  deleted: "deleted",
  inside: "holds changes",
  ignored: "ignored by git",
}
const colors: Readonly<Record<Mark, string>> = {
  added: "text-ok",
  modified: "text-warn",
  deleted: "text-bad",
  inside: "text-warn",
  ignored: "text-ink-3",
}
const rowHeight = 26
const typingMs = 800

export function Tree(props: TreeProps) {
  const { projectId, state, shown, open, onUnfold, isUnsaved, onOpen, onRename, onRemove } = props
  const [at, setAt] = useState(0)
  const typed = useRef({ text: "", at: 0 })
  const folders = useMemo(() => ["", ...open], [open])
  const lists = useListings(projectId, folders)
  const rows = toRows(new Map(folders.map((folder, i) => [folder, lists[i]?.data ?? []])), open)
  const marks = useMemo(() => createMarks(state), [state])
  const frame = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const chosen = Math.min(at, Math.max(0, rows.length - 1))

  // biome-ignore lint/correctness/useExhaustiveDependencies: a file that comes on screen unfolds the way to it once
  useEffect(() => {
    if (shown) onUnfold(new Set([...open, ...foldersOf(shown)]))
  }, [shown])

  const place = shown === undefined ? -1 : rows.findIndex((row) => row.path === shown)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a file that comes on screen is shown in the tree once
  useEffect(() => {
    if (place < 0) return
    setAt(place)
    virtual.scrollToIndex(place)
  }, [shown, place >= 0])

  function fold(path: string, isOpen: boolean): void {
    onUnfold(new Set(isOpen ? [...open, path] : [...open].filter((one) => one !== path)))
  }

  function act(row: TreeRow | undefined, pins: boolean): void {
    if (!row) return
    if (row.kind === "folder") fold(row.path, !row.isOpen)
    else onOpen(row.path, pins)
  }

  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const row = rows[chosen]
    const step = stepByKey(event.key, rows, chosen)
    if (step) {
      if ("go" in step) {
        setAt(step.go)
        virtual.scrollToIndex(step.go)
      } else if ("unfold" in step) fold(step.unfold, true)
      else fold(step.fold, false)
    } else if (event.key === "Enter" || event.key === " ") act(row, event.key === "Enter")
    else if (event.key === "F2" && row) onRename(row.path)
    else if (event.key === "Delete" && row && row.kind !== "folder") onRemove(row.path)
    else if (event.key.length === 1) {
      const isOld = event.timeStamp - typed.current.at > typingMs
      typed.current = { text: (isOld ? "" : typed.current.text) + event.key, at: event.timeStamp }
      const found = findByName(rows, chosen, typed.current.text)
      if (found !== undefined) {
        setAt(found)
        virtual.scrollToIndex(found)
      }
    } else return
    event.preventDefault()
  }

  const root = lists[0]
  if (root?.isError && !root.data) return <Problem error={root.error} onRetry={() => void root.refetch()} />
  if (!root?.data) return <Loading rows={7} className="p-4" />
  if (rows.length === 0) return <p className="p-4 text-ink-3 text-sm">The folder is empty.</p>
  return (
    <div
      ref={frame}
      role="tree"
      aria-label="Files"
      tabIndex={0}
      aria-activedescendant={`tree-${chosen}`}
      onKeyDown={press}
      className="group/tree min-h-0 flex-1 overflow-y-auto py-1 outline-none"
    >
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]
          return (
            row && (
              <Branch
                key={row.path}
                row={row}
                index={index}
                start={start}
                mark={marks(row.path)}
                isShown={row.path === shown}
                isChosen={index === chosen}
                isUnsaved={isUnsaved(row.path)}
                onPick={(pins) => {
                  setAt(index)
                  if (!pins || row.kind !== "folder") act(row, pins)
                }}
              />
            )
          )
        })}
      </div>
    </div>
  )
}

type BranchProps = {
  row: TreeRow
  index: number
  start: number
  mark: Mark | undefined
  isShown: boolean
  isChosen: boolean
  isUnsaved: boolean
  onPick: (pins: boolean) => void
}

function Branch({ row, index, start, mark, isShown, isChosen, isUnsaved, onPick }: BranchProps) {
  const isFolder = row.kind === "folder"
  const Icon = isFolder ? (row.isOpen ? FolderOpen : Folder) : row.kind === "link" ? Link2 : File
  const letter = mark === "added" || mark === "modified" || mark === "deleted" ? letters[mark] : ""
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree itself listens to the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and says which row is meant
    <div
      id={`tree-${index}`}
      role="treeitem"
      aria-level={row.depth}
      aria-expanded={isFolder ? row.isOpen : undefined}
      aria-selected={isShown}
      onClick={() => onPick(false)}
      onDoubleClick={() => onPick(true)}
      title={row.path}
      className={cx(
        "absolute inset-x-0 flex cursor-pointer select-none items-center gap-1.5 pr-3 text-sm",
        isShown ? "bg-accent-soft" : "hover:bg-hover",
        isChosen &&
          "group-focus-visible/tree:outline-2 group-focus-visible/tree:outline-accent group-focus-visible/tree:-outline-offset-2",
      )}
      style={{ top: start, height: rowHeight, paddingLeft: 8 + (row.depth - 1) * 14 }}
    >
      <ChevronRight
        aria-hidden="true"
        className={cx("size-3.5 shrink-0 text-ink-3", row.isOpen && "rotate-90", !isFolder && "invisible")}
      />
      <Icon aria-hidden="true" className="size-4 shrink-0 text-ink-3" />
      <span className={cx("min-w-0 flex-1 truncate", mark && colors[mark])}>{row.name}</span>
      {mark && <span className="sr-only">, {says[mark]}</span>}
      {isUnsaved && (
        <>
          <span aria-hidden="true" className="size-2 shrink-0 rounded-full bg-accent" />
          <span className="sr-only">, unsaved</span>
        </>
      )}
      {letter && (
        <span aria-hidden="true" className={cx("shrink-0 font-mono text-xs", mark && colors[mark])}>
          {letter}
        </span>
      )}
      {mark === "inside" && !row.isOpen && (
        <span aria-hidden="true" className="size-1.5 shrink-0 rounded-full bg-warn" />
      )}
    </div>
  )
}
