/** The user's own shells in the project's folder, one tab each; they go on when the page is left. */
import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useParams } from "@tanstack/react-router"
import { Plus, X } from "lucide-react"
import { client } from "../../api/client.ts"
import { useCommand } from "../../api/commands.ts"
import { Button, IconButton } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { useProjectId } from "../projects/useProjectId.ts"
import { Screen } from "./Screen.tsx"

export default function Terminals() {
  const projectId = useProjectId()
  const { terminalId } = useParams({ strict: false })
  const navigate = useNavigate()
  const terminals = useQuery({
    queryKey: ["terminals"],
    queryFn: () => client.call("listTerminals", {}),
    staleTime: 0,
  })
  const create = useCommand("createTerminal")
  const remove = useCommand("removeTerminal")
  if (terminals.isError) return <Problem error={terminals.error} onRetry={() => void terminals.refetch()} />
  if (!terminals.data) return <Loading />
  const own = terminals.data.items.filter((one) => one.projectId === projectId)
  const chosen = own.find((one) => one.id === terminalId) ?? own.at(-1)
  const show = (id: string) =>
    navigate({ to: "/projects/$projectId/terminal/$terminalId", params: { projectId, terminalId: id } })
  const open = () =>
    create.mutate(
      { body: { projectId } },
      { onSuccess: ({ id }) => void terminals.refetch().then(() => show(id)) },
    )
  if (!chosen) {
    return (
      <Empty
        title="No terminal is open"
        actions={
          <Button tone="primary" busy={create.isPending} onClick={open}>
            Open a terminal
          </Button>
        }
      >
        A shell of your own in the project's folder. It is not sandboxed: it may do what you may. No agent
        sees or uses it.
      </Empty>
    )
  }
  return (
    <section aria-label="Terminals" className="flex min-h-0 flex-1 flex-col">
      <header className="flex h-11 shrink-0 items-center gap-1 border-line border-b pr-2 pl-4">
        <nav aria-label="Open terminals" className="flex min-w-0 gap-1 overflow-x-auto">
          {own.map((one, index) => (
            <Link
              key={one.id}
              id={`tab-${one.id}`}
              to="/projects/$projectId/terminal/$terminalId"
              params={{ projectId, terminalId: one.id }}
              aria-current={one.id === chosen.id ? "page" : undefined}
              className={cx(
                "max-w-48 shrink-0 truncate rounded-md px-2 py-1 text-sm",
                one.id === chosen.id ? "bg-hover text-ink" : "text-ink-2 hover:text-ink",
              )}
            >
              {index + 1} {one.title}
            </Link>
          ))}
        </nav>
        <IconButton
          label="New terminal"
          busy={create.isPending}
          icon={<Plus aria-hidden="true" className="size-4" />}
          onClick={open}
        />
        <p className="ml-auto hidden text-ink-3 text-xs md:block">
          Yours, not sandboxed · Ctrl+Shift+F finds, Ctrl+Shift+L leaves
        </p>
        <IconButton
          label="End this terminal"
          busy={remove.isPending}
          icon={<X aria-hidden="true" className="size-4" />}
          onClick={() =>
            remove.mutate({ params: { id: chosen.id } }, { onSuccess: () => void terminals.refetch() })
          }
        />
      </header>
      <Screen
        key={chosen.id}
        id={chosen.id}
        onEnd={() => void terminals.refetch()}
        onLeave={() => document.getElementById(`tab-${chosen.id}`)?.focus()}
      />
    </section>
  )
}
