/** Specs and plans. */
import type { Row } from "@aura/core"
import { type UseQueryResult, useQuery } from "@tanstack/react-query"
import { client } from "../client.ts"
import { type Rows, useRows } from "./rows.ts"

export function useSpecs(projectId: string, fetched = true): Rows<"specs"> {
  return useRows(
    "specs",
    { projectId },
    (query) => client.call("listSpecs", { params: { p: projectId }, query }),
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

/** The proposed version of a spec against the present one; asked for again when either has changed. */
export function useProposalDiff(spec: Row<"specs">): UseQueryResult<{ diff: string }> {
  return useQuery({
    queryKey: ["proposal", spec.id, spec.updatedAt, spec.proposal?.planId],
    queryFn: () => client.call("getProposal", { params: { p: spec.projectId, s: spec.id } }),
    enabled: spec.proposal !== undefined,
    placeholderData: (before) => before,
  })
}
