/** One requirement of the board: its state, why, and the ways to its tasks, diffs and evidence. */
import { isOpen, type LedgerRow, provenVersion, type Task } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { Button } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { formatTime, shortHash } from "../../components/format.ts"
import { StatusIcon, StatusWord } from "../../components/StatusIcon.tsx"
import { tasksOf } from "../../parts/proof/proof.logic.ts"
import { StateIcon, StateWord } from "../../parts/proof/StateMark.tsx"
import { WaiveForm } from "./WaiveForm.tsx"

type Props = { row: LedgerRow; tasks: readonly Task[]; projectId: string; isChosen: boolean }

export function ProofRow({ row, tasks, projectId, isChosen }: Props) {
  const named = tasksOf(row, tasks)
  return (
    <li
      id={row.id}
      ref={isChosen ? reveal : undefined}
      aria-label={`${row.id}: ${row.state.replace("_", " ")}`}
      className={cx("border-line border-b px-3 py-3 last:border-0", isChosen && "rounded-md bg-accent-soft")}
    >
      <div className="flex items-start gap-3">
        <StateIcon state={row.state} className="mt-0.75" />
        <Link
          to="/projects/$projectId/requirements"
          params={{ projectId }}
          search={{ r: row.id }}
          data-row
          aria-label={`${row.id} in the document`}
          className="w-8 shrink-0 text-ink-2 text-sm leading-5.5 tabular-nums hover:underline"
        >
          {row.id}
        </Link>
        <div className="min-w-0 flex-1">
          <p className="text-pretty wrap-anywhere">
            {row.label && <span className="mr-1.5 font-mono text-ink-2 text-xs">{row.label}</span>}
            {row.text}
          </p>
          {row.why && <p className="mt-0.5 text-pretty text-ink-2 text-sm wrap-anywhere">{row.why}</p>}
          {named.length > 0 && (
            <ul className="mt-1.5 flex flex-col gap-1.5">
              {named.map((task) => (
                <TaskLine key={task.id} task={task} requirementId={row.id} />
              ))}
            </ul>
          )}
          <Earlier row={row} />
        </div>
        <div className="flex shrink-0 flex-col items-end gap-1.5">
          <StateWord state={row.state} className="text-sm leading-5.5" />
          <Waiving key={row.state} row={row} projectId={projectId} />
        </div>
      </div>
    </li>
  )
}

function TaskLine({ task, requirementId }: { task: Task; requirementId: string }) {
  const to = { params: { projectId: task.projectId, taskId: task.id } }
  const { evidence } = task
  const version = provenVersion(task, requirementId)
  return (
    <li className="text-sm">
      <div className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
        <Link
          to="/projects/$projectId/tasks/$taskId"
          {...to}
          className="flex items-baseline gap-2 hover:underline"
        >
          <StatusIcon status={task.status} className="size-3.5 translate-y-0.5" />
          <span className="min-w-0 wrap-anywhere">{task.title}</span>
        </Link>
        <StatusWord status={task.status} className="sr-only" />
        {task.commit && (
          <Link
            to="/projects/$projectId/run"
            params={{ projectId: task.projectId }}
            search={{ task: task.id, panel: "changes" }}
            title={`Changes of commit ${task.commit}`}
            className="rounded-sm font-mono text-accent text-xs hover:underline"
          >
            {shortHash(task.commit)}
          </Link>
        )}
        {evidence && (
          <span className="text-ink-3 text-xs">
            {version === undefined ? "not about this requirement" : `wording of version ${version}`},{" "}
            {formatTime(evidence.at)}
          </span>
        )}
      </div>
      {evidence && (
        <ul className="mt-0.5 flex flex-wrap gap-x-3 pl-5.5">
          {evidence.checks.map((check) => (
            <li key={check.command} className="max-w-full text-ink-2 text-xs">
              <Link
                to="/projects/$projectId/run"
                params={{ projectId: task.projectId }}
                search={{ task: task.id, panel: "checks" }}
                className="flex items-center gap-1 hover:underline"
              >
                <StatusIcon status={check.passed ? "done" : "failed"} className="size-3" />
                <span className="min-w-0 truncate font-mono" title={check.command}>
                  {check.command}
                </span>
                <span className="sr-only">{check.passed ? "passed" : "failed"}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

function Earlier({ row: { earlier, since } }: { row: LedgerRow }) {
  if (earlier.length === 0) return null
  return (
    <details className="mt-1.5 text-sm">
      <summary className="w-fit cursor-pointer text-ink-2 hover:text-ink">
        Reworded in version {since} of the document
      </summary>
      <ol className="mt-1 flex flex-col gap-0.5 border-line-strong border-l-2 pl-3">
        {earlier.map((wording) => (
          <li key={wording.since} className="text-ink-2 wrap-anywhere">
            Version {wording.since}: {wording.text}
          </li>
        ))}
      </ol>
    </details>
  )
}

function Waiving({ row, projectId }: { row: LedgerRow; projectId: string }) {
  const [isAsking, setAsking] = useState(false)
  const remove = useCommand("removeWaiver")
  const { waiver } = row
  if (waiver && row.state === "waived")
    return (
      <>
        <span className="text-right text-ink-3 text-xs">
          by {waiver.by}, {formatTime(waiver.createdAt)}
        </span>
        <Button
          size="small"
          busy={remove.isPending}
          aria-label={`Take back the waiver of ${row.id}`}
          onClick={() => remove.mutate({ params: { p: projectId, w: waiver.id } })}
        >
          Take back
        </Button>
      </>
    )
  if (!isOpen(row)) return null
  return (
    <>
      <Button size="small" tone="quiet" aria-label={`Waive ${row.id}`} onClick={() => setAsking(true)}>
        Waive…
      </Button>
      {isAsking && <WaiveForm row={row} projectId={projectId} onClose={() => setAsking(false)} />}
    </>
  )
}

function reveal(row: HTMLElement | null): void {
  row?.scrollIntoView({ block: "nearest" })
}
