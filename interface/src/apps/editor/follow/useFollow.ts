/** Follows the agent through the files while this is switched on. */
import type { Project } from "@aura/core"
import { useEffect, useMemo, useRef } from "react"
import { useEntries, useSessions } from "../../../api/queries/agents.ts"
import { useAtWork } from "../../../parts/run/useAtWork.ts"
import { findSpot, type Spot } from "./follow.logic.ts"

export type Following = {
  spot: Spot | undefined
  /** True while somebody is at work. */
  isWorking: boolean
}

/** @param show is told each place the agent comes to, while it is followed */
export function useFollow(project: Project, follows: boolean, show: (spot: Spot) => void): Following {
  const atWork = useAtWork(project.id)
  const sessions = useSessions(project.id).data
  const session = follows ? sessions?.find((one) => one.id === atWork?.sessionId) : undefined
  const entries = useEntries(session).data
  const spot = useMemo(
    () => (entries ? findSpot(entries, project.workspacePath) : undefined),
    [entries, project.workspacePath],
  )
  const seen = useRef<string>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time the agent is somewhere else
  useEffect(() => {
    if (!follows) seen.current = undefined
    else if (spot && seen.current !== spot.id) {
      seen.current = spot.id
      show(spot)
    }
  }, [follows, spot])
  return { spot, isWorking: atWork?.state === "running" }
}
