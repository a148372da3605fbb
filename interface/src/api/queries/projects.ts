/** Projects, their progress, and what needs a person. */
import type { Attention, FolderView, Progress, Projection, Recap } from "@aura/core"
import { type UseQueryResult, useQuery } from "@tanstack/react-query"
import { attentionKey, progressKey } from "../apply.ts"
import { client } from "../client.ts"
import { useLogin } from "../login.ts"
import { type Rows, useRows } from "./rows.ts"

export function useProjects(): Rows<"projects"> {
  return useRows("projects", {}, (page) => client.call("listProjects", { query: page }))
}

/** One project of the list; `data` is null when there is none with this id. */
export function useProject(projectId: string) {
  const projects = useProjects()
  const project = projects.data?.find((row) => row.id === projectId)
  return { ...projects, data: projects.data ? (project ?? null) : undefined }
}

export function useProgress(projectId: string, enabled = true): UseQueryResult<Progress> {
  return useQuery({
    enabled,
    queryKey: progressKey(projectId),
    queryFn: () => client.call("getProgress", { params: { p: projectId } }),
  })
}

/** Asked again with the progress: what a task costs, and whether it is done, changes it. */
export function useProjection(projectId: string): UseQueryResult<Projection> {
  return useQuery({
    queryKey: [...progressKey(projectId), "projection"],
    queryFn: () => client.call("getProjection", { params: { p: projectId } }),
  })
}

/** What happened since a time; asked again with the progress. Without a time nothing is asked. */
export function useRecap(projectId: string, since: string | undefined): UseQueryResult<Recap> {
  return useQuery({
    enabled: since !== undefined,
    queryKey: [...progressKey(projectId), "recap", since],
    queryFn: () => client.call("getRecap", { params: { p: projectId }, query: since ? { since } : {} }),
    placeholderData: (before) => before,
  })
}

/** The folders inside a folder of the server's machine; without a path, inside the home folder. */
export function useFolder(path: string): UseQueryResult<FolderView> {
  return useQuery({
    queryKey: ["folder", path],
    queryFn: () => client.call("viewFolder", { body: path ? { path } : {} }),
    staleTime: 0,
    placeholderData: (before) => before,
    retry: false,
  })
}

/** What needs a person, over all projects. */
export function useAttention(): UseQueryResult<readonly Attention[]> {
  return useQuery({
    queryKey: attentionKey,
    queryFn: async () => (await client.call("listAttention", {})).items,
    enabled: useLogin((login) => login.token !== undefined),
  })
}
