/** What needs a person, over all projects; most of it can be answered right here. */
import type { Attention } from "@aura/core"
import { Link } from "@tanstack/react-router"
import {
  Bell,
  BellOff,
  CircleAlert,
  CircleCheck,
  Hourglass,
  MessageCircleQuestion,
  OctagonAlert,
  OctagonX,
} from "lucide-react"
import { useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { useAttention } from "../../api/queries/projects.ts"
import { Button, buttonClass } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { inputClass } from "../../components/Field.tsx"
import { formatAgo } from "../../components/format.ts"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { useTitle } from "../../hooks/useTitle.ts"
import { keyOf } from "../../parts/attention/attention.logic.ts"
import { turnOff, turnOn, useTelling } from "../../parts/attention/notifications.ts"
import { ProposedChange } from "./ProposedChange.tsx"

export default function Inbox() {
  useTitle("Needs you")
  const attention = useAttention()
  if (attention.isError) return <Problem error={attention.error} onRetry={() => void attention.refetch()} />
  if (!attention.data) return <Loading />
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-3xl px-4 py-8 sm:px-8">
        <header className="mb-4 flex flex-wrap items-center gap-2">
          <h1 className="mr-auto font-semibold text-xl tracking-tight">Needs you</h1>
          <TellMe />
        </header>
        {attention.data.length === 0 ? (
          <Empty title="Nothing needs you" className="py-16">
            <CircleCheck aria-hidden="true" className="mx-auto mb-2 size-6 text-ok" />
            Failed or blocked tasks, runs that stand still and questions of the agent appear here.
          </Empty>
        ) : (
          <ul className="flex flex-col gap-3">
            {attention.data.map((item) => (
              <li key={keyOf(item)}>
                <Item item={item} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}

const icons = {
  failed: OctagonX,
  blocked: OctagonAlert,
  waiting: Hourglass,
  ended: CircleAlert,
  plan: CircleAlert,
  ask: MessageCircleQuestion,
} as const
const colors = {
  failed: "text-bad",
  blocked: "text-warn",
  waiting: "text-warn",
  ended: "text-bad",
  plan: "text-bad",
  ask: "text-accent",
} as const
const words = {
  failed: "Failed",
  blocked: "Blocked",
  waiting: "Waiting",
  ended: "Stopped",
  plan: "Plan",
  ask: "Question",
} as const

function Item({ item }: { item: Attention }) {
  const Icon = icons[item.kind]
  const { projectId } = item
  const taskId = item.change?.of === "task" ? item.change.id : item.taskId
  const isTask = item.kind === "failed" || item.kind === "blocked"
  return (
    <article className="rounded-lg border border-line bg-surface p-4">
      <header className="flex items-start gap-3">
        <Icon aria-hidden="true" className={cx("mt-0.5 size-4.5 shrink-0", colors[item.kind])} />
        <div className="min-w-0 flex-1">
          <h2 className="font-medium">
            {(isTask || item.kind === "ask") && taskId ? (
              <Link
                to="/projects/$projectId/tasks/$taskId"
                params={{ projectId, taskId }}
                data-row
                className="hover:underline"
              >
                {item.title}
              </Link>
            ) : (
              <Link
                to={
                  item.kind === "plan" || item.change?.of === "spec"
                    ? "/projects/$projectId/specs"
                    : "/projects/$projectId/run"
                }
                params={{ projectId }}
                data-row
                className="hover:underline"
              >
                {item.title}
              </Link>
            )}
          </h2>
          <p className="text-ink-3 text-sm">
            {words[item.kind]} · {item.projectName} · {formatAgo(item.at)}
          </p>
        </div>
      </header>
      <p className="mt-2 line-clamp-4 whitespace-pre-wrap pl-7.5 text-ink-2 wrap-anywhere">{item.reason}</p>
      {item.hosts.length > 0 && (
        <ul aria-label="Hosts" className="mt-2 flex flex-wrap gap-1.5 pl-7.5">
          {item.hosts.map((host) => (
            <li key={host} className="rounded border border-line bg-sunken px-1.5 font-mono text-sm">
              {host}
            </li>
          ))}
        </ul>
      )}
      {item.change && <ProposedChange change={item.change} />}
      <div className="mt-3 pl-7.5">
        {item.kind === "ask" ? (
          <Decide
            id={item.id}
            needsReason={item.needsReason ?? false}
            hint={
              item.change || item.needsReason ? "" : `What you allow holds for all of ${item.projectName}.`
            }
          />
        ) : isTask && taskId && item.isCommitMissing ? (
          <MissingCommit projectId={projectId} taskId={taskId} />
        ) : isTask && taskId ? (
          <Answer projectId={projectId} taskId={taskId} title={item.title} />
        ) : (
          <Link
            to={item.kind === "plan" ? "/projects/$projectId/specs" : "/projects/$projectId/run"}
            params={{ projectId }}
            className={buttonClass("plain", "small")}
          >
            Look at it
          </Link>
        )}
      </div>
    </article>
  )
}

function Decide({ id, hint, needsReason }: { id: string; hint: string; needsReason: boolean }) {
  const [reason, setReason] = useState("")
  const answer = useCommand("answerAsk")
  const words = reason.trim()
  const decide = (allow: boolean) =>
    answer.mutate({ params: { a: id }, body: { allow, ...(words ? { reason: words } : {}) } })
  const isPending = (allow: boolean) => answer.isPending && answer.variables.body.allow === allow
  return (
    <div className="flex flex-wrap items-center gap-2">
      {needsReason && (
        <input
          aria-label="Reason"
          placeholder="Why? It is kept with the proof."
          className={cx(inputClass, "min-w-60 flex-1")}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      )}
      <Button
        tone="primary"
        size="small"
        busy={isPending(true)}
        disabled={answer.isPending || (needsReason && !words)}
        onClick={() => decide(true)}
      >
        Allow
      </Button>
      <Button size="small" busy={isPending(false)} disabled={answer.isPending} onClick={() => decide(false)}>
        Refuse
      </Button>
      {hint && <p className="text-ink-3 text-sm">{hint}</p>}
    </div>
  )
}

/** A commit that a reset, a rebase or another branch took away. */
function MissingCommit({ projectId, taskId }: { projectId: string; taskId: string }) {
  const params = { p: projectId, t: taskId }
  const bringBack = useCommand("bringBackTask")
  const retry = useCommand("retryTask")
  const waive = useCommand("waiveTask")
  const isPending = bringBack.isPending || retry.isPending || waive.isPending
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button
        tone="primary"
        size="small"
        busy={bringBack.isPending}
        disabled={isPending}
        onClick={() => bringBack.mutate({ params })}
      >
        Bring back
      </Button>
      <Button
        size="small"
        busy={retry.isPending}
        disabled={isPending}
        onClick={() => retry.mutate({ params, body: {} })}
      >
        Do it again
      </Button>
      <Button
        size="small"
        busy={waive.isPending}
        disabled={isPending}
        onClick={() => waive.mutate({ params })}
      >
        Waive
      </Button>
    </div>
  )
}

function Answer({ projectId, taskId, title }: { projectId: string; taskId: string; title: string }) {
  const [note, setNote] = useState("")
  const retry = useCommand("retryTask")
  return (
    <form
      className="flex gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        const words = note.trim()
        retry.mutate({ params: { p: projectId, t: taskId }, body: words ? { note: words } : {} })
      }}
    >
      <input
        aria-label={`A note for the next attempt at ${title}`}
        placeholder="A note for the next attempt"
        value={note}
        onChange={(event) => setNote(event.target.value)}
        className={cx(inputClass, "h-8 text-sm pointer-coarse:h-10")}
      />
      <Button submit busy={retry.isPending}>
        Retry
      </Button>
    </form>
  )
}

function TellMe() {
  const { telling } = useTelling()
  if (telling === "unknown here") return null
  if (telling === "denied")
    return <p className="text-ink-3 text-sm">This browser does not let Aura notify you.</p>
  const isOn = telling === "on"
  const Icon = isOn ? BellOff : Bell
  return (
    <Button
      size="small"
      tone="quiet"
      icon={<Icon aria-hidden="true" className="size-3.5" />}
      onClick={() => (isOn ? turnOff() : void turnOn())}
    >
      {isOn ? "Stop notifying me here" : "Notify me on this device"}
    </Button>
  )
}
