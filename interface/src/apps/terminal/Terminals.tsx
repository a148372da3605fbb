/** The user's own shells in the project's folder, one tab each; beside them, to be watched, what the agent and the checks run. */
import type { TerminalView } from "@aura/core"
import { toMessage } from "@aura/core"
import { useQuery, useQueryClient } from "@tanstack/react-query"
import { Link, useNavigate, useParams } from "@tanstack/react-router"
import { useState } from "react"
import { terminalsKey } from "../../api/apply.ts"
import { client } from "../../api/client.ts"
import { useCommand } from "../../api/commands.ts"
import { useRunningCommands } from "../../api/queries/machine.ts"
import { Button, buttonClass } from "../../components/Button.tsx"
import { Empty, Loading } from "../../components/Placeholder.tsx"
import { useProjectId } from "../../hooks/useProjectId.ts"
import { Screen } from "./Screen.tsx"
import { TerminalTabs } from "./TerminalTabs.tsx"
import { useWatched } from "./useWatched.ts"

export default function Terminals() {
  const projectId = useProjectId()
  const { terminalId, commandId } = useParams({ strict: false })
  const navigate = useNavigate()
  const queries = useQueryClient()
  const terminals = useQuery({
    queryKey: terminalsKey,
    queryFn: () => client.call("listTerminals", {}),
    staleTime: 0,
    retry: false,
  })
  const running = useRunningCommands(projectId)
  const create = useCommand("createTerminal")
  const remove = useCommand("removeTerminal")
  // An ended terminal stays on screen until the user leaves it.
  const [over, setOver] = useState<{ terminal: TerminalView; at: string | undefined }>()
  const [endedHere, setEndedHere] = useState<string>()
  const watched = useWatched(projectId, commandId, running)
  const { command } = watched
  if (terminals.isPending || running.isPending) return <Loading />

  const alive = (terminals.data?.items ?? []).filter((one) => one.projectId === projectId)
  const isOver = over !== undefined && over.at === terminalId
  const own = isOver ? [...alive.filter((one) => one.id !== over.terminal.id), over.terminal] : alive
  const chosen = command ? undefined : (own.find((one) => one.id === terminalId) ?? own.at(-1))

  const to = { projectId }
  const show = (id: string) =>
    navigate({ to: "/projects/$projectId/terminal/$terminalId", params: { ...to, terminalId: id } })
  const leave = () => void navigate({ to: "/projects/$projectId/terminal", params: to })
  const open = () =>
    create.mutate(
      { body: { projectId } },
      { onSuccess: ({ id }) => void terminals.refetch().then(() => show(id)) },
    )
  const end = ({ id }: TerminalView) => {
    setEndedHere(id)
    remove.mutate({ params: { id } }, { onSuccess: () => void terminals.refetch() })
  }
  const rename = (id: string, title: string) =>
    queries.setQueryData<typeof terminals.data>(
      terminalsKey,
      (known) =>
        known && { ...known, items: known.items.map((one) => (one.id === id ? { ...one, title } : one)) },
    )
  const focusTab = (id: string) => document.getElementById(`tab-${id}`)?.focus()
  const isOff = terminals.isError
  const close = watched.isOver
    ? { label: "Close this tab", act: leave }
    : isOver && !command
      ? { label: "Close this tab", act: () => setOver(undefined) }
      : chosen && { label: "End this terminal", act: () => end(chosen), busy: remove.isPending }

  return (
    <section aria-label="Terminals" className="flex min-h-0 flex-1 flex-col">
      {(own.length > 0 || watched.commands.length > 0) && (
        <TerminalTabs
          projectId={projectId}
          terminals={own}
          commands={watched.commands}
          chosen={command?.id ?? chosen?.id}
          opening={create.isPending}
          onOpen={isOff ? undefined : open}
          close={close}
          follow={command && { follows: watched.follows, set: watched.setFollows }}
        />
      )}
      {watched.isGone ? (
        <Empty
          title="That command has ended"
          actions={
            <Link to="/projects/$projectId/run" params={to} className={buttonClass()}>
              See the run
            </Link>
          }
        >
          What it printed is in the session that ran it. Here only what runs now, and the last few that ended,
          can be watched.
        </Empty>
      ) : command ? (
        <Screen
          key={command.id}
          kind="commands"
          id={command.id}
          by={command.by}
          label={`${command.by === "check" ? "Check" : "Agent"}: ${command.command}, read-only`}
          onShow={watched.onShow}
          onEnd={watched.onEnd}
          onLeave={() => focusTab(command.id)}
        />
      ) : chosen ? (
        <Screen
          key={chosen.id}
          kind="terminal"
          id={chosen.id}
          label="Your terminal"
          onTitle={(title) => rename(chosen.id, title)}
          onEnd={(how) => {
            // A shell that ended by itself takes its tab along.
            if (how.kind === "gone" || how.reason) setOver({ terminal: chosen, at: terminalId })
            else setEndedHere(chosen.id)
            void terminals.refetch()
          }}
          onLeave={() => focusTab(chosen.id)}
        />
      ) : isOff ? (
        <Empty title="No terminal can be opened here">{toMessage(terminals.error)}</Empty>
      ) : (
        <Empty
          title={terminalId && terminalId !== endedHere ? "That terminal has ended" : "No terminal is open"}
          actions={
            <Button tone="primary" busy={create.isPending} onClick={open}>
              Open a terminal
            </Button>
          }
        >
          A shell of your own in the project's folder. It is not sandboxed: it may do what you may. No agent
          sees or uses it.
        </Empty>
      )}
    </section>
  )
}
