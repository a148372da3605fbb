/** Tools on the plan: create_spec, create_task, and looking at and changing what is there. */
import { z } from "zod"
import { cannotFail } from "../proof/can-fail.ts"
import { defineTool, type Tool, type ToolOutcome } from "../tools/tool.ts"

export type PlannedSpec = { id?: string; title: string; markdown: string }
export type PlannedTask = {
  id?: string
  status?: string
  spec: string
  title: string
  description: string
  dependsOn: readonly string[]
  checks: readonly string[]
  requirementIds: readonly string[]
  notes?: string | undefined
  filesChanged?: readonly { path: string }[] | undefined
}
export type PlannedRequirement = { id: string; text: string }

/** What the tools act on: drafts while planning, stored rows in chat. `name` is a title or an id. */
export type PlanSource = {
  specs(): Promise<readonly PlannedSpec[]>
  updateSpec(name: string, change: SpecChange): Promise<Updated>
  tasks(): Promise<readonly PlannedTask[]>
  updateTask(name: string, change: TaskChange): Promise<Updated>
}

/** What became of a change. `proposed`: a person decides, and nothing is changed until then. */
export type Updated = "changed" | "proposed" | "same" | "missing"
export type SpecChange = { title?: string | undefined; markdown?: string | undefined }

const TaskChange = z.object({
  title: z.string().min(1).max(500).optional(),
  description: z.string().optional(),
  depends_on: z.array(z.string()).optional(),
  checks: z.array(z.string().min(1)).optional(),
  requirements: z.array(z.string()).optional(),
})
export type TaskChange = z.infer<typeof TaskChange>

export const CreateSpec = z.object({
  title: z.string().trim().min(1).max(500),
  markdown: z.string().trim().min(1),
})
export const CreateTask = z.object({
  spec: z.string().min(1).describe("Title or id of the spec it comes from"),
  title: z.string().trim().min(1).max(500),
  description: z.string(),
  depends_on: z.array(z.string()).optional().describe("Titles or ids of tasks it needs"),
  checks: z.array(z.string().min(1)).optional().describe("Commands that must exit 0"),
  requirements: z.array(z.string()).optional().describe('Requirement numbers, e.g. ["R3"]'),
})

export function createSpec(add: (spec: z.infer<typeof CreateSpec>) => string): Tool {
  return defineTool({
    name: "create_spec",
    description: "Adds one spec. Call it once per spec, most foundational first.",
    input: CreateSpec,
    run: async (input) => ({ output: add(input) }),
  })
}

export function createTask(add: (task: z.infer<typeof CreateTask>) => string): Tool {
  return defineTool({
    name: "create_task",
    description: "Adds one task to the plan.",
    input: CreateTask,
    async run(input) {
      const { checks, said } = await dropUseless(input.checks)
      const output = add({ ...input, checks })
      return said === undefined ? { output } : { output: `${output} ${said}`, isError: true }
    },
  })
}

/** What a worker may look up about the plan it is part of. */
export function lookAtPlan(
  source: Pick<PlanSource, "specs" | "tasks"> & { requirements(): Promise<readonly PlannedRequirement[]> },
): Tool[] {
  return [
    ...readPlan(source),
    defineTool({
      name: "get_task",
      description: "Gives one task in full, with what it built and left to know.",
      input: z.object({ task: z.string().describe("Title or id") }),
      async run(input) {
        const task = (await source.tasks()).find((row) => isNamed(row, input.task))
        return task ? { output: toText(task) } : missing("task", input.task)
      },
    }),
    defineTool({
      name: "list_requirements",
      description: "Lists the numbered requirements.",
      input: z.object({}),
      async run() {
        const rows = await source.requirements()
        return { output: rows.map(({ id, text }) => `${id}: ${text}`).join("\n") || "There are none." }
      },
    }),
  ]
}

function toText({
  title,
  status,
  description,
  notes,
  checks,
  requirementIds,
  dependsOn,
  filesChanged,
}: PlannedTask): string {
  const list = (name: string, rows: readonly string[] | undefined) =>
    rows && rows.length > 0 ? `${name}: ${rows.join(", ")}` : ""
  return [
    `# ${title}${status ? ` [${status}]` : ""}`,
    description,
    notes ? `What was built: ${notes}` : "",
    list(
      "Files changed",
      filesChanged?.map(({ path }) => path),
    ),
    list("Proves", requirementIds),
    list("Needs", dependsOn),
    list("Checks", checks),
  ]
    .filter((text) => text.trim() !== "")
    .join("\n\n")
}

