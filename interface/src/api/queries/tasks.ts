/** Tasks, and what each changed. */
import type { TaskDiff } from "@aura/core"
import { type UseQueryResult, useQuery } from "@tanstack/react-query"
import { diffKey } from "../apply.ts"
import { client } from "../client.ts"
import { type Rows, useRows } from "./rows.ts"

export function useTasks(projectId: string, fetched = true): Rows<"tasks"> {
  return useRows(
    "tasks",
    { projectId },
    (query) => client.call("listTasks", { params: { p: projectId }, query }),
    fetched,
  )
}

/** Entries of all sessions that worked on a task. */
export function useTaskOutput(projectId: string, taskId: string): Rows<"entries"> {
  return useRows("entries", { taskId }, async () => {
    const output = await client.call("getTaskOutput", { params: { p: projectId, t: taskId } })
    return { items: output.entries, next: null }
  })
}

/** What a task changed; asked for again when a tool has run for it. */
export function useTaskDiff(projectId: string, taskId: string): UseQueryResult<TaskDiff> {
  return useQuery({
    queryKey: diffKey(taskId),
    queryFn: () => client.call("getTaskDiff", { params: { p: projectId, t: taskId } }),
  })
}
