/** All that happened for a task, what streams at this moment included. */
import type { Task } from "@aura/core"
import { useMemo } from "react"
import { useSessionDrafts } from "../../api/drafts.ts"
import { useTaskOutput } from "../../api/queries/tasks.ts"
import { addLive, toItems } from "../../components/timeline.logic.ts"
import { useAtWork } from "./useAtWork.ts"

export function useTaskItems(task: Pick<Task, "id" | "projectId" | "status">) {
  const output = useTaskOutput(task.projectId, task.id)
  const sessionId = output.data?.at(-1)?.sessionId ?? ""
  const working = task.status === "in_progress"
  const drafts = useSessionDrafts(working ? sessionId : undefined)
  const atWork = useAtWork(task.projectId)
  const stored = useMemo(
    () => toItems(output.data ?? [], { atWork: working ? atWork : undefined, divide: "session" }),
    [output.data, working, atWork],
  )
  const items = useMemo(() => addLive(stored, drafts, sessionId), [stored, drafts, sessionId])
  return { items, output }
}
