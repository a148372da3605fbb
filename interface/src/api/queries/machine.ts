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

/** A picture or PDF that a model was shown; what has this name never changes. */
export function useMedia(projectId: string, name: string) {
  return useQuery({
    queryKey: ["media", projectId, name],
    queryFn: () => client.call("getMedia", { params: { p: projectId, name } }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
}
