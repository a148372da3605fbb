/** The proof of a task: every check Aura ran, on the tree that was committed. */
import type { CheckResult, Entry, Task } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { ShieldCheck } from "lucide-react"
import { useTaskOutput } from "../../api/queries/tasks.ts"
import { CheckCard } from "../../components/CheckCard.tsx"
import { count, formatTime, shortHash } from "../../components/format.ts"

export function Evidence({ task }: { task: Task }) {
  const { evidence, requirementIds } = task
  const entries = useTaskOutput(task.projectId, task.id).data ?? []
  if (!evidence) return <Earlier task={task} />
  const runs = entries.filter((entry) => entry.kind === "check")
  const failed = runs.filter(({ check }) => !check.passed)
  return (
    <section aria-label="Evidence">
      <h3 className="flex items-center gap-2 font-semibold">
        <ShieldCheck aria-hidden="true" className="size-4.5 text-ok" />
        Evidence
      </h3>
      <p className="mt-0.5 mb-3 text-ink-3 text-sm">
        Aura ran these itself, {formatTime(evidence.at)}, on tree{" "}
        <code className="font-mono text-xs" title={evidence.treeHash}>
          {shortHash(evidence.treeHash)}
        </code>
        .{" "}
        {requirementIds.length > 0 && (
          <>
            It proves{" "}
            {requirementIds.map((id, place) => (
              <span key={id}>
                <Link
                  to="/projects/$projectId/proof"
                  params={{ projectId: task.projectId }}
                  search={{ r: id }}
                  className="text-accent underline underline-offset-2"
                >
                  {id}
                </Link>
                {place < requirementIds.length - 1 ? ", " : "."}
              </span>
            ))}
          </>
        )}
      </p>
      <ul className="flex flex-col gap-1.5">
        {evidence.checks.map((check, place) => (
          <li key={`${check.source}:${check.command}`}>
            <CheckCard
              item={{
                key: `evidence:${place}`,
                state: check.passed ? "passed" : "failed",
                command: check.command,
                round: 1,
                output: check.output,
                result: check,
              }}
            />
            <ToEntry entry={findRun(runs, check)} />
          </li>
        ))}
      </ul>
      {failed.length > 0 && (
        <details className="mt-3 text-sm">
          <summary className="w-fit cursor-pointer text-ink-2 hover:text-ink">
            {count(failed.length, "failed check")} before that
          </summary>
          <ul aria-label="Failed rounds" className="mt-2 flex flex-col gap-1.5">
            {failed.map((entry) => (
              <li key={entry.id}>
                <CheckCard
                  item={{
                    key: `failed:${entry.id}`,
                    state: "failed",
                    command: entry.check.command,
                    round: entry.round,
                    output: entry.check.output,
                    result: entry.check,
                  }}
                />
                <ToEntry entry={entry} />
              </li>
            ))}
          </ul>
        </details>
      )}
      <Earlier task={task} />
      {evidence.foreignFiles.length > 0 && (
        <p className="mt-3 text-pretty text-sm text-warn">
          Files of yours that were not committed lay in the folder while the checks ran:{" "}
          <span className="font-mono text-xs">{evidence.foreignFiles.join(", ")}</span>
        </p>
      )}
      {evidence.uncommitted && evidence.uncommitted.length > 0 && (
        <p className="mt-3 text-pretty text-sm text-warn">
          Written during the task and in no commit, so a clone does not have them:{" "}
          <span className="wrap-anywhere font-mono text-xs">{evidence.uncommitted.join(", ")}</span>
        </p>
      )}
      {evidence.findings && evidence.findings.length > 0 && (
        <div className="mt-3 text-sm text-warn">
          <p>What proves the work was changed, as the task asks:</p>
          <ul className="list-disc pl-5">
            {evidence.findings.map((finding) => (
              <li key={`${finding.file} ${finding.line} ${finding.kind}`} className="wrap-anywhere">
                <span className="font-mono text-xs">
                  {finding.file}:{finding.line}
                </span>{" "}
                {finding.sentence}
              </li>
            ))}
          </ul>
        </div>
      )}
      {evidence.unnoticed && evidence.unnoticed.length > 0 && (
        <div className="mt-3 text-sm text-warn">
          <p>Aura put small faults into the changed lines, and no check noticed these:</p>
          <ul aria-label="Unnoticed faults" className="list-disc pl-5">
            {evidence.unnoticed.map(({ file, line, was, becomes }) => (
              <li key={`${file} ${line} ${was}`} className="wrap-anywhere">
                <span className="font-mono text-xs">
                  {file}:{line}
                </span>{" "}
                <code className="font-mono text-xs">{was}</code>{" "}
                {/^(?:;|pass|)$/.test(becomes) ? (
                  "left out"
                ) : (
                  <>
                    as <code className="font-mono text-xs">{becomes}</code>
                  </>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      {evidence.heldOut && evidence.heldOut.length > 0 && (
        <div className="mt-3 text-sm">
          <p>Held-out checks that passed:</p>
          <ul className="list-disc pl-5">
            {evidence.heldOut.map((check) => (
              <li key={check.id} className="wrap-anywhere">
                {check.requirementId}: {check.title}
              </li>
            ))}
          </ul>
        </div>
      )}
      {evidence.reviews?.map((verdict) => (
        <div key={verdict.sessionId} className="mt-3 text-sm">
          <p className={verdict.accept ? undefined : "text-warn"}>
            {verdict.accept ? "The review accepted it." : "The review sent it back."}
            {verdict.overruled &&
              ` ${verdict.overruled.by} accepted it in spite of that: ${verdict.overruled.reason}`}
          </p>
          <ul className="list-disc pl-5">
            {verdict.findings.map((finding) => (
              <li key={finding} className="wrap-anywhere">
                {finding}
              </li>
            ))}
          </ul>
        </div>
      ))}
      {task.notes && (
        <div className="mt-4 border-line-strong border-l-2 pl-3 text-ink-2">
          <p className="text-ink-3 text-xs">The agent's words</p>
          <p className="whitespace-pre-wrap wrap-anywhere">{task.notes}</p>
        </div>
      )}
    </section>
  )
}

type CheckEntry = Extract<Entry, { kind: "check" }>

/** The entry of a check in the timeline: its last run on that tree. */
function findRun(runs: readonly CheckEntry[], check: CheckResult): CheckEntry | undefined {
  return runs.findLast(
    ({ check: other }) =>
      other.command === check.command &&
      other.outputDigest === check.outputDigest &&
      other.treeHash === check.treeHash,
  )
}

function ToEntry({ entry }: { entry: CheckEntry | undefined }) {
  if (!entry) return null
  return (
    <Link
      to="/projects/$projectId/sessions/$sessionId"
      params={{ projectId: entry.projectId, sessionId: entry.sessionId }}
      search={{ entry: entry.id }}
      className="mt-0.5 inline-block text-accent text-xs underline underline-offset-2"
    >
      Round {entry.round} in the session
    </Link>
  )
}

/** What proved it before it was reopened. */
function Earlier({ task }: { task: Task }) {
  if (!task.earlier || task.earlier.length === 0) return null
  return (
    <section aria-label="Earlier proofs" className="mt-4 text-sm">
      <h4 className="font-medium">Proven before it was reopened</h4>
      <ol className="mt-1 flex flex-col gap-1.5">
        {task.earlier.map((one) => (
          <li key={one.reopenedAt} className="border-line-strong border-l-2 pl-3 text-ink-2">
            <p>
              {formatTime(one.evidence.at)}
              {one.commit && (
                <>
                  , commit{" "}
                  <code className="select-all font-mono text-xs" title={one.commit}>
                    {shortHash(one.commit)}
                  </code>
                </>
              )}
              ; reopened {formatTime(one.reopenedAt)}
              {one.reason && `: ${one.reason}`}
            </p>
            <p className="wrap-anywhere font-mono text-ink-3 text-xs">
              {one.evidence.checks.map(({ command }) => command).join(", ")}
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}
