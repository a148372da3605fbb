/** A field that finds a file by a few letters of its path. */
import { useDeferredValue, useMemo, useState } from "react"
import { Chooser } from "../../../components/Chooser.tsx"
import { rank } from "../../../parts/palette/palette.logic.ts"

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
  const asked = useDeferredValue(typed)
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
  return (
    <Chooser
      label="Go to a file"
      placeholder="A few letters of its name or path"
      typed={typed}
      onType={setTyped}
      entries={shown}
      keyOf={(path) => path}
      draw={(path) => {
        const name = path.slice(path.lastIndexOf("/") + 1)
        return (
          <>
            <span className="shrink-0">{name}</span>
            <span className="min-w-0 flex-1 truncate text-ink-3 text-sm">{path.slice(0, -name.length)}</span>
          </>
        )
      }}
      best={typed === asked ? undefined : () => rank(typed, entries, 1)[0]?.path}
      nothing={typed.trim() ? `No file fits “${typed}”.` : "The folder is empty."}
      onPick={onPick}
      onClose={onClose}
      leads
    />
  )
}
