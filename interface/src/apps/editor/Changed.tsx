/** What differs from the last commit, as a list; a row opens the file against it. */
import type { FolderState } from "@aura/core"
import { cx } from "../../components/cx.ts"
import { Loading } from "../../components/Placeholder.tsx"
import { Size } from "../../components/Size.tsx"

type Props = {
  state: FolderState | undefined
  shown: string | undefined
  onOpen: (path: string) => void
}

const words = { added: "new", modified: "", deleted: "deleted" } as const

export function Changed({ state, shown, onOpen }: Props) {
  if (!state) return <Loading rows={5} className="p-4" />
  if (!state.isRepository)
    return <p className="p-4 text-ink-3 text-sm">The folder has no git repository yet; a run makes one.</p>
  if (state.changes.length === 0)
    return <p className="p-4 text-ink-3 text-sm">Nothing differs from the last commit.</p>
  return (
    <ul aria-label="Changed files" className="min-h-0 flex-1 overflow-y-auto py-1">
      {state.changes.map((change) => {
        const name = change.path.slice(change.path.lastIndexOf("/") + 1)
        const folder = change.path.slice(0, -name.length)
        return (
          <li key={change.path}>
            <button
              type="button"
              aria-current={change.path === shown ? "true" : undefined}
              title={change.path}
              onClick={() => onOpen(change.path)}
              className={cx(
                "flex h-7 w-full items-baseline gap-2 px-4 text-left text-sm leading-7 -outline-offset-2 pointer-coarse:h-10 pointer-coarse:leading-10",
                change.path === shown ? "bg-accent-soft" : "hover:bg-hover",
              )}
            >
              <span className={cx("shrink-0", change.op === "deleted" && "line-through")}>{name}</span>
              <span className="min-w-0 flex-1 truncate text-ink-3 text-xs">{folder}</span>
              {words[change.op] && (
                <span className={cx("shrink-0 text-xs", change.op === "added" ? "text-ok" : "text-bad")}>
                  {words[change.op]}
                </span>
              )}
              <span className="shrink-0 text-xs">
                <Size additions={change.additions} deletions={change.deletions} />
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
