/** Files of a project's workspace: read once, and again when something may have changed them or the page is looked at. */
import {
  AuraError,
  type CallInput,
  type FileEntry,
  type FileText,
  type FolderState,
  type TextQuery,
} from "@aura/core"
import {
  type QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query"
import { workspaceKey } from "./apply.ts"
import { client } from "./client.ts"

const fresh = { staleTime: 0, refetchOnWindowFocus: true, retry: false } as const

/** All its files, and what differs from the last commit. */
export function useFolderState(projectId: string): UseQueryResult<FolderState> {
  return useQuery({
    ...fresh,
    queryKey: [...workspaceKey(projectId), "state"],
    queryFn: () => client.call("getFolder", { params: { p: projectId } }),
  })
}

/** The entries of folders; "" is the root. */
export function useListings(
  projectId: string,
  folders: readonly string[],
): readonly UseQueryResult<readonly FileEntry[]>[] {
  return useQueries({
    queries: folders.map((path) => ({
      ...fresh,
      queryKey: [...workspaceKey(projectId), "list", path],
      queryFn: async () => (await client.call("listFiles", { body: { projectId, path: path || "." } })).items,
    })),
  })
}

/** The current file on disk; null if there is none. */
export type OnDisk = Pick<FileText, "digest"> & { content: string | null }

export function useFile(projectId: string, path: string): UseQueryResult<OnDisk> {
  return useQuery({
    ...fresh,
    queryKey: fileKey(projectId, path),
    queryFn: () =>
      client.call("readFile", { body: { projectId, path } }).catch((thrown: unknown): OnDisk => {
        if (thrown instanceof AuraError && thrown.code === "not_found") return { content: null, digest: "" }
        throw thrown
      }),
  })
}

/** A file in the last commit; null when it is not in it. */
export function useCommitted(
  projectId: string,
  path: string,
  fetched: boolean,
): UseQueryResult<string | null> {
  return useQuery({
    ...fresh,
    queryKey: [...workspaceKey(projectId), "committed", path],
    queryFn: async () => (await client.call("readCommitted", { body: { projectId, path } })).content,
    enabled: fetched,
  })
}

/** The occurrences of a text in all files, fetched again when files may have changed. */
export function useTextHits(projectId: string, query: TextQuery) {
  return useQuery({
    ...fresh,
    queryKey: [...workspaceKey(projectId), "find", query],
    queryFn: ({ signal }) =>
      client.call("findInFolder", { params: { p: projectId }, body: query }, { signal }),
    enabled: query.text !== "",
    placeholderData: (before) => before,
  })
}

type Save = CallInput<"writeFile">["body"]

/** Writes a file; one that is another by now is read instead, and what was refused is thrown. */
export function useSaveFile(projectId: string): UseMutationResult<FileText, Error, Omit<Save, "projectId">> {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body) => client.call("writeFile", { body: { projectId, ...body } }),
    onSuccess: ({ content, digest }, { path }) => {
      queries.setQueryData<OnDisk>(fileKey(projectId, path), { content, digest })
      refreshFolders(queries, projectId)
    },
    onError: (thrown, { path }) => {
      const now = thrown instanceof AuraError ? readConflict(thrown.details) : undefined
      if (!now) return
      queries.setQueryData<OnDisk>(fileKey(projectId, path), now)
      refreshFolders(queries, projectId)
    },
  })
}

/** Moves or removes a file. */
export function useChangeFiles(projectId: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (change: { move: string; to: string } | { remove: string }) => {
      if ("move" in change)
        await client.call("moveFile", { body: { projectId, path: change.move, to: change.to } })
      else await client.call("removeFile", { body: { projectId, path: change.remove } })
    },
    onSettled: () => void queries.invalidateQueries({ queryKey: workspaceKey(projectId) }),
  })
}

/** The current file, from the error of a rejected write. */
function readConflict(details: AuraError["details"]): OnDisk | undefined {
  if (typeof details?.digest !== "string") return undefined
  const { content, digest } = details
  return typeof content === "string" || content === null ? { content, digest } : undefined
}

function fileKey(projectId: string, path: string) {
  return [...workspaceKey(projectId), "file", path] as const
}

/** What a write of one file changes beside the file. */
function refreshFolders(queries: QueryClient, projectId: string): void {
  for (const part of ["state", "list"])
    void queries.invalidateQueries({ queryKey: [...workspaceKey(projectId), part] })
}
