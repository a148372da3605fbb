/** Planning: requirements → specs, and specs → tasks. Each is one phase of turns and one commit at its end. */
import type { Plan, Project } from "@aura/core"
import { AuraError } from "@aura/core"
import { agents, plans, projects, requirements, settings, specs, tasks } from "@aura/domain"
import { allow } from "./budget.ts"
import { type Control, createControl } from "./control.ts"
import { createDraftWatch } from "./drafts.ts"
import type { Engine } from "./engine.ts"
import { describeFailure, type Journal, openSession, tellLive, tellTool } from "./journal.ts"
import { fillPrompt } from "./prompt.ts"
import { chooseModel } from "./system.ts"
import { readTools } from "./tools/files.ts"
import {
  createSpec,
  createTask,
  isNamed,
  type PlannedTask,
  type PlanSource,
  planTools,
} from "./tools/plan.ts"
import { searchTools } from "./tools/search.ts"
import type { Tool } from "./tools/tool.ts"
import { runTurns } from "./turns.ts"
import { openLocalWorkspace } from "./workspaces/local.ts"

const mostTurns = 120
const mostNudges = 2

/** What a phase makes, and how it is judged and stored. */
type Phase = {
  system: string
  prompt: string
  tools: Tool[]
  /** What is wrong with what was made; empty when it is sound. */
  findProblems(): Promise<string[]>
  /** Forgets all that was made, for the repair round. */
  clear(): void
  store(): Promise<void>
}

/** Starts writing specs. @throws AuraError as `plans.start` does */
export async function generateSpecs(engine: Engine, projectId: string): Promise<Plan> {
  return await start(engine, projectId, "specs", specsPhase)
}

/** Starts making tasks from the specs. @throws AuraError as `plans.start` does */
export async function extractTasks(engine: Engine, projectId: string): Promise<Plan> {
  return await start(engine, projectId, "tasks", tasksPhase)
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
): Promise<Plan> {
  const plan = await plans.start(engine.aura, projectId, step)
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
  const now = await settings.get(aura)
  const model = await chooseModel(aura, project, instance, now.model)
  const instanceId = instance?.id ?? project.id
  const journal = await openSession(engine, {
    projectId: project.id,
    instanceId,
    kind: "plan",
    model,
    rotateAt: now.rotateAt,
    isFresh: true,
  })
  await plans.attachSession(aura, plan.id, journal.session.id)
  const phase = await define(engine, project, plan)
  await say(journal, phase.prompt, "plan")
  let repaired = false
  for (;;) {
    const end = await runPhase(engine, { project, plan, journal, phase, control })
    if (end) return await plans.end(aura, plan.id, end.status, end.reason, end.outcome)
    const problems = await phase.findProblems()
    if (problems.length === 0) return await phase.store()
    if (repaired) {
      return await plans.end(
        aura,
        plan.id,
        "failed",
        `The plan is not sound, also after a second try. ${problems.join(" ")}`,
        "failed",
      )
    }
    repaired = true
    phase.clear()
    await say(
      journal,
      `This plan cannot be used:\n${problems.map((problem) => `- ${problem}`).join("\n")}\n\nNothing of it was kept. Create the whole plan again, with these faults mended, then end your turn.`,
      "repair",
    )
  }
}

type PhaseEnd = { status: "failed" | "stopped"; reason: string; outcome: Plan["outcome"] }

async function runPhase(
  engine: Engine,
  of: { project: Project; plan: Plan; journal: Journal; phase: Phase; control: Control },
): Promise<PhaseEnd | undefined> {
  const { aura } = engine
  const { journal, phase, control } = of
  const watch = createDraftWatch(of.plan, aura.live, aura.now)
  let turns = 0
  let nudges = 0
  let maxTokens = 0
  const end = await runTurns<PhaseEnd>({
    model: await engine.modelFor(of.project),
    modelName: journal.session.model,
    system: phase.system,
    maxTokens: () => maxTokens,
    tools: phase.tools,
    transcript: journal.transcript,
    turn: journal.session.turns,
    signal: control.signal,
    record: (entry) => journal.record(entry),
    gate: async (next) => {
      if (control.isStopping) return stopped
      if (next === "tool") return undefined
      if (turns++ >= mostTurns)
        return {
          status: "failed",
          reason: `The plan was not finished after ${mostTurns} turns.`,
          outcome: "failed",
        }
      const addedChars = journal.session.turns === 0 ? phase.system.length + phase.prompt.length : 4000
      const allowance = await allow(aura, of.project, engine.findModel(journal.session.model), {
        session: journal.session,
        addedChars,
      })
      if (allowance.kind === "refused")
        return { status: "failed", reason: allowance.reason, outcome: "budget" }
      maxTokens = allowance.maxTokens
      return undefined
    },
    onRest: async (reply) =>
      reply.stopReason === "max_tokens" && nudges++ < mostNudges
        ? "Your reply was cut off at its length limit. Go on where it ended, in smaller steps."
        : undefined,
    onEvent: (event) => {
      watch(event)
      tellLive(aura, journal, journal.session.turns + 1, event)
    },
    onToolStart: (call) => tellTool(aura, journal, call),
    onToolOutput: () => undefined,
  })
  if (end.kind === "gate") return end.end
  if (end.kind !== "failed") return undefined
  if (end.failure.kind === "aborted") return stopped
  return { status: "failed", reason: end.failure.message, outcome: "provider" }
}

