/** One field over everything: what can be done, every page, project, spec and task, and words inside them. */
import { useParams } from "@tanstack/react-router"
import { useDeferredValue, useMemo, useState } from "react"
import { useSearchHits } from "../../api/queries/loops.ts"
import { Chooser } from "../../components/Chooser.tsx"
import { useThrottled } from "../../hooks/useThrottled.ts"
import { arrange, rank } from "../../parts/palette/palette.logic.ts"
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
  const { projectId } = useParams({ strict: false })
  const actions = useActions(onShortcuts)
  const deferred = useDeferredValue(typed)
  const asked = useThrottled(deferred.trim(), 180)
  const hits = useSearchHits(asked, projectId)
  const toEntry = useHitEntry()
  const shown = useMemo(() => {
    const fitting = rank(deferred, actions, deferred ? most.typed : most.untyped)
    const known = new Set(fitting.map((entry) => entry.id))
    const found = asked.length > 1 ? (hits.data ?? []).filter((hit) => !known.has(hit.id)).map(toEntry) : []
    return arrange(deferred, [...fitting, ...found.slice(0, 12)], groups)
  }, [deferred, actions, hits.data, asked, toEntry])
  // The list lags behind the typing, so use the text of the field.
  const best =
    typed === deferred ? undefined : () => arrange(typed, rank(typed, actions, most.typed), groups)[0]
  return (
    <Chooser
      label="Find or do anything"
      placeholder="Find or do anything"
      typed={typed}
      onType={setTyped}
      entries={shown}
      keyOf={(entry) => `${entry.group}:${entry.id}`}
      headingOf={(entry) => entry.group}
      draw={(entry) => (
        <>
          <span className="min-w-0 shrink-0 truncate last:shrink">{entry.title}</span>
          {entry.hint && <span className="min-w-0 flex-1 truncate text-ink-3 text-sm">{entry.hint}</span>}
        </>
      )}
      best={best}
      nothing={`Nothing fits “${typed}”.`}
      onPick={(entry) => entry.act()}
      onClose={onClose}
    />
  )
}
