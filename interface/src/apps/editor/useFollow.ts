/** Where the agent is in the files, while somebody wants to see it. */
import type { Project } from "@aura/core"
import { useMemo } from "react"
import { useEntries, useSessions } from "../../api/queries.ts"
import { useAtWork } from "../run/useAtWork.ts"
import { findSpot, type Spot } from "./follow.logic.ts"

export type Following = {
  spot: Spot | undefined
  /** True while somebody is at work. */
  isWorking: boolean
}

export function useFollow(project: Project, follows: boolean): Following {
  const atWork = useAtWork(project.id)
  const sessions = useSessions(project.id).data
  const session = follows ? sessions?.find((one) => one.id === atWork?.sessionId) : undefined
  const entries = useEntries(session).data
  const spot = useMemo(
    () => (entries ? findSpot(entries, project.workspacePath) : undefined),
    [entries, project.workspacePath],
  )
  return { spot, isWorking: atWork?.state === "running" }
}
