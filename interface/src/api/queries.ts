/** One hook per noun. Rows are fetched once and from then on kept fresh by `apply`. */
import {
  type Attention,
  type FolderView,
  type Hit,
  type Ledger,
  type LogLine,
  type Progress,
  type Projection,
  type Row,
  type RunningCommandView,
  type SnapshotPreview,
  type Table,
  type TaskDiff,
  toLedger,
} from "@aura/core"
import { QueryClient, type UseQueryResult, useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import type { Where } from "./apply.logic.ts"
import {
  attentionKey,
  commandsKey,
  diffKey,
  fetchRows,
  loginsKey,
  progressKey,
  rowsKey,
  settingsKey,
} from "./apply.ts"
import { client } from "./client.ts"
import { useLogin } from "./login.ts"

export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: "always",
        retry: 1,
        retryDelay: 600,
      },
      mutations: { networkMode: "always" },
    },
  })
}

export type Rows<T extends Table> = UseQueryResult<readonly Row<T>[]>

export function useProjects(): Rows<"projects"> {
  return useRows("projects", {}, (page) => client.call("listProjects", { query: page }))
}

/** Agent templates. */
export function useAgents(): Rows<"agents"> {
  return useRows("agents", {}, (page) => client.call("listAgents", { query: page }))
}

/** One project of the list; `data` is null when there is none with this id. */
export function useProject(projectId: string) {
  const projects = useProjects()
  const project = projects.data?.find((row) => row.id === projectId)
  return { ...projects, data: projects.data ? (project ?? null) : undefined }
}

/** Versions of the requirements document, the current one last. */
export function useDocument(projectId: string) {
  const documents = useQuery({
    queryKey: rowsKey("documents", { projectId }),
    queryFn: () =>
      fetchRows("documents", { projectId }, async () => {
        const view = await client.call("getRequirements", { params: { p: projectId } })
        return [{ ...view, decisions: [], identities: [] }]
      }),
  })
  const newest = documents.data?.reduce((a, b) => (b.version >= a.version ? b : a))
  return { ...documents, data: newest }
}

export function useSpecs(projectId: string, fetched = true): Rows<"specs"> {
  return useRows(
    "specs",
    { projectId },
    (query) => client.call("listSpecs", { params: { p: projectId }, query }),
    fetched,
  )
}

export function useTasks(projectId: string, fetched = true): Rows<"tasks"> {
  return useRows(
    "tasks",
    { projectId },
    (query) => client.call("listTasks", { params: { p: projectId }, query }),
    fetched,
  )
}

/** @param fetched false to read only what is known already */
export function usePlans(projectId: string, fetched = true): Rows<"plans"> {
  return useRows(
    "plans",
    { projectId },
    () => client.call("listPlans", { params: { p: projectId } }),
    fetched,
  )
}

export function useInstances(projectId: string): Rows<"instances"> {
  return useRows("instances", { projectId }, (query) =>
    client.call("listInstances", { params: { p: projectId }, query }),
  )
}

export function useLoops(projectId: string, fetched = true): Rows<"loops"> {
  return useRows(
    "loops",
    { projectId },
    async () => {
      const state = await client.call("getLoop", { params: { p: projectId } })
      const others = state.loops.filter((loop) => loop.id !== state.loop?.id)
      return { items: state.loop ? [...others, state.loop] : others, next: null }
    },
    fetched,
  )
}

/** Sessions of all instances of a project. */
export function useSessions(projectId: string): Rows<"sessions"> {
  return useRows("sessions", { projectId }, async () => {
    const instances = await loadAll((query) =>
      client.call("listInstances", { params: { p: projectId }, query }),
    )
    const lists = await Promise.all(
      instances.map((instance) =>
        loadAll((query) => client.call("listSessions", { params: { p: projectId, i: instance.id }, query })),
      ),
    )
    return { items: lists.flat(), next: null }
  })
}

