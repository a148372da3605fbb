/** A tab for each shell of the user's own, and one for each command that can be watched. */
import type { TerminalView } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { Eye, Plus, X } from "lucide-react"
import { Button, IconButton } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { TabRow } from "../../components/TabRow.tsx"
import type { WatchedCommand } from "./useWatched.ts"

type Props = {
  projectId: string
  terminals: readonly TerminalView[]
  commands: readonly WatchedCommand[]
  chosen: string | undefined
  opening: boolean
  /** Absent where no terminal may be opened. */
  onOpen: (() => void) | undefined
  /** What can be done to the chosen one. */
  close: { label: string; act: () => void; busy?: boolean } | undefined
  /** Whether the next command is gone to when it begins; on a command's tab alone. */
  follow: { follows: boolean; set: (follows: boolean) => void } | undefined
}

export function TerminalTabs(props: Props) {
  const { projectId, terminals, commands, chosen, opening, onOpen, close, follow } = props
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
      {follow && (
        <span className="ml-auto">
          <Button
            tone="quiet"
            size="small"
            aria-pressed={follow.follows}
            aria-label="Follow the agent"
            title="Go to each command as it begins"
            icon={<Eye aria-hidden="true" className="size-4" />}
            className={follow.follows ? "bg-accent-soft! text-accent!" : undefined}
            onClick={() => follow.set(!follow.follows)}
          >
            <span className="hidden sm:inline">Follow</span>
          </Button>
        </span>
      )}
      {close && (
        <span className={follow ? undefined : "ml-auto"}>
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
