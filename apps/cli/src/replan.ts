/** A changed document: what it does to the plan is shown before anything is spent, and accepted, trimmed or dropped. */
import { stderr, stdin } from "node:process"
import { createInterface } from "node:readline/promises"
import type { Client, DocumentChange, Project, Replan } from "@aura/core"
import { UsageError } from "./exit.ts"

export type ReplanChoice = {
  /** `--yes`: whatever it costs. */
  isAccepted: boolean
  /** `--leave-out`. */
  leaveOut: string[]
  /** False to ask no questions. */
  mayAsk: boolean
}

/** @throws UsageError */
export function readLeaveOut(value: string | undefined): string[] {
  const ids = (value ?? "").split(/[\s,]+/).filter(Boolean)
  const wrong = ids.find((id) => !/^R\d+$/.test(id))
  if (wrong !== undefined)
    throw new UsageError(`--leave-out takes requirements such as R3,R4, not "${wrong}".`)
  return ids
}

/**
 * @returns the change to save; `keep` when the document stays as it was; or why the run ends here
 */
export async function decideReplan(
  client: Client,
  project: Project,
  markdown: string,
  { isAccepted, leaveOut, mayAsk }: ReplanChoice,
): Promise<DocumentChange | "keep" | { refused: string }> {
  const params = { p: project.id }
  let change: DocumentChange = { markdown, ...(leaveOut.length > 0 ? { leaveOut } : {}) }
  for (;;) {
    const plan = await client.call("previewRequirements", { params, body: change })
    const toSave = { ...change, basedOn: plan.basedOn }
    if (changesNothing(plan)) return toSave
    stderr.write(toLines(plan))
    if (isAccepted) return toSave
    if (!(mayAsk && stdin.isTTY && stderr.isTTY))
      return plan.projection.fits ? toSave : { refused: toRefusal(plan) }
    const answer = await ask()
    if (answer === "accept") return toSave
    if (answer === "drop") return "keep"
    change = { ...change, leaveOut: [...(change.leaveOut ?? []), ...answer] }
  }
}

function changesNothing({ reopened, closed, planned, leftOut, doubts }: Replan): boolean {
  return [reopened, closed, planned, leftOut, doubts].every(({ length }) => length === 0)
}

export function toLines({ kept, reopened, closed, planned, leftOut, doubts, projection }: Replan): string {
  const { tasks, costUsd, leftUsd } = projection
  const cost = costUsd === null ? "an unknown amount, as nobody knows what the model costs" : toUsd(costUsd)
  const left = leftUsd === null ? "" : `; ${toUsd(Math.max(0, leftUsd))} of the budget are left`
  return [
    "The document changed. What that does to the plan:",
    `  kept: ${toCount(kept.length, "task")}`,
    ...reopened.map(({ title, why }) => `  reopened: ${title}. ${why}`),
    ...planned.map(({ requirementId, text }) => `  new: ${requirementId} ${text}`),
    ...closed.map(({ title }) => `  closed: ${title}`),
    ...leftOut.map(({ requirementId, text }) => `  left out: ${requirementId} ${text}`),
    ...doubts.map(toDoubt),
    `  projected: ${toCount(tasks, "task")} for ${cost}${left}`,
    "",
  ].join("\n")
}

function toDoubt({ requirementId, text, of, before }: Replan["doubts"][number]): string {
  return requirementId === of
    ? `  unsure: "${text}" is taken for ${of} in other words ("${before}"); it may be something new`
    : `  unsure: "${text}" is taken for something new; it may be ${of} in other words ("${before}")`
}

function toRefusal({ projection: { costUsd, leftUsd } }: Replan): string {
  return `The change of the document is projected to cost ${toUsd(costUsd ?? 0)}, and ${toUsd(Math.max(0, leftUsd ?? 0))} of the budget are left. Nothing was changed. Raise the budget with --budget, leave requirements out with --leave-out, or accept it with --yes.`
}

function toUsd(usd: number): string {
  return `$${usd.toFixed(2)}`
}

function toCount(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`
}

async function ask(): Promise<"accept" | "drop" | string[]> {
  const lines = createInterface({ input: stdin, output: stderr })
  try {
    for (;;) {
      const said = (await lines.question("Accept (a), drop the change (d), or leave out (R3 R4 …)? ")).trim()
      if (/^(?:a|y|yes|accept)$/i.test(said)) return "accept"
      if (/^(?:d|n|no|drop)$/i.test(said)) return "drop"
      const ids = said.toUpperCase().match(/\bR\d+\b/g)
      if (ids) return ids
    }
  } finally {
    lines.close()
  }
}
