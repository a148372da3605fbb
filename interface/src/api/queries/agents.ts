/** Agents, their instances, sessions and entries. */
import type { Row } from "@aura/core"
import { client } from "../client.ts"
import { loadAll, type Rows, useRows } from "./rows.ts"

/** Agent templates. */
export function useAgents(): Rows<"agents"> {
  return useRows("agents", {}, (page) => client.call("listAgents", { query: page }))
}

export function useInstances(projectId: string): Rows<"instances"> {
  return useRows("instances", { projectId }, (query) =>
    client.call("listInstances", { params: { p: projectId }, query }),
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
