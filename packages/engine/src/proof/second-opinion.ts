/** After a task's own checks have passed, and before the commit: held-out checks, then the independent review. */
import type { CheckResult, Evidence, HeldOutCheck, Task } from "@aura/core"
import { asks, heldOut, projects, requirements, tasks } from "@aura/domain"
import type { Outcome, Work } from "../attempt.ts"
import { entriesOfAttempt, waitsForAnswer } from "../session/standing.ts"
import { describe, type FailedCheck } from "./held-out/behaviour.ts"
import { runHeldOut } from "./held-out/run.ts"
import { review } from "./review/review.ts"

export type SecondOpinion =
  | { kind: "clear"; evidence: Pick<Evidence, "heldOut" | "reviews"> }
  /** `outcome`: the attempt is over with it. */
  | { kind: "refused"; output: string; outcome?: Outcome }

const stopped: SecondOpinion = {
  kind: "refused",
  output: "The proof was interrupted by the user. Call task_done again.",
}
const refusal = "Not accepted. Its own checks passed, and it does not do what is required:"
/** So often a held-out check sends the work back; then a person is asked whether it is right. */
const maxFailures = 3

export async function secondOpinion(
  work: Work,
  task: Task,
  of: { base: string; tree: string; checks: readonly CheckResult[]; signal: AbortSignal },
): Promise<SecondOpinion> {
  const held = await tryHeldOut(work, task, of)
  if (held.kind !== "clear") return held
  const opinion = await review(work, task, of)
  switch (opinion.kind) {
    case "clear":
      return {
        kind: "clear",
        evidence: { ...held.evidence, ...(opinion.reviews.length > 0 ? { reviews: opinion.reviews } : {}) },
      }
    case "stopped":
      return stopped
    case "refused":
      return opinion
    case "ended":
      return { kind: "refused", output: opinion.output, outcome: opinion.outcome }
  }
}

async function tryHeldOut(
  work: Work,
  task: Task,
  { tree, signal }: { tree: string; signal: AbortSignal },
): Promise<SecondOpinion> {
  const { aura } = work.engine
  if (!heldOut.isOn(await projects.get(aura, task.projectId))) return { kind: "clear", evidence: {} }
  const document = await requirements.current(aura, task.projectId)
  const active = await heldOut.listActive(aura, task.projectId, document.requirements)
  const due = heldOut.findDue(active, task, await tasks.list(aura, task.projectId))
  if (due.length === 0) return { kind: "clear", evidence: {} }
  const ran = await runHeldOut(work, due, tree, signal)
  if (ran.kind === "stopped") return stopped
  if (ran.failed.length === 0) return { kind: "clear", evidence: { heldOut: ran.passed } }
  const lines = ran.failed.map((one) => `- ${describe(one, document.requirements)}`)
  const output = `${refusal}\n${lines.join("\n")}\nThese come from acceptance checks that you cannot see. Do what the requirement says, for every input, and call task_done again.`
  const stubborn = await findStubborn(work, task, ran.failed)
  if (!stubborn) return { kind: "refused", output }
  await askToDiscard(work, task, stubborn.check, describe(stubborn, document.requirements))
  return { kind: "refused", output, outcome: { kind: "blocked", reason: waitsForAnswer } }
}

/** One that sent the work back as often as it may in this attempt. */
async function findStubborn(
  work: Work,
  task: Task,
  failed: readonly FailedCheck[],
): Promise<FailedCheck | undefined> {
  const outputs = (await entriesOfAttempt(work.engine.aura, task)).flatMap((entry) =>
    entry.kind === "tool" && entry.name === "task_done" && entry.output.startsWith(refusal)
      ? [entry.output]
      : [],
  )
  return failed.find(
    ({ check }) => outputs.filter((text) => text.includes(`"${check.title}"`)).length + 1 >= maxFailures,
  )
}

async function askToDiscard(work: Work, task: Task, check: HeldOutCheck, detail: string): Promise<void> {
  await asks.open(work.engine.aura, {
    projectId: task.projectId,
    taskId: task.id,
    kind: "held_out",
    heldOutId: check.id,
    question: `Discard the acceptance check “${check.title}” of ${check.requirementId}?`,
    detail: `It fails again and again. ${detail} Allow this only where it asks for something else than the requirement.`,
    hosts: [],
  })
}
