/** The proof of a task: every check Aura ran, on the tree that was committed. */
import type { Task } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { ShieldCheck } from "lucide-react"
import { CheckCard } from "../../components/CheckCard.tsx"
import { formatTime, shortHash } from "../../components/format.ts"

export function Evidence({ task }: { task: Task }) {
  const { evidence, requirementIds } = task
  if (!evidence) return null
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
          </li>
        ))}
      </ul>
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
      {task.notes && (
        <div className="mt-4 border-line-strong border-l-2 pl-3 text-ink-2">
          <p className="text-ink-3 text-xs">The agent's words</p>
          <p className="whitespace-pre-wrap wrap-anywhere">{task.notes}</p>
        </div>
      )}
    </section>
  )
}