export function useEntries(session: Row<"sessions"> | undefined): Rows<"entries"> {
  return useRows(
    "entries",
    { sessionId: session?.id ?? "" },
    (query) =>
      client.call("listEntries", {
        params: { p: session?.projectId ?? "", i: session?.instanceId ?? "", s: session?.id ?? "" },
        query: { ...query, limit: 10_000 },
      }),
    session !== undefined,
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

/** The proposed version of a spec against the present one; asked for again when either has changed. */
export function useProposalDiff(spec: Row<"specs">): UseQueryResult<{ diff: string }> {
  return useQuery({
    queryKey: ["proposal", spec.id, spec.updatedAt, spec.proposal?.planId],
    queryFn: () => client.call("getProposal", { params: { p: spec.projectId, s: spec.id } }),
    enabled: spec.proposal !== undefined,
    placeholderData: (before) => before,
  })
}

export function useComments(projectId: string): Rows<"comments"> {
  return useRows("comments", { projectId }, (query) =>
    client.call("listComments", { params: { p: projectId }, query }),
  )
}

export function useWaivers(projectId: string): Rows<"waivers"> {
  return useRows("waivers", { projectId }, (query) =>
    client.call("listWaivers", { params: { p: projectId }, query }),
  )
}

/** How each requirement stands: worked out here from rows that events keep fresh, by the server's own rule. */
export function useLedger(projectId: string): {
  data: Ledger | undefined
  error: Error | null
  retry: () => void
} {
  const document = useDocument(projectId)
  const tasks = useTasks(projectId)
  const waivers = useWaivers(projectId)
  const data = useMemo(
    () =>
      document.data && tasks.data && waivers.data
        ? toLedger(document.data, tasks.data, waivers.data)
        : undefined,
    [document.data, tasks.data, waivers.data],
  )
  const failed = [document, tasks, waivers].filter((query) => query.isError)
  return {
    data,
    error: failed[0]?.error ?? null,
    retry: () => {
      for (const query of failed) void query.refetch()
    },
  }
}

/** Oldest first. */
export function useSnapshots(projectId: string): Rows<"snapshots"> {
  return useRows("snapshots", { projectId }, (query) =>
    client.call("listSnapshots", { params: { p: projectId }, query }),
  )
}

/** What going back would do, looked at anew each time. */
export function useSnapshotPreview({ projectId, id }: Row<"snapshots">): UseQueryResult<SnapshotPreview> {
  return useQuery({
    queryKey: ["snapshot", id],
    queryFn: () => client.call("previewSnapshot", { params: { p: projectId, id } }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  })
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

/** What the agent and the checks run now, oldest first. */
export function useRunningCommands(projectId: string): UseQueryResult<readonly RunningCommandView[]> {
  return useQuery({
    queryKey: commandsKey(projectId),
    queryFn: async () => (await client.call("listCommands", { params: { p: projectId } })).items,
    staleTime: 0,
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

/** So many lines of the log are fetched at once. */
export const logPage = 200

/**
 * One page of the log, counted from the first event.
 * @param head the newest event, while the page is not full yet
 */
export function useLogPage(page: number, head: number): UseQueryResult<readonly LogLine[]> {
  const isFull = head >= (page + 1) * logPage
  return useQuery({
    queryKey: ["log", page, isFull ? "full" : head],
    queryFn: async () =>
      (await client.call("listLog", { query: { after: page * logPage, limit: logPage } })).items,
    placeholderData: (before) => before,
  })
}

export type LogFilter = { project?: string; kind?: string; problems?: "true" }

/** Events that fit, newest first, page by page. */
export function useLogSearch(filter: LogFilter) {
  return useInfiniteQuery({
    queryKey: ["log-search", filter],
    queryFn: ({ pageParam }) =>
      client.call("searchLog", {
        query: { ...filter, limit: logPage, before: pageParam },
      }),
    initialPageParam: Number.MAX_SAFE_INTEGER,
    getNextPageParam: (last) => last.next ?? undefined,
    staleTime: 0,
  })
}

/** The number of the newest event when the log was opened; from then on `live` knows it. */
export function useLogHead(): UseQueryResult<number> {
  return useQuery({
    queryKey: ["log-head"],
    queryFn: async () => (await client.call("listLog", { query: { limit: 1 } })).head,
    staleTime: 0,
    gcTime: 0,
  })
}

/** What holds these words, the project on screen first. */
export function useSearchHits(words: string, projectId: string | undefined): UseQueryResult<readonly Hit[]> {
  return useQuery({
    queryKey: ["search", words, projectId],
    queryFn: async ({ signal }) =>
      (
        await client.call(
          "search",
          { query: { q: words, ...(projectId ? { project: projectId } : {}) } },
          { signal },
        )
      ).items,
    enabled: words.length > 1,
    staleTime: 5_000,
    placeholderData: (before) => before,
  })
}

export function useSettings() {
  return useQuery({ queryKey: [...settingsKey, "view"], queryFn: () => client.call("getSettings", {}) })
}

export function useModels() {
  return useQuery({
    queryKey: [...settingsKey, "models"],
    queryFn: async () => (await client.call("listModels", {})).items,
  })
}

export function useEditors() {
  return useQuery({
    queryKey: ["editors"],
    queryFn: async () => (await client.call("listEditors", {})).items,
  })
}

export const updateKey = ["update"] as const

/** While it is fetched, the only thing on screen that no event tells of: asked again, as long as somebody looks. */
export function useUpdate() {
  return useQuery({
    queryKey: updateKey,
    queryFn: () => client.call("getUpdateStatus", {}),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.state === "downloading" ? 1000 : false),
  })
}

export function useLogins() {
  return useQuery({ queryKey: loginsKey, queryFn: () => client.call("listLogins", {}) })
}

export function useApiKey() {
  return useQuery({ queryKey: [...settingsKey, "key"], queryFn: () => client.call("getApiKey", {}) })
}

export function useSignedInUser() {
  return useQuery({ queryKey: ["login"], queryFn: () => client.call("getLogin", {}) })
}

type Page = { limit?: number; cursor?: string }
type Load<R> = (page: Page) => Promise<{ items: R[]; next: string | null }>

function useRows<T extends Table>(table: T, where: Where, load: Load<Row<T>>, enabled = true): Rows<T> {
  return useQuery({
    queryKey: rowsKey(table, where),
    queryFn: () => fetchRows(table, where, () => loadAll(load)),
    enabled,
  })
}

async function loadAll<R>(load: Load<R>): Promise<R[]> {
  const items: R[] = []
  let cursor: string | null | undefined
  do {
    const page = await load(cursor ? { limit: 1000, cursor } : { limit: 1000 })
    items.push(...page.items)
    cursor = page.next
  } while (cursor)
  return items
}
