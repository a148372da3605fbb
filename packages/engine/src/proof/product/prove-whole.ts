/** All tasks are done: held-out checks on what was committed, then the whole product. What fails becomes tasks. */
import type { Project, Requirement } from "@aura/core"
import { heldOut, ledger, loops, productProofs, projects, requirements, sessions } from "@aura/domain"
import type { Ending, Work } from "../../attempt.ts"
import { mark } from "../../crash-points.ts"
import { inTurn } from "../../in-turn.ts"
import { findSide } from "../../session/side.ts"
import { describe, type FailedCheck } from "../held-out/behaviour.ts"
import { runHeldOut } from "../held-out/run.ts"
import { exercise } from "./exercise.ts"

/** So often what fails is fixed in one run of the loop; then it ends unproven. */
const maxRounds = 2

/**
 * @param done how the loop would end
 * @returns undefined when there are tasks to go on with
 */
export async function proveWhole(work: Work, done: Ending): Promise<Ending | undefined> {
  return await inTurn(work.engine, work.project.id, async () => {
    const { aura } = work.engine
    const project = await projects.get(aura, work.project.id)
    if (!heldOut.isOn(project) && !productProofs.isOn(project)) return done
    await loops.note(aura, work.loop.id, { phase: "checking", taskId: null })
    const of = await readStand(work, project)
    const held = heldOut.isOn(project) ? await proveHeldOut(work, of) : undefined
    if (held) return held === "again" ? undefined : held
    const whole = productProofs.isOn(project) ? await proveProduct(work, of) : undefined
    if (whole) return whole === "again" ? undefined : whole
    return done
  })
}

type Stand = {
  project: Project
  tree: string
  documentId: string
  requirements: Requirement[]
}

async function readStand(work: Work, project: Project): Promise<Stand> {
  const { aura } = work.engine
  const document = await requirements.current(aura, project.id)
  const { items } = await ledger.get(aura, project.id)
  const waived = new Set(items.flatMap(({ id, state }) => (state === "waived" ? [id] : [])))
  return {
    project,
    tree: await work.git.headTree(),
    documentId: document.id,
    requirements: document.requirements.filter(({ id }) => !waived.has(id)),
  }
}

async function proveHeldOut(work: Work, of: Stand): Promise<Ending | "again" | undefined> {
  const { aura } = work.engine
  const active = await heldOut.listActive(aura, of.project.id, of.requirements)
  const ran = await runHeldOut(work, active, of.tree, work.control.signal)
  if (ran.kind === "stopped") return stopped
  if (ran.failed.length === 0) return undefined
  const failures = ran.failed.map((one) => toFailure(one, of.requirements))
  return await storeFailed(work, of, { by: "held_out", sessionId: null, failures, proven: [] })
}

function toFailure(one: FailedCheck, all: readonly Requirement[]): productProofs.Failure {
  const { requirementId, title, failureSays } = one.check
  return {
    requirementId,
    what: title,
    expected: failureSays ?? title,
    seen: one.seen,
    command: null,
    exitCode: null,
    taskId: null,
    title: `${requirementId}: ${title}`.slice(0, 120),
    description: `An acceptance check that is kept from you fails on what is committed.\n\n${describe(one, all)}\n\nFind the cause and fix it for every input; add a test that would have shown it.`,
    checks: [],
  }
}

async function proveProduct(work: Work, of: Stand): Promise<Ending | "again" | undefined> {
  const { aura } = work.engine
  const earlier = (await productProofs.list(aura, of.project.id)).filter(
    (proof) => proof.by === "product" && proof.documentId === of.documentId,
  )
  const last = earlier.findLast(({ treeHash }) => treeHash === of.tree)
  if (last && last.outcome !== "failed") return undefined
  const round = earlier.length + 1
  const end = await exercise(work, { ...of, round })
  if (end.kind === "stopped") return stopped
  const isInsisted = of.project.productProof === "on" || of.project.heldOut === "on"
  if (end.kind !== "over") {
    if (isInsisted) return { outcome: end.kind, reason: end.reason }
    const session = await findSide(work, {
      purpose: "product",
      subject: `${of.tree} ${of.documentId} ${round}`,
    })
    if (session) await sessions.end(aura, session.id, "failed", end.reason)
    return await goWithout(work, of, end.reason)
  }
  const { sessionId, failures, proven, silent } = end
  if (failures.length > 0) return await storeFailed(work, of, { by: "product", sessionId, failures, proven })
  if (silent.length > 0) {
    const why = `Nobody could say of ${silent.join(", ")} whether it holds when the product is used.`
    await sessions.end(aura, sessionId, "failed", why)
    return isInsisted ? { outcome: "unproven", reason: why } : await goWithout(work, of, why)
  }
  await productProofs.store(aura, {
    ...toRow(work, of),
    by: "product",
    sessionId,
    outcome: "proven",
    why: null,
    failures,
    proven,
  })
  mark(aura, "product.stored")
  return undefined
}

/** Where nobody insists on it, the project is done without, and says so. */
async function goWithout(work: Work, of: Stand, why: string): Promise<undefined> {
  const { aura } = work.engine
  const nothing = { sessionId: null, failures: [], proven: [] }
  await productProofs.store(aura, { ...toRow(work, of), ...nothing, by: "product", outcome: "skipped", why })
  const text = `The whole product was not tried. ${why}`
  await work.journal.record({ kind: "note", level: "warn", text })
}

function toRow(work: Work, { project, tree, documentId }: Stand) {
  return { projectId: project.id, loopId: work.loop.id, treeHash: tree, documentId }
}

async function storeFailed(
  work: Work,
  of: Stand,
  found: Pick<Parameters<typeof productProofs.store>[1], "by" | "sessionId" | "failures" | "proven">,
): Promise<Ending | "again"> {
  const { aura } = work.engine
  const before = (await productProofs.list(aura, of.project.id)).filter(
    ({ outcome, at }) => outcome === "failed" && at >= work.loop.startedAt,
  )
  await productProofs.store(aura, { ...toRow(work, of), ...found, outcome: "failed", why: null })
  mark(aura, "product.stored")
  if (before.length < maxRounds) return "again"
  const names = found.failures.map(({ requirementId, what }) => `${requirementId} (${what})`)
  return {
    outcome: "unproven",
    reason: `All tasks are done, but the product does not do what is required, also after ${maxRounds} rounds of fixing: ${names.join(", ")}. Tasks for it are there; start again to go on.`,
  }
}

const stopped: Ending = { outcome: "stopped", reason: "Stopped by you." }
