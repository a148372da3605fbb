/** The two phases of planning: what the model is told, which tools it has, what is stored in the end. */
import type { Plan, Project } from "@aura/core"
import { requirements, specs, tasks } from "@aura/domain"
import type { Engine } from "../engine.ts"
import { describeEnvironment } from "../session/environment.ts"
import { fillPrompt } from "../session/prompt.ts"
import { chooseModel } from "../session/system.ts"
import { openEyes } from "../tools/eyes.ts"
import { readTools } from "../tools/files.ts"
import { searchTools } from "../tools/search.ts"
import { createSeen } from "../tools/seen.ts"
import type { Tool } from "../tools/tool.ts"
import {
  createSpec,
  createTask,
  isNamed,
  type PlannedTask,
  type PlanSource,
  planTools,
} from "./plan-tools.ts"

/** What a phase makes, and how it is judged and stored. */
export type Phase = {
  system: string
  prompt: string
  tools: Tool[]
  /** What is wrong with what was made; empty when it is sound. */
  findProblems(): Promise<string[]>
  /** What is asked for after the faults, in the repair round; without it, the whole plan again. */
  again?: string
  /** What a sound plan does without, in words for the model; it is asked once. */
  findGaps?(): Promise<string | undefined>
  /** Notes what was made; `goBack` makes it so again. */
  keep?(): void
  goBack?(): void
  /** Forgets all that was made, for the repair round. */
  clear(): void
  store(): Promise<void>
}

export async function specsPhase(engine: Engine, project: Project, plan: Plan): Promise<Phase> {
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
      return draft ? "changed" : "missing"
    },
    tasks: async () => [],
    updateTask: async () => "missing",
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
      await describeEnvironment(engine, project),
      "Write the specs.",
    ]
      .filter(Boolean)
      .join("\n\n"),
    tools: [
      createSpec((spec) => {
        drafts.push(spec)
        return `Spec ${drafts.length} is noted.`
      }),
      ...planTools(source, "planner"),
      ...(await lookTools(engine, project)),
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

export async function tasksPhase(engine: Engine, project: Project, plan: Plan): Promise<Phase> {
  const { aura } = engine
  const drafts: PlannedTask[] = []
  const all: { id: string; title: string; markdown: string }[] = await specs.list(aura, project.id)
  const edited = new Set<string>()
  const source: PlanSource = {
    specs: async () => all,
    async updateSpec(name, change) {
      const i = all.findIndex((row) => isNamed(row, name))
      const spec = all[i]
      if (!spec) return "missing"
      all[i] = { ...spec, title: change.title ?? spec.title, markdown: change.markdown ?? spec.markdown }
      edited.add(spec.id)
      return "changed"
    },
    tasks: async () => drafts,
    async updateTask(name, change) {
      const i = drafts.findIndex((row) => isNamed(row, name))
      const draft = drafts[i]
      if (!draft) return "missing"
      drafts[i] = {
        ...draft,
        title: change.title ?? draft.title,
        description: change.description ?? draft.description,
        dependsOn: change.depends_on ?? draft.dependsOn,
        checks: change.checks ?? draft.checks,
        requirementIds: change.requirements ?? draft.requirementIds,
      }
      return "changed"
    },
  }
  const document = await requirements.current(aura, project.id)
  const only = plan.requirementIds
  const kept = (await tasks.list(aura, project.id)).filter((task) => only || task.status === "done")
  let before: PlannedTask[] = []
  return {
    system: fillPrompt(new URL("./plan-tasks.md", import.meta.url)),
    prompt: [
      `# Project: ${project.name}`,
      `The requirements:\n${document.requirements.map((row) => `- ${row.id}: ${row.text}`).join("\n")}`,
      ...all.map((spec) => `<spec title="${spec.title}">\n${spec.markdown}\n</spec>`),
      kept.length > 0
        ? `These tasks ${only ? "stand" : "are done"} and stay; do not create them again, but others may depend on them:\n${kept.map((task) => `- ${task.title}`).join("\n")}`
        : "",
      await describeEnvironment(engine, project),
      only
        ? `The document changed. Create tasks for ${only.join(", ")} alone, with checks of their own.`
        : "Create the tasks.",
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
      ...planTools(source, "planner"),
      ...(await lookTools(engine, project)),
    ],
    findProblems: () => tasks.findProblems(aura, project.id, drafts, only !== undefined),
    async findGaps() {
      const wanted = document.requirements.filter(({ id }) => !only || only.includes(id))
      const covered = new Set(
        [...kept, ...drafts].flatMap((task) => (task.checks.length > 0 ? task.requirementIds : [])),
      )
      const missing = wanted.filter(({ id }) => !covered.has(id))
      if (missing.length === 0) return undefined
      const list = missing.map(({ id, text }) => `- ${id}: ${text}`).join("\n")
      return `No task with a check names these requirements, so nothing would prove them:\n${list}\n\nThe tasks so far are kept. Add what is missing with create_task, or name the requirements and checks in a task with update_task, then end your turn. Leave out what no command can prove; a person is asked about it.`
    },
    keep: () => {
      before = [...drafts]
    },
    goBack: () => void drafts.splice(0, drafts.length, ...before),
    clear: () => void drafts.splice(0),
    async store() {
      // Only a plan that holds changes the specs it was made from.
      for (const { id, title, markdown } of all) {
        if (edited.has(id))
          await specs.update(aura, { kind: "aura", name: "plan" }, project.id, id, { title, markdown })
      }
      await tasks.replace(aura, plan, drafts)
    },
  }
}

/** A folder that holds code already is read before it is planned for. */
export async function lookTools(engine: Engine, project: Project): Promise<Tool[]> {
  const { workspace } = engine.openPlace(project)
  const entries = await workspace.list(".").catch(() => [])
  if (entries.length === 0) return []
  const { model } = await chooseModel(engine, project, undefined, "plan")
  return [...readTools(workspace, createSeen(), openEyes(engine, model)), ...searchTools(workspace)]
}
