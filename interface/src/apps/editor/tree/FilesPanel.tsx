/** The files of the folder: all as a tree, those changed since the last commit, or the results of a search. */
import { FilePlus2 } from "lucide-react"
import type { ReactNode } from "react"
import { IconButton } from "../../../components/Button.tsx"
import { cx } from "../../../components/cx.ts"
import { Changed } from "../Changed.tsx"
import { FindInFiles, type TextSearch } from "../search/FindInFiles.tsx"
import { Tree, type TreeProps } from "./Tree.tsx"

export type Shows = "all" | "changed" | "find"

type Props = TreeProps & {
  shows: Shows
  onShows: (shows: Shows) => void
  search: TextSearch
  onSearch: (search: TextSearch) => void
  onFound: (path: string, line: number) => void
  onCompare: (path: string) => void
  onNew: () => void
}

export function FilesPanel(props: Props) {
  const { shows, onShows, search, onSearch, onFound, onNew, onCompare, ...tree } = props
  const count = tree.state?.changes.length ?? 0
  return (
    <>
      <div className="flex h-9 shrink-0 items-center gap-1 border-line border-b pr-1 pl-2">
        <Choice on={shows === "all"} onChoose={() => onShows("all")}>
          All files
        </Choice>
        <Choice on={shows === "changed"} onChoose={() => onShows("changed")}>
          Changed {count > 0 && <span className="text-ink-3 tabular-nums">{count}</span>}
        </Choice>
        <Choice on={shows === "find"} onChoose={() => onShows("find")}>
          Find
        </Choice>
        <span className="ml-auto">
          <IconButton
            label="New file"
            icon={<FilePlus2 aria-hidden="true" className="size-4" />}
            onClick={onNew}
          />
        </span>
      </div>
      {shows === "all" && <Tree {...tree} />}
      {shows === "changed" && <Changed state={tree.state} shown={tree.shown} onOpen={onCompare} />}
      {shows === "find" && (
        <FindInFiles projectId={tree.projectId} search={search} onSearch={onSearch} onOpen={onFound} />
      )}
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
