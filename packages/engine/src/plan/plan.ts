/** Planning: requirements → specs, and specs → tasks. Each is one phase of turns and one commit at its end. */
import { AuraError, type Effort, type Plan, type Project } from "@aura/core"
import { agents, plans, projects, sessions } from "@aura/domain"
import { allow, findUnpriced } from "../budget.ts"
import { type Control, createControl } from "../control.ts"
import { mark } from "../crash-points.ts"
import type { Engine } from "../engine.ts"
import {
  createWaitWatch,
  describeFailure,
  type Journal,
  openSession,
  tellLive,
  tellTool,
} from "../session/journal.ts"
import { chooseModel } from "../session/system.ts"
import { runTurns } from "../session/turns.ts"
import { createDraftWatch } from "./drafts.ts"
import { lookOverPhase } from "./look-over.ts"
import { type Phase, specsPhase, tasksPhase } from "./phases.ts"
import { specPhase } from "./spec-phase.ts"

const maxTurns = 120
const maxNudges = 2
const wholePlanAgain = "Create the whole plan again, with these faults fixed, then end your turn."

/** Starts writing specs. @throws AuraError as `plans.start` does */
export async function generateSpecs(engine: Engine, projectId: string): Promise<Plan> {
  return await start(engine, projectId, "specs", specsPhase)
}

/**
 * Starts making tasks from the specs.
 * @param of.requirementIds only tasks for these are added, and all others stay
 * @throws AuraError as `plans.start` does
 */
export async function extractTasks(
  engine: Engine,
  projectId: string,
  of: Pick<Plan, "requirementIds"> = {},
): Promise<Plan> {
  return await start(engine, projectId, "tasks", tasksPhase, of)
}

/** Starts writing one spec anew; the result is a proposal. @throws AuraError as `plans.start` does */
export async function regenerateSpec(
  engine: Engine,
  projectId: string,
  specId: string,
  note?: string,
): Promise<Plan> {
  return await start(engine, projectId, "spec", specPhase, { specId, ...(note ? { note } : {}) })
}

/** Starts looking the requirements document over. @throws AuraError as `plans.start` does */
export async function lookOver(engine: Engine, projectId: string): Promise<Plan> {
  return await start(engine, projectId, "look_over", lookOverPhase)
}

export async function stopPlan(engine: Engine, projectId: string): Promise<boolean> {
  const running = (await plans.list(engine.aura, projectId)).find((plan) => plan.status === "running")
  const control = running && engine.running.get(running.id)
  control?.stop()
  await control?.finished
  return control !== undefined
}

async function start(
  engine: Engine,
  projectId: string,
  step: Plan["step"],
  define: (engine: Engine, project: Project, plan: Plan) => Promise<Phase>,
  about: Pick<Plan, "specId" | "note" | "requirementIds"> = {},
): Promise<Plan> {
  // A plan that could not be worked would be paid for in vain.
  await engine.openPlace(await projects.get(engine.aura, projectId)).check()
  const plan = await plans.start(engine.aura, projectId, step, about)
  const control = createControl()
  engine.running.set(plan.id, control)
  void run(engine, plan, control, define)
    .catch((thrown: unknown) =>
      plans.end(
        engine.aura,
        plan.id,
        "failed",
        thrown instanceof AuraError ? thrown.message : describeFailure(thrown),
        "failed",
      ),
    )
    .finally(() => {
      engine.running.delete(plan.id)
      control.finish()
    })
  return plan
}

