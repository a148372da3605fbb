/** The timeline of a session: its stored entries, and what streams in. */
import type { Session } from "@aura/core"
import { useMemo } from "react"
import { useSessionDrafts } from "../../api/drafts.ts"
import { useEntries } from "../../api/queries/agents.ts"
import { addLive, type Item, toItems } from "../../components/timeline.logic.ts"
import { useProjectId } from "../../hooks/useProjectId.ts"
import { useAtWork } from "../../parts/run/useAtWork.ts"

export function useSessionItems(session: Session | undefined): {
  items: readonly Item[]
  entries: ReturnType<typeof useEntries>
} {
  const projectId = useProjectId()
  const entries = useEntries(session)
  const drafts = useSessionDrafts(session?.id)
  const atWork = useAtWork(projectId)
  const stored = useMemo(
    () => toItems(entries.data ?? [], { atWork, divide: "task" }),
    [entries.data, atWork],
  )
  const items = useMemo(() => addLive(stored, drafts, session?.id ?? ""), [stored, drafts, session?.id])
  return { items, entries }
}
