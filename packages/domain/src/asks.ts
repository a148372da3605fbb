/** Asks: what an agent needs and only a person may grant. The task that asked waits; the others go on. */
import { type Ask, AuraError, type Spec, type Task } from "@aura/core"
import type { RowPage } from "@aura/store"
import { type Aura, timestamp } from "./aura.ts"
import { type Caller, nameOf, refuseAgents } from "./caller.ts"
import * as changes from "./changes.ts"
import * as heldOut from "./held-out.ts"
import { withHosts } from "./permissions.ts"

const lifetimeMs = 24 * 60 * 60 * 1000

export type NewAsk = Pick<
  Ask,
  "projectId" | "taskId" | "question" | "detail" | "hosts" | "change" | "heldOutId"
> & {
  kind?: Ask["kind"]
}

type Answer = { by: string; reason: string | undefined }

/** Newest first. */
export async function list(aura: Aura, projectId?: string, page: RowPage = {}): Promise<Ask[]> {
  return await aura.store.list("asks", projectId ? { projectId } : {}, { ...page, reverse: !page.reverse })
}

/** Asks once: a task with an open ask of the same words has it again. */
export async function open(aura: Aura, input: NewAsk): Promise<Ask> {
  let ask: Ask | undefined
  await aura.store.commit("ask.opened", async (read) => {
    const asked = await read.list("asks", { projectId: input.projectId })
    ask = asked.find(
      (row) =>
        row.status === "open" &&
        row.taskId === input.taskId &&
        row.question === input.question &&
        JSON.stringify(row.change) === JSON.stringify(input.change),
    )
    if (ask) return undefined
    ask = {
      id: aura.newId("ask"),
      ...input,
      kind: input.kind ?? (input.change ? "change" : "network"),
      status: "open",
      createdAt: timestamp(aura),
      expiresAt: new Date(aura.now() + lifetimeMs).toISOString(),
      answeredAt: null,
    }
    return { projectId: input.projectId, rows: { asks: [ask] } }
  })
  if (!ask) throw new AuraError("internal_error", "The ask was not stored.")
  return ask
}

/** Asks a person to make a change. @returns false when it would change nothing */
export async function propose(aura: Aura, proposal: changes.Proposal): Promise<boolean> {
  const ask = await changes.toAsk(aura, proposal)
  if (ask) await open(aura, ask)
  return ask !== undefined
}

/**
 * Answers an ask: what was allowed holds for the project, a proposed change is made, and the task that waited is ready
 * again, told the answer.
 * @throws AuraError `forbidden` for an agent, `not_found`, `bad_request` without a reason where one is needed, `conflict` when it was answered or has expired, or what it changes is another by now
 */
export async function answer(
  aura: Aura,
  caller: Caller,
  id: string,
  isAllowed: boolean,
  reason?: string,
): Promise<Ask> {
  refuseAgents(caller, "answer what an agent asks for")
  const ask = await aura.store.get("asks", id)
  if (!ask) throw new AuraError("not_found", "There is no such ask.")
  if (isAllowed && needsReason(ask) && !reason)
    throw new AuraError("bad_request", "Give a reason: it is kept with the proof.")
  await end(aura, id, isAllowed ? "allowed" : "refused", { by: nameOf(caller), reason })
  return (await aura.store.get("asks", id)) ?? ask
}

/** Of what proves the work, an exception is kept with the proof, and says why. */
export function needsReason({ kind }: Pick<Ask, "kind">): boolean {
  return kind === "review" || kind === "held_out"
}

/** Ends every ask whose time is over. @returns when the next one's is */
export async function expire(aura: Aura): Promise<number | undefined> {
  const waiting = (await list(aura)).filter((ask) => ask.status === "open")
  const isOver = (ask: Ask) => Date.parse(ask.expiresAt) <= aura.now()
  for (const ask of waiting.filter(isOver)) await end(aura, ask.id, "expired")
  const left = waiting.filter((ask) => !isOver(ask)).map((ask) => Date.parse(ask.expiresAt))
  return left.length === 0 ? undefined : Math.min(...left)
}

async function end(
  aura: Aura,
  id: string,
  status: "allowed" | "refused" | "expired",
  by?: Answer,
): Promise<void> {
  await aura.store.commit("ask.answered", async (read) => {
    const ask = await read.get("asks", id)
    if (!ask) throw new AuraError("not_found", "There is no such ask.")
    if (ask.status !== "open") {
      if (status === "expired") return undefined
      throw new AuraError("conflict", `This was ${ask.status} already.`)
    }
    const ended: Ask = {
      ...ask,
      status,
      answeredAt: timestamp(aura),
      ...(by ? { answer: { by: by.by, reason: by.reason ?? null } } : {}),
    }
    const check =
      ask.heldOutId && status === "allowed" ? await read.get("heldOutChecks", ask.heldOutId) : undefined
    const task = ask.taskId ? await read.get("tasks", ask.taskId) : undefined
    const project =
      status === "allowed" && ask.kind === "network" ? await read.get("projects", ask.projectId) : undefined
    const changed: { tasks?: Task[]; specs?: Spec[] } =
      ask.change && status === "allowed" ? await changes.apply(aura, read, ask.projectId, ask.change) : {}
    const tasks = changed.tasks ?? []
    // The task that waited for the change is freed as it is after it.
    const waiting = task?.status === "blocked" ? (tasks.find(({ id }) => id === task.id) ?? task) : undefined
    const rest = tasks.filter(({ id }) => id !== waiting?.id)
    return {
      projectId: ask.projectId,
      rows: {
        asks: [ended],
        ...changed,
        ...(check ? { heldOutChecks: [heldOut.discarded(check, ended)] } : {}),
        ...(waiting || tasks.length > 0
          ? { tasks: [...rest, ...(waiting ? [freed(waiting, ended)] : [])] }
          : {}),
        ...(project ? { projects: [withHosts(project, ask.hosts, aura.now())] } : {}),
      },
    }
  })
}

function freed(task: Task, ask: Ask): Task {
  const { finishedAt: _, baseTree: __, ...rest } = task
  return { ...rest, status: "ready", attempts: 0, lessons: [...task.lessons, toLesson(ask)] }
}

function toLesson(ask: Ask): string {
  if (ask.kind === "held_out")
    return ask.status === "allowed"
      ? "A person discarded the acceptance check that kept failing."
      : `What the acceptance check says holds. ${ask.detail}`
  if (ask.kind === "review")
    return ask.status === "allowed"
      ? "A person accepts the work in spite of the review."
      : `The review holds, so do what it asks for. ${ask.detail}${ask.answer?.reason ? `\n${ask.answer.reason}` : ""}`
  const words = { allowed: "It was allowed.", refused: "It was refused: do without it.", open: "" }
  const end =
    ask.status === "expired"
      ? "Nobody answered in time, so it has expired: do without it."
      : words[ask.status]
  return `You asked: ${ask.question} ${end}`
}
