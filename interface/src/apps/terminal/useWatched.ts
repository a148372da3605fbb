/** The command that is watched, beside those that run now; it stays when it has ended, unless the next one is to be followed. */
import type { RunningCommandView } from "@aura/core"
import type { UseQueryResult } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useEffect, useState } from "react"
import type { Ending, Shown } from "../../api/terminal.ts"

export type WatchedCommand = Pick<RunningCommandView, "id" | "command" | "by">

type Watched = {
  /** A tab each. */
  commands: readonly WatchedCommand[]
  /** The one on screen. */
  command: WatchedCommand | undefined
  isOver: boolean
  /** True: it ended long ago and its output is no longer available. */
  isGone: boolean
  follows: boolean
  setFollows: (follows: boolean) => void
  onShow: (shown: Shown) => void
  onEnd: (how: Ending) => void
}

/** @param commandId the one the address names */
export function useWatched(
  projectId: string,
  commandId: string | undefined,
  running: UseQueryResult<readonly RunningCommandView[]>,
): Watched {
  const navigate = useNavigate()
  const [seen, setSeen] = useState<WatchedCommand>()
  const [goneId, setGoneId] = useState<string>()
  const [follows, setFollows] = useState(false)
  const commands: readonly WatchedCommand[] = running.data ?? []
  const newest = commands.at(-1)?.id
  useEffect(() => {
    if (!follows || commandId === undefined || newest === undefined || newest === commandId) return
    void navigate({
      to: "/projects/$projectId/terminal/watch/$commandId",
      params: { projectId, commandId: newest },
      replace: true,
    })
  }, [follows, newest, commandId, projectId, navigate])

  const alive = commands.find((one) => one.id === commandId)
  const known = seen?.id === commandId ? seen : undefined
  const command =
    commandId === undefined
      ? undefined
      : (alive ?? known ?? { id: commandId, command: "", by: "agent" as const })
  const isOver = command !== undefined && alive === undefined
  return {
    commands: isOver ? [command, ...commands] : commands,
    command,
    isOver,
    isGone: command !== undefined && command.id === goneId,
    follows,
    setFollows,
    onShow({ command: text = "", by = "agent" }) {
      if (commandId !== undefined) setSeen({ id: commandId, command: text, by })
    },
    onEnd(how) {
      // Its output was never shown.
      if (how.kind === "gone" && !known) setGoneId(commandId)
      void running.refetch()
    },
  }
}
