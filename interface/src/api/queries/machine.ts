/** Commands that run, and editors of this machine. */
import type { RunningCommandView } from "@aura/core"
import { type UseQueryResult, useQuery } from "@tanstack/react-query"
import { commandsKey } from "../apply.ts"
import { client } from "../client.ts"

/** What the agent and the checks run now, oldest first. */
export function useRunningCommands(projectId: string): UseQueryResult<readonly RunningCommandView[]> {
  return useQuery({
    queryKey: commandsKey(projectId),
    queryFn: async () => (await client.call("listCommands", { params: { p: projectId } })).items,
    staleTime: 0,
  })
}

export function useEditors() {
  return useQuery({
    queryKey: ["editors"],
    queryFn: async () => (await client.call("listEditors", {})).items,
  })
}
