/** The files of the folder: all of them as a tree, or those that differ from the last commit. */
import type { FolderState } from "@aura/core"
import { FilePlus2 } from "lucide-react"
import type { ReactNode } from "react"
import { IconButton } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { Changed } from "./Changed.tsx"
import { Tree } from "./Tree.tsx"

type Props = {
  /** True: only what differs is shown. */
  changed: boolean
  onChanged: (changed: boolean) => void
  projectId: string
  state: FolderState | undefined
  shown: string | undefined
  open: ReadonlySet<string>
  onUnfold: (open: ReadonlySet<string>) => void
  isUnsaved: (path: string) => boolean
  onOpen: (path: string, pins: boolean) => void
  onCompare: (path: string) => void
  onNew: () => void
  onRename: (path: string) => void
  onRemove: (path: string) => void
}

export function FilesPanel({ changed, onChanged, onNew, onCompare, ...tree }: Props) {
  const count = tree.state?.changes.length ?? 0
  return (
    <>
      <div className="flex h-9 shrink-0 items-center gap-1 border-line border-b pr-1 pl-2">
        <Choice on={!changed} onChoose={() => onChanged(false)}>
          All files
        </Choice>
        <Choice on={changed} onChoose={() => onChanged(true)}>
          Changed {count > 0 && <span className="text-ink-3 tabular-nums">{count}</span>}
        </Choice>
        <span className="ml-auto">
          <IconButton
            label="New file"
            icon={<FilePlus2 aria-hidden="true" className="size-4" />}
            onClick={onNew}
          />
        </span>
      </div>
      {changed ? <Changed state={tree.state} shown={tree.shown} onOpen={onCompare} /> : <Tree {...tree} />}
    </>
  )
}

type ChoiceProps = { on: boolean; onChoose: () => void; children: ReactNode }

function Choice({ on, onChoose, children }: ChoiceProps) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onChoose}
      className={cx("rounded-md px-2 py-1 text-sm", on ? "bg-hover text-ink" : "text-ink-2 hover:text-ink")}
    >
      {children}
    </button>
  )
}