const stopped: PhaseEnd = {
  status: "stopped",
  reason: "Stopped by you. The plan from before stays.",
  outcome: null,
}

async function specsPhase(engine: Engine, project: Project, plan: Plan): Promise<Phase> {
  const { aura } = engine
  const drafts: { title: string; markdown: string }[] = []
  const source: PlanSource = {
    specs: async () => drafts,
    async updateSpec(name, change) {
      const draft = drafts.find((row) => isNamed(row, name))
      if (draft)
        Object.assign(draft, {
          title: change.title ?? draft.title,
          markdown: change.markdown ?? draft.markdown,
        })
      return draft !== undefined
    },
    tasks: async () => [],
    updateTask: async () => false,
  }
  const document = await requirements.current(aura, project.id)
  const done = (await tasks.list(aura, project.id)).filter((task) => task.status === "done")
  return {
    system: fillPrompt(new URL("./plan-specs.md", import.meta.url)),
    prompt: [
      `# Project: ${project.name}`,
      project.description,
      `The requirements document, and the numbers Aura gave its requirements:\n\n<document>\n${document.markdown}\n</document>`,
      document.requirements.map((row) => `${row.id} (line ${row.line}): ${row.text}`).join("\n"),
      done.length > 0
        ? `These tasks are done already; plan with what they built:\n${done.map((task) => `- ${task.title}`).join("\n")}`
        : "",
      "Write the specs.",
    ]
      .filter(Boolean)
      .join("\n\n"),
    tools: [
      createSpec((spec) => {
        drafts.push(spec)
        return `Spec ${drafts.length} is noted.`
      }),
      ...planTools(source),
      ...(await lookTools(project)),
    ],
    async findProblems() {
      if (drafts.length === 0) return ["There are no specs. Create at least one with create_spec."]
      const doubled = drafts.filter(
        (draft, i) => drafts.findIndex((other) => isNamed(other, draft.title)) !== i,
      )
      return doubled.map((draft) => `Two specs are called "${draft.title}". Titles must differ.`)
    },
    clear: () => void drafts.splice(0),
    store: () => specs.replace(aura, plan, drafts),
  }
}

async function tasksPhase(engine: Engine, project: Project, plan: Plan): Promise<Phase> {
  const { aura } = engine
  const drafts: PlannedTask[] = []
  const all = await specs.list(aura, project.id)
  const source: PlanSource = {
    specs: async () => await specs.list(aura, project.id),
    async updateSpec(name, change) {
      const spec = all.find((row) => isNamed(row, name))
      if (spec)
        await specs.update(aura, project.id, spec.id, { title: change.title, markdown: change.markdown })
      return spec !== undefined
    },
    tasks: async () => drafts,
    async updateTask(name, change) {
      const i = drafts.findIndex((row) => isNamed(row, name))
      const draft = drafts[i]
      if (!draft) return false
      drafts[i] = {
        ...draft,
        title: change.title ?? draft.title,
        description: change.description ?? draft.description,
        dependsOn: change.depends_on ?? draft.dependsOn,
        checks: change.checks ?? draft.checks,
        requirementIds: change.requirements ?? draft.requirementIds,
      }
      return true
    },
  }
  const document = await requirements.current(aura, project.id)
  const done = (await tasks.list(aura, project.id)).filter((task) => task.status === "done")
  return {
    system: fillPrompt(new URL("./plan-tasks.md", import.meta.url)),
    prompt: [
      `# Project: ${project.name}`,
      `The requirements:\n${document.requirements.map((row) => `- ${row.id}: ${row.text}`).join("\n")}`,
      ...all.map((spec) => `<spec title="${spec.title}">\n${spec.markdown}\n</spec>`),
      done.length > 0
        ? `These tasks are done and stay; do not create them again, but others may depend on them:\n${done.map((task) => `- ${task.title}`).join("\n")}`
        : "",
      "Create the tasks.",
    ]
      .filter(Boolean)
      .join("\n\n"),
    tools: [
      createTask((task) => {
        drafts.push({
          spec: task.spec,
          title: task.title,
          description: task.description,
          dependsOn: task.depends_on ?? [],
          checks: task.checks ?? [],
          requirementIds: task.requirements ?? [],
        })
        return `Task ${drafts.length} is noted.`
      }),
      ...planTools(source),
      ...(await lookTools(project)),
    ],
    findProblems: () => tasks.findProblems(aura, project.id, drafts),
    clear: () => void drafts.splice(0),
    store: () => tasks.replace(aura, plan, drafts),
  }
}

/** A folder that holds code already is read before it is planned for. */
async function lookTools(project: Project): Promise<Tool[]> {
  const workspace = openLocalWorkspace(project.workspacePath)
  const entries = await workspace.list(".").catch(() => [])
  return entries.length === 0 ? [] : [...readTools(workspace), ...searchTools(workspace)]
}

async function say(journal: Journal, text: string, about: "plan" | "repair"): Promise<void> {
  const entry = { kind: "prompt", from: "aura", about, text } as const
  await journal.record(entry)
  journal.transcript.add(entry)
}
