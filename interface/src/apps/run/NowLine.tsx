/** The sentence on top of the run: who does what, and for how long. Told to screen readers when it changes. */
import type { RunningCommandView } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { Eye } from "lucide-react"
import { cx } from "../../components/cx.ts"
import { Elapsed } from "../../components/Elapsed.tsx"
import { formatTime } from "../../components/format.ts"
import { StateDot } from "../../components/StateDot.tsx"
import type { Now } from "../../parts/run/run.logic.ts"

type Props = {
  now: Now
  projectId: string
  taskId: string | null | undefined
  until: string | undefined
  /** The command that runs, to be watched. */
  command: RunningCommandView | undefined
}

export function NowLine({ now, projectId, taskId, until, command }: Props) {
  const sentence = now.parts.map((part) => part.text).join(" ")
  return (
    <div className="min-w-64 flex-1">
      <p className="flex min-w-0 items-baseline gap-2.5 text-md">
        <span className="flex h-lh items-center self-start">
          <StateDot tone={now.tone} />
        </span>
        <span className="min-w-0">
          {now.parts.map((part) => (
            <span key={part.kind + part.text}>
              {part.kind === "task" && taskId ? (
                <Link
                  to="/projects/$projectId/tasks/$taskId"
                  params={{ projectId, taskId }}
                  className="font-medium underline decoration-line-strong underline-offset-4 hover:decoration-current"
                >
                  {part.text}
                </Link>
              ) : (
                <span className={part.kind === "name" ? "font-medium" : undefined}>{part.text}</span>
              )}{" "}
            </span>
          ))}
        </span>
        {now.since !== undefined && (
          <Elapsed since={now.since} className="shrink-0 text-ink-3 text-sm tabular-nums" />
        )}
      </p>
      <div className="mt-0.5 flex items-baseline gap-3 pl-4.5 text-ink-3 text-sm">
        <p className={cx("line-clamp-2 min-w-0", now.tone === "working" && "min-h-5")} title={now.detail}>
          {now.detail}
          {until && ` Trying again at ${formatTime(until)}.`}
        </p>
        {command && <Watch projectId={projectId} command={command} />}
      </div>
      <p role="status" className="sr-only">
        {sentence}
      </p>
    </div>
  )
}

function Watch({ projectId, command }: { projectId: string; command: RunningCommandView }) {
  return (
    <Link
      to="/projects/$projectId/terminal/watch/$commandId"
      params={{ projectId, commandId: command.id }}
      title={command.command}
      className="flex shrink-0 animate-arrive items-center gap-1 text-accent hover:underline"
    >
      <Eye aria-hidden="true" className="size-3.5" />
      Watch
    </Link>
  )
}
