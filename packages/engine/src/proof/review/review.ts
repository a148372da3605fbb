/** Independent review: another session reads a change before it is committed, and may send it back. */
import type { Ask, CheckResult, ReviewVerdict, Session, Task } from "@aura/core"
import { agents, asks, projects, sessions, tasks } from "@aura/domain"
import type { Outcome, Work } from "../../attempt.ts"
import { fillPrompt } from "../../session/prompt.ts"
import { countNudges, listCalls, runSide } from "../../session/side.ts"
import { waitsForAnswer } from "../../session/standing.ts"
import { chooseModel } from "../../session/system.ts"
import { openEyes } from "../../tools/eyes.ts"
import { readTools } from "../../tools/files.ts"
import { searchTools } from "../../tools/search.ts"
import { createSeen } from "../../tools/seen.ts"
import { writePrompt } from "./prompt.ts"
import { readVerdict, verdictTool } from "./verdict.ts"

/** So often the work goes back to its author; then a person decides. */
const maxRejections = 2
const maxNudges = 2

export type Opinion =
  | { kind: "clear"; reviews: ReviewVerdict[] }
  | { kind: "refused"; output: string }
  | { kind: "ended"; output: string; outcome: Outcome }
  | { kind: "stopped" }

export async function review(
  work: Work,
  task: Task,
  of: { base: string; tree: string; checks: readonly CheckResult[] },
): Promise<Opinion> {
  const { aura } = work.engine
  const project = await projects.get(aura, task.projectId)
  if (project.review !== "on") return { kind: "clear", reviews: [] }
  const now = await tasks.get(aura, task.projectId, task.id)
  const since = now.earlier?.at(-1)?.reopenedAt ?? ""
  const answered = (await asks.list(aura, task.projectId))
    .filter((ask) => ask.taskId === task.id && ask.kind === "review" && (ask.answeredAt ?? "") > since)
    .toReversed()
  const known = await listVerdicts(work, task, since)
  const allowed = answered.find(({ status }) => status === "allowed")
  if (allowed) return { kind: "clear", reviews: overrule(known, allowed) }
  const latest = known.findLast(({ treeHash }) => treeHash === of.tree) ?? (await ask(work, task, of, known))
  if ("kind" in latest) return latest
  const all = known.includes(latest) ? known : [...known, latest]
  if (latest.accept) return { kind: "clear", reviews: all }
  const counted = all.filter(({ accept, at }) => !accept && at > (answered.at(-1)?.answeredAt ?? ""))
  if (counted.length <= maxRejections) return { kind: "refused", output: toRefusal(latest) }
  await asks.open(aura, {
    projectId: task.projectId,
    taskId: task.id,
    kind: "review",
    question: `Accept “${now.title}” in spite of the review?`,
    detail: `The reviewer rejected it ${counted.length} times:\n${toList(latest.findings)}`,
    hosts: [],
  })
  return {
    kind: "ended",
    output: "The review rejected it again. A person is asked to decide.",
    outcome: { kind: "blocked", reason: waitsForAnswer },
  }
}

/** Holds the review, or goes on with the one that a crash cut off. */
async function ask(
  work: Work,
  task: Task,
  of: { base: string; tree: string; checks: readonly CheckResult[] },
  known: readonly ReviewVerdict[],
): Promise<ReviewVerdict | Opinion> {
  const { engine, project, workspace } = work
  const reviewer = await chooseReviewer(work)
  const round = known.length + 1
  const end = await runSide(work, {
    purpose: "review",
    subject: `${task.id} ${of.tree}`,
    kind: "review",
    about: "review",
    model: work.model,
    ...reviewer.choice,
    system: [fillPrompt(new URL("./review.md", import.meta.url)), reviewer.words]
      .filter(Boolean)
      .join("\n\n"),
    prompt: await writePrompt(work, task, {
      ...of,
      round,
      before: known.filter(({ accept }) => !accept).flatMap(({ findings }) => findings),
    }),
    tools: async ({ session }) => [
      ...readTools(workspace, createSeen(), openEyes(engine, session.model)),
      ...searchTools(workspace),
      verdictTool(),
    ],
    onRest: ({ entries }) =>
      countNudges(entries) < maxNudges ? "End the review by calling verdict." : undefined,
  })
  if (end.kind === "stopped") return end
  if (end.kind !== "over")
    return {
      kind: "ended",
      output: `The review could not be held: ${end.reason} Call task_done again.`,
      outcome: end,
    }
  const { session, entries } = end.journal
  const verdict = toVerdict(session, entries)
  await sessions.end(engine.aura, session.id, verdict ? "completed" : "failed", null)
  if (verdict) return verdict
  return {
    kind: "ended",
    output: "The review ended without a verdict.",
    outcome: { kind: "blocked", reason: `The review of ${project.name} ended without a verdict. Retry it.` },
  }
}

/** The template that reviews, if one is set: its model, and its words. */
async function chooseReviewer({ engine, project, instance }: Work) {
  const { reviewerAgentId } = await projects.get(engine.aura, project.id)
  const agent = reviewerAgentId
    ? await agents.get(engine.aura, reviewerAgentId).catch(() => undefined)
    : undefined
  const as = { ...instance, agentId: agent?.id ?? null }
  const { model: modelName, effort, rotateAt } = await chooseModel(engine, project, as, "work")
  const words = [agent?.role, agent?.personality, agent?.systemPrompt].filter(Boolean).join("\n\n")
  return { choice: { modelName, effort, rotateAt }, words }
}

/** All verdicts on the task since it was last begun, oldest first. */
async function listVerdicts({ engine }: Work, task: Task, since: string): Promise<ReviewVerdict[]> {
  const all = await sessions.listByProject(engine.aura, task.projectId)
  const own = all.filter(
    ({ purpose, subject, startedAt }) =>
      purpose === "review" && subject?.startsWith(`${task.id} `) && startedAt >= since,
  )
  const found = await Promise.all(
    own.map(async (session) => toVerdict(session, await sessions.entries(engine.aura, session.id)) ?? []),
  )
  return found.flat()
}

function toVerdict(session: Session, entries: Parameters<typeof listCalls>[0]): ReviewVerdict | undefined {
  const call = listCalls(entries).findLast(({ name, isError }) => name === "verdict" && !isError)
  const said = call && readVerdict(call.input)
  const at = entries.findLast((entry) => entry.kind === "tool" && entry.name === "verdict")?.at
  if (!said || at === undefined) return undefined
  const treeHash = session.subject?.split(" ").at(-1) ?? ""
  return { at, sessionId: session.id, model: session.model, treeHash, ...said }
}

function overrule(verdicts: readonly ReviewVerdict[], { answer, answeredAt }: Ask): ReviewVerdict[] {
  const last = verdicts.findLastIndex(({ accept, at }) => !accept && at <= (answeredAt ?? ""))
  return verdicts.map((verdict, i) =>
    i === last && answer
      ? {
          ...verdict,
          overruled: { by: answer.by, reason: answer.reason ?? "", at: answeredAt ?? verdict.at },
        }
      : verdict,
  )
}

function toRefusal({ findings }: ReviewVerdict): string {
  return `Not accepted. The checks passed, and an independent review found:\n${toList(findings)}\nFix what is wrong and call task_done again. Where a finding is mistaken, make the code or its tests show that it is.`
}

function toList(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n")
}
