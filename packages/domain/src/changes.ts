/** Changes that an agent proposes to the plan, and only a person makes: what counts as proof is not the agent's to say. */
import {
  AuraError,
  type ChangedFields,
  type ProposedChange,
  type Spec,
  type Task,
  UpdateTask,
} from "@aura/core"
import type { Read } from "@aura/store"
import type { NewAsk } from "./asks.ts"
import { type Aura, timestamp } from "./aura.ts"
import * as tasks from "./tasks/tasks.ts"

export type Proposal = Pick<ProposedChange, "of" | "id" | "after"> & { projectId: string }

/** What a person is asked about a change; undefined when it would change nothing. */
export async function toAsk(aura: Aura, { of, id, after, projectId }: Proposal): Promise<NewAsk | undefined> {
  const row = of === "task" ? await aura.store.get("tasks", id) : await aura.store.get("specs", id)
  if (row?.projectId !== projectId) throw new AuraError("not_found", `There is no such ${of}.`)
  const before = pick(row, after)
  if (JSON.stringify(before) === JSON.stringify(pick(after, after))) return undefined
  return {
    projectId,
    taskId: null,
    question: `Change ${toWords(after)} of “${row.title}”?`,
    detail: "An agent proposed this in the chat. Nothing is changed unless you allow it.",
    hosts: [],
    change: { of, id, title: row.title, before, after: pick(after, after) },
  }
}

/** The rows that an allowed change makes. @throws AuraError `conflict` when the row is gone or is another by now */
export async function apply(
  aura: Aura,
  read: Read,
  projectId: string,
  { of, id, before, after }: ProposedChange,
): Promise<{ tasks: Task[] } | { specs: Spec[] }> {
  const row = of === "task" ? await read.get("tasks", id) : await read.get("specs", id)
  if (!row) throw new AuraError("conflict", `The ${of} is gone; nothing was changed.`)
  if (JSON.stringify(pick(row, before)) !== JSON.stringify(before))
    throw new AuraError(
      "conflict",
      `The ${of} has been changed since this was proposed; nothing was changed. Refuse it, or change the ${of} yourself.`,
    )
  if (!("markdown" in row)) {
    const change = UpdateTask.safeParse(after).data
    if (!change) throw new AuraError("bad_request", "The change does not fit a task; nothing was changed.")
    return { tasks: tasks.changed(await read.list("tasks", { projectId }), row, change) }
  }
  const { title = row.title, markdown = row.markdown } = after
  return { specs: [{ ...row, title, markdown, updatedAt: timestamp(aura) }] }
}

const fields = ["title", "description", "markdown", "dependsOn", "requirementIds", "checks"] as const
const words: Record<(typeof fields)[number], string> = {
  title: "the title",
  description: "the description",
  markdown: "the text",
  dependsOn: "the dependencies",
  requirementIds: "the requirements",
  checks: "the checks",
}

/** Those fields of a row that another has, in one order. */
function pick(row: ChangedFields, of: ChangedFields): ChangedFields {
  return Object.fromEntries(fields.flatMap((field) => (of[field] === undefined ? [] : [[field, row[field]]])))
}

function toWords(after: ChangedFields): string {
  const named = fields.filter((field) => after[field] !== undefined).map((field) => words[field])
  return [named.slice(0, -1).join(", "), ...named.slice(-1)].filter(Boolean).join(" and ")
}
