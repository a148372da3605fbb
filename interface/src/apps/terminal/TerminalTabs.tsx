/** A tab for each shell of the user's own, and one for each command that can be watched. */
import type { RunningCommandView, TerminalView } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { Eye, Plus, X } from "lucide-react"
import { IconButton } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { TabRow } from "../../components/TabRow.tsx"

type Props = {
  projectId: string
  terminals: readonly TerminalView[]
  commands: readonly Pick<RunningCommandView, "id" | "command" | "by">[]
  chosen: string | undefined
  opening: boolean
  /** Absent where no terminal may be opened. */
  onOpen: (() => void) | undefined
  /** What can be done to the chosen one. */
  close: { label: string; act: () => void; busy?: boolean } | undefined
}

export function TerminalTabs(props: Props) {
  const { projectId, terminals, commands, chosen, opening, onOpen, close } = props
  return (
    <header className="flex h-11 shrink-0 items-center gap-1 border-line border-b pr-2 pl-4">
      <TabRow label="Open terminals" current={chosen} className="items-center gap-1">
        {terminals.map((one, index) => (
          <Link
            key={one.id}
            id={`tab-${one.id}`}
            to="/projects/$projectId/terminal/$terminalId"
            params={{ projectId, terminalId: one.id }}
            {...tab(one.id === chosen)}
          >
            {index + 1} {one.title}
          </Link>
        ))}
        {commands.map((one, index) => (
          <Link
            key={one.id}
            id={`tab-${one.id}`}
            to="/projects/$projectId/terminal/watch/$commandId"
            params={{ projectId, commandId: one.id }}
            title={one.command}
            {...tab(one.id === chosen, index === 0 && terminals.length > 0)}
          >
            <Eye aria-hidden="true" className="size-3.5 shrink-0" />
            <span className="truncate">
              {one.by === "check" ? "Check" : "Agent"}
              {one.command && " · "}
              <span className="font-mono text-xs">{one.command}</span>
            </span>
            <span className="sr-only">, read-only</span>
          </Link>
        ))}
      </TabRow>
      {onOpen && (
        <IconButton
          label="New terminal"
          busy={opening}
          icon={<Plus aria-hidden="true" className="size-4" />}
          onClick={onOpen}
        />
      )}
      {close && (
        <span className="ml-auto">
          <IconButton
            label={close.label}
            busy={close.busy ?? false}
            icon={<X aria-hidden="true" className="size-4" />}
            onClick={close.act}
          />
        </span>
      )}
    </header>
  )
}

/** @param isApart it stands off from what comes before it */
function tab(isChosen: boolean, isApart = false) {
  return {
    "aria-current": isChosen ? ("page" as const) : undefined,
    className: cx(
      "flex shrink-0 items-center gap-1.5 truncate rounded-md px-2 py-1 text-sm",
      isChosen ? "max-w-60 bg-hover text-ink lg:max-w-2xl" : "max-w-60 text-ink-2 hover:text-ink",
      isApart && "ml-2",
    ),
  }
}