/** @param decides who a change of checks is up to: while planning it is made at once, in chat a person decides */
export function planTools(source: PlanSource, decides: "planner" | "person"): Tool[] {
  return [
    ...readPlan(source),
    defineTool({
      name: "update_spec",
      description: "Changes the title or the text of a spec.",
      input: z.object({
        spec: z.string().describe("Title or id"),
        title: z.string().min(1).optional(),
        markdown: z.string().min(1).optional(),
      }),
      run: async (input) => toOutcome(await source.updateSpec(input.spec, input), "spec", input.spec),
    }),
    defineTool({
      name: "update_task",
      description: "Changes a task that is not being worked on.",
      input: TaskChange.extend({ task: z.string().describe("Title or id") }),
      async run({ task, ...change }) {
        if (decides === "person" || !change.checks)
          return toOutcome(await source.updateTask(task, change), "task", task)
        const { checks, said } = await dropUseless(change.checks)
        const outcome = toOutcome(await source.updateTask(task, { ...change, checks }), "task", task)
        return said === undefined ? outcome : { output: `${outcome.output} ${said}`, isError: true }
      },
    }),
  ]
}

/** Commands that cannot fail are no checks: the plan is noted without them, and told so. */
async function dropUseless(
  checks: readonly string[] | undefined,
): Promise<{ checks: string[] | undefined; said: string | undefined }> {
  const judged = await Promise.all(
    (checks ?? []).map(async (command) => ({ command, why: await cannotFail(command) })),
  )
  const useless = judged.filter(({ why }) => why !== undefined)
  if (useless.length === 0) return { checks: checks && [...checks], said: undefined }
  const reasons = useless.map(({ command, why }) => `\`${command}\` (${why})`).join(", ")
  return {
    checks: judged.filter(({ why }) => why === undefined).map(({ command }) => command),
    said: `Not taken as a check: ${reasons}. A check must fail while the work is not right: name a test of just this task, or grep -q for what a document must say, with update_task.`,
  }
}

function readPlan(source: Pick<PlanSource, "specs" | "tasks">): Tool[] {
  return [
    defineTool({
      name: "list_specs",
      description: "Lists the specs in order.",
      input: z.object({}),
      async run() {
        const specs = await source.specs()
        return {
          output: specs.map((spec, i) => `${i + 1}. ${spec.title}`).join("\n") || "There are no specs yet.",
        }
      },
    }),
    defineTool({
      name: "get_spec",
      description: "Gives one spec in full.",
      input: z.object({ spec: z.string().describe("Title or id") }),
      async run(input) {
        const spec = (await source.specs()).find((row) => isNamed(row, input.spec))
        return spec ? { output: `# ${spec.title}\n\n${spec.markdown}` } : missing("spec", input.spec)
      },
    }),
    defineTool({
      name: "list_tasks",
      description: "Lists the tasks in order, with state and dependencies.",
      input: z.object({}),
      async run() {
        const tasks = await source.tasks()
        return { output: tasks.map(toLine).join("\n") || "There are no tasks yet." }
      },
    }),
  ]
}

export function isNamed(row: { id?: string; title: string }, name: string): boolean {
  return row.id === name || row.title.trim().toLowerCase() === name.trim().toLowerCase()
}

function toLine(task: PlannedTask, i: number): string {
  const state = task.status ? ` [${task.status}]` : ""
  const needs = task.dependsOn.length > 0 ? ` — needs ${task.dependsOn.join(", ")}` : ""
  return `${i + 1}. ${task.title}${state}${needs}`
}

function toOutcome(updated: Updated, what: string, name: string): ToolOutcome {
  switch (updated) {
    case "changed":
      return { output: "Changed." }
    case "proposed":
      return {
        output:
          "Proposed, and not changed: what counts as proof is changed by a person only. The owner finds it under Needs you.",
      }
    case "same":
      return { output: `The ${what} is like that already; nothing was changed.` }
    case "missing":
      return missing(what, name)
  }
}

function missing(what: string, name: string): ToolOutcome {
  return { output: `There is no ${what} "${name}".`, isError: true }
}