async function run(
  engine: Engine,
  plan: Plan,
  control: Control,
  define: (engine: Engine, project: Project, plan: Plan) => Promise<Phase>,
): Promise<void> {
  const { aura } = engine
  const project = await projects.get(aura, plan.projectId)
  const instance = (await agents.listInstances(aura, project.id))[0]
  const { model, rotateAt, effort } = await chooseModel(engine, project, instance, "plan")
  const instanceId = instance?.id ?? project.id
  const journal = await openSession(engine, {
    projectId: project.id,
    instanceId,
    kind: "plan",
    model,
    rotateAt,
    isFresh: true,
  })
  await plans.attachSession(aura, plan.id, journal.session.id)
  const unpriced = await findUnpriced(engine, project, model)
  if (unpriced) await journal.record({ kind: "note", level: "warn", text: unpriced })
  mark(aura, "plan.opened")
  const phase = await define(engine, project, plan)
  await say(journal, phase.prompt, "plan")
  mark(aura, "plan.prompted")
  let repaired = false
  let isAsked = false
  for (;;) {
    const end = await runPhase(engine, { project, plan, journal, phase, control, effort })
    // What was sound before gaps were asked about is not lost by whatever comes of that.
    const isSpoiled = isAsked && (end?.status === "failed" || (await phase.findProblems()).length > 0)
    if (isSpoiled) phase.goBack?.()
    else if (end) return await giveUp(engine, plan, journal, end)
    const problems = await phase.findProblems()
    const gaps = problems.length === 0 && !isAsked ? await phase.findGaps?.() : undefined
    if (gaps) {
      isAsked = true
      phase.keep?.()
      await say(journal, gaps, "repair")
      continue
    }
    if (problems.length === 0) {
      mark(aura, "plan.drafted")
      await phase.store()
      mark(aura, "plan.stored")
      return await sessions.end(aura, journal.session.id, "completed", null)
    }
    if (repaired) {
      const reason = `The plan is not sound, also after a second try. ${problems.join(" ")}`
      return await giveUp(engine, plan, journal, { status: "failed", reason, outcome: "failed" })
    }
    repaired = true
    phase.clear()
    await say(
      journal,
      `This plan cannot be used:\n${problems.map((problem) => `- ${problem}`).join("\n")}\n\nNothing of it was kept. ${phase.again ?? wholePlanAgain}`,
      "repair",
    )
  }
}

async function giveUp(engine: Engine, plan: Plan, journal: Journal, end: PhaseEnd): Promise<void> {
  await plans.end(engine.aura, plan.id, end.status, end.reason, end.outcome)
  await sessions.end(engine.aura, journal.session.id, "failed", end.reason)
}

type PhaseEnd = { status: "failed" | "stopped"; reason: string; outcome: Plan["outcome"] }

async function runPhase(
  engine: Engine,
  of: { project: Project; plan: Plan; journal: Journal; phase: Phase; control: Control; effort: Effort },
): Promise<PhaseEnd | undefined> {
  const { aura } = engine
  const { journal, phase, control } = of
  const watch = createDraftWatch(of.plan, aura.live, aura.now)
  const tellWaiting = createWaitWatch(async (waiting) => {
    await plans.note(aura, of.plan.id, waiting).catch((thrown: unknown) => engine.report?.(thrown))
  })
  let turns = 0
  let nudges = 0
  let maxTokens = 0
  const end = await runTurns<PhaseEnd>({
    model: await engine.modelFor(of.project),
    modelName: journal.session.model,
    system: phase.system,
    maxTokens: () => maxTokens,
    effort: of.effort,
    tools: phase.tools,
    transcript: journal.transcript,
    turn: journal.session.turns,
    signal: control.signal,
    record: (entry) => journal.record(entry),
    gate: async (next) => {
      if (control.isStopping) return toStopped(control)
      if (next === "tool") return undefined
      if (turns++ >= maxTurns)
        return {
          status: "failed",
          reason: `The plan was not finished after ${maxTurns} turns.`,
          outcome: "failed",
        }
      const addedChars = journal.session.turns === 0 ? phase.system.length + phase.prompt.length : 4000
      const allowance = await allow(engine, of.project, {
        session: journal.session,
        addedChars,
      })
      if (allowance.kind === "refused")
        return { status: "failed", reason: allowance.reason, outcome: "budget" }
      maxTokens = allowance.maxTokens
      return undefined
    },
    onRest: async (reply) =>
      reply.stopReason === "max_tokens" && nudges++ < maxNudges
        ? "Your reply was cut off at its length limit. Go on where it ended, in smaller steps."
        : undefined,
    onEvent: (event) => {
      watch(event)
      tellWaiting(event)
      tellLive(aura, journal, journal.session.turns + 1, event)
    },
    onToolStart: (call) => tellTool(aura, journal, call),
    onToolOutput: () => undefined,
    mark: (moment) => mark(aura, `plan.${moment}`),
  })
  if (end.kind === "gate") return end.end
  if (end.kind !== "failed") return undefined
  if (end.failure.kind === "aborted") return toStopped(control)
  return { status: "failed", reason: end.failure.message, outcome: "provider" }
}

function toStopped({ isLeaving }: Control): PhaseEnd {
  const why = isLeaving ? "Aura was ended." : "Stopped by you."
  return { status: "stopped", reason: `${why} The plan from before stays.`, outcome: null }
}

async function say(journal: Journal, text: string, about: "plan" | "repair"): Promise<void> {
  const entry = { kind: "prompt", from: "aura", about, text } as const
  await journal.record(entry)
  journal.transcript.add(entry)
}
