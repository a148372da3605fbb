/** Snapshots of the folder. */
import type { Row, SnapshotPreview } from "@aura/core"
import { type UseQueryResult, useQuery } from "@tanstack/react-query"
import { client } from "../client.ts"
import { type Rows, useRows } from "./rows.ts"

/** Oldest first. */
export function useSnapshots(projectId: string): Rows<"snapshots"> {
  return useRows("snapshots", { projectId }, (query) =>
    client.call("listSnapshots", { params: { p: projectId }, query }),
  )
}

/** The effect of restoring a snapshot, fetched each time. */
export function useSnapshotPreview({ projectId, id }: Row<"snapshots">): UseQueryResult<SnapshotPreview> {
  return useQuery({
    queryKey: ["snapshot", id],
    queryFn: () => client.call("previewSnapshot", { params: { p: projectId, id } }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  })
}
