/** Comments: a person's words about the work, each waiting for the agent's next turn or seen by it. */
import { AuraError, type Comment, type CreateComment, type Task } from "@aura/core"
import type { RowPage } from "@aura/store"
import { type Aura, timestamp } from "./aura.ts"

export async function list(aura: Aura, projectId: string, page?: RowPage): Promise<Comment[]> {
  return await aura.store.list("comments", { projectId }, page)
}

/** @throws AuraError `not_found` for a project or a task that is not there */
export async function create(aura: Aura, projectId: string, input: CreateComment): Promise<Comment> {
  const comment: Comment = {
    id: aura.newId("comment"),
    projectId,
    taskId: input.taskId ?? null,
    path: input.path ?? null,
    quote: input.quote ?? null,
    text: input.text,
    createdAt: timestamp(aura),
    seenAt: null,
    sessionId: null,
  }
  await aura.store.commit("comment.added", async (read) => {
    if (!(await read.get("projects", projectId)))
      throw new AuraError("not_found", "There is no such project.")
    const task = comment.taskId && (await read.get("tasks", comment.taskId))
    if (comment.taskId && (!task || task.projectId !== projectId))
      throw new AuraError("not_found", "There is no such task.")
    return { projectId, rows: { comments: [comment] } }
  })
  return comment
}

/** @throws AuraError `conflict` when the agent has seen it already */
export async function remove(aura: Aura, projectId: string, id: string): Promise<void> {
  await aura.store.commit("comment.removed", async (read) => {
    const comment = await read.get("comments", id)
    if (comment?.projectId !== projectId) throw new AuraError("not_found", "There is no such comment.")
    if (comment.seenAt) throw new AuraError("conflict", "The agent has seen this comment already.")
    return { projectId, rows: {}, removed: { comments: [id] } }
  })
}

/** What is to be said while this task is worked on: of it, of the whole, and of work that is behind it. */
export async function listWaiting(aura: Aura, task: Task): Promise<Comment[]> {
  const waiting = (await list(aura, task.projectId)).filter((comment) => comment.seenAt === null)
  const about = await Promise.all(waiting.map((comment) => isDue(aura, comment, task)))
  return waiting.filter((_, i) => about[i])
}

/** The rows of comments as seen; they are stored together with the entry that says them. */
export function seen(aura: Aura, waiting: readonly Comment[], sessionId: string): Comment[] {
  return waiting.map((comment) => ({ ...comment, seenAt: timestamp(aura), sessionId }))
}

export function toPrompt(waiting: readonly Comment[]): string {
  const lines = waiting.map((comment) => {
    const place = comment.path ? ` on ${comment.path}` : ""
    const quote = comment.quote ? `\n\n\`\`\`diff\n${comment.quote}\n\`\`\`\n` : ""
    return `Comment${place}:${quote} ${comment.text}`
  })
  return `The person you work for says:\n\n${lines.join("\n\n")}\n\nTake this into account in what you do next.`
}

/** A comment about a task that has not begun waits until it is worked on. */
async function isDue(aura: Aura, comment: Comment, task: Task): Promise<boolean> {
  if (comment.taskId === null || comment.taskId === task.id) return true
  return (await aura.store.get("tasks", comment.taskId))?.status === "done"
}
