/** Held-out checks: acceptance checks in Aura's memory alone. No client and no agent at work is given their commands. */
import {
  type Ask,
  type HeldOutCheck,
  HeldOutView,
  type LedgerEntry,
  type Project,
  type Requirement,
  type Task,
} from "@aura/core"
import { type Aura, timestamp } from "./aura.ts"
import { digestOf } from "./proof/canonical.ts"

/** Whether a project has them; `auto` is taken as far as its budget and its model allow. */
export function isOn({ heldOut, budgetUsd, rehearsal }: Project): boolean {
  if (heldOut === "auto") return budgetUsd !== null && !rehearsal
  return heldOut === "on"
}

export async function list(aura: Aura, projectId: string): Promise<HeldOutCheck[]> {
  return await aura.store.list("heldOutChecks", { projectId })
}

export async function listViews(aura: Aura, projectId: string): Promise<HeldOutView[]> {
  return (await list(aura, projectId)).map((check) => HeldOutView.parse(check))
}

/** Those that count for the document as it is now. */
export async function listActive(
  aura: Aura,
  projectId: string,
  requirements: readonly Requirement[],
): Promise<HeldOutCheck[]> {
  const since = new Map(requirements.map((row) => [row.id, row.since ?? 1]))
  return (await list(aura, projectId)).filter(
    (check) => check.status === "active" && since.get(check.requirementId) === check.since,
  )
}

/** Binds evidence to a check without showing it. */
export function digest({ command, files }: Pick<HeldOutCheck, "command" | "files">): string {
  return digestOf({ command, files })
}

export type NewHeldOut = Pick<
  HeldOutCheck,
  "requirementId" | "title" | "command" | "files" | "failureSays" | "status" | "why"
>

/**
 * Stores what a session wrote, and ends that session, in one commit.
 * @param ledger the wordings the checks are about
 */
export async function store(
  aura: Aura,
  sessionId: string,
  checks: readonly NewHeldOut[],
  ledger: readonly Pick<LedgerEntry, "id" | "since">[],
): Promise<void> {
  await aura.store.commit("held_out.stored", async (read) => {
    const session = await read.get("sessions", sessionId)
    if (session?.status !== "active") return undefined
    const { projectId } = session
    const since = new Map(ledger.map((entry) => [entry.id, entry.since]))
    const rows = checks.map(
      (check): HeldOutCheck => ({
        ...check,
        id: aura.newId("heldOut"),
        projectId,
        since: since.get(check.requirementId) ?? 1,
        by: null,
        result: null,
        createdAt: timestamp(aura),
      }),
    )
    const ended = { ...session, status: "completed", finishedAt: timestamp(aura) } as const
    return { projectId, rows: { heldOutChecks: rows, sessions: [ended] } }
  })
}

export async function ran(
  aura: Aura,
  id: string,
  result: NonNullable<HeldOutCheck["result"]>,
): Promise<void> {
  await change(aura, id, (check) => ({ ...check, result }))
}

export async function drop(aura: Aura, id: string, why: string): Promise<void> {
  await change(aura, id, (check) => ({ ...check, status: "dropped", why }))
}

export function discarded(check: HeldOutCheck, ask: Ask): HeldOutCheck {
  const { by, reason } = ask.answer ?? { by: null, reason: null }
  return { ...check, status: "discarded", why: reason, by }
}

/** Checks of requirements for which this is the last task that is not done. */
export function findDue(checks: readonly HeldOutCheck[], task: Task, all: readonly Task[]): HeldOutCheck[] {
  const isDone = (id: string) =>
    all.every(
      (other) => other.id === task.id || other.status === "done" || !other.requirementIds.includes(id),
    )
  return checks.filter(
    ({ requirementId }) => task.requirementIds.includes(requirementId) && isDone(requirementId),
  )
}

async function change(aura: Aura, id: string, to: (check: HeldOutCheck) => HeldOutCheck): Promise<void> {
  await aura.store.commit("held_out.ran", async (read) => {
    const check = await read.get("heldOutChecks", id)
    return check && { projectId: check.projectId, rows: { heldOutChecks: [to(check)] } }
  })
}
