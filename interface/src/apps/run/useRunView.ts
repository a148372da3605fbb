/** The view in the address of the run, and how to change a part of it. */
import { useNavigate, useSearch } from "@tanstack/react-router"
import { useCallback } from "react"
import { useProjectId } from "../../hooks/useProjectId.ts"
import { parseRunView, type RunView } from "./run-view.logic.ts"

export function useRunView(): RunView {
  return useSearch({ from: "/shell/projects/$projectId/run" })
}

type Change = { [K in keyof RunView]?: RunView[K] | undefined }

/** Changes parts of the view; `undefined` takes one out. What is looked at is a step to go back to, the rest is not. */
export function useChangeView(): (change: Change) => void {
  const navigate = useNavigate()
  const projectId = useProjectId()
  return useCallback(
    (change) => {
      const isStep = "task" in change || "session" in change
      void navigate({
        to: "/projects/$projectId/run",
        params: { projectId },
        search: (before) => parseRunView({ ...before, ...change }),
        replace: !isStep,
      })
    },
    [navigate, projectId],
  )
}
