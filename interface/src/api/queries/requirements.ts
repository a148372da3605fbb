/** The requirements document, and how each requirement is proven. */
import { type Ledger, toLedger } from "@aura/core"
import { useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { fetchRows, rowsKey } from "../apply.ts"
import { client } from "../client.ts"
import { type Rows, useRows } from "./rows.ts"
import { useTasks } from "./tasks.ts"

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

export function useWaivers(projectId: string): Rows<"waivers"> {
  return useRows("waivers", { projectId }, (query) =>
    client.call("listWaivers", { params: { p: projectId }, query }),
  )
}

/** The state of each requirement, computed by the server's own rule from rows that events keep fresh. */
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
