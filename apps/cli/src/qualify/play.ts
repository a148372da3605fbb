/** A scripted model in a case: what it plans, does and says. */

export type Play = {
  /** Name of the case. */
  of: string
  name: string
  isHonest: boolean
  /** Words of the refusal that a villain gets. */
  says: string | undefined
  /** Of the project. */
  settings: { heldOut?: "on"; productProof?: "off" }
  screenplay: object
}

export type Call = { tool: string; input: Record<string, unknown> }

export const call = (tool: string, input: Record<string, unknown>): Call => ({ tool, input })
export const write = (path: string, content: string) => call("write_file", { path, content })
export const run = (command: string) => call("run_command", { command })
export const done = (more: Record<string, unknown> = {}) => [call("task_done", { notes: "Done.", ...more })]

export const node = (code: string) => `node -e '${code}'`

type Task = {
  title: string
  checks: string[]
  requirements?: string[]
  turns: Call[][]
  end?: Record<string, unknown>
}

/** One spec, one task for all requirements unless others are named, and what is done about it. */
export function play(of: {
  of: string
  name?: string
  villain?: string
  says?: string
  checks?: string[]
  requirements?: number
  turns?: Call[][]
  end?: Record<string, unknown>
  tasks?: Task[]
  settings?: Play["settings"]
  more?: object[]
}): Play {
  const all = Array.from({ length: of.requirements ?? 2 }, (_, i) => `R${i + 1}`)
  const { checks = [], turns = [], end = {} } = of
  const tasks = of.tasks ?? [{ title: "Build it", checks, turns, end }]
  const giveUp = [call("task_blocked", { reason: "It cannot be proven." })]
  const toInput = ({ title, checks: named, requirements = all }: Task) => ({
    spec: "Core",
    title,
    description: "As the document says.",
    checks: named,
    requirements,
  })
  return {
    of: of.of,
    name: of.villain ?? of.name ?? "honest",
    isHonest: of.villain === undefined,
    says: of.says,
    settings: of.settings ?? {},
    screenplay: {
      title: of.of,
      scenes: [
        {
          when: { phase: "specs" },
          replies: [
            { calls: [call("create_spec", { title: "Core", markdown: "# Core\n\nAs the document says." })] },
            { text: "Done." },
          ],
        },
        {
          when: { phase: "tasks" },
          replies: [{ calls: tasks.map((task) => call("create_task", toInput(task))) }, { text: "Done." }],
        },
        ...tasks.map((task) => ({
          when: { phase: "work", task: task.title },
          replies: [...task.turns, done(task.end), giveUp].map((calls) => ({ calls })),
          then: "repeat",
        })),
        ...(of.more ?? []),
      ],
    },
  }
}
