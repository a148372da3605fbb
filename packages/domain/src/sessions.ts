/** Sessions: one context window each; and entries, each stored before the next effect. */
import {
  AuraError,
  addUsage,
  contextTokens,
  type Entry,
  type HandOff,
  type Project,
  type Rows,
  type Session,
  type Task,
  type Usage,
} from "@aura/core"
import type { RowPage } from "@aura/store"
import { type Aura, timestamp } from "./aura.ts"

export type NewSession = Pick<
  Session,
  "projectId" | "instanceId" | "kind" | "model" | "contextWindow" | "rotateAt"
> &
  Partial<Pick<Session, "purpose" | "subject">> & {
    previousId?: string
  }

type WithoutCommon<T> = T extends unknown
  ? Omit<T, "id" | "projectId" | "sessionId" | "instanceId" | "n" | "at">
  : never
/** An entry before it has its place: what happened, and for which task. */
export type NewEntry = WithoutCommon<Entry>

/** @throws AuraError `not_found` */
export async function get(aura: Aura, projectId: string, id: string): Promise<Session> {
  const session = await aura.store.get("sessions", id)
  if (session?.projectId !== projectId) throw new AuraError("not_found", "There is no such session.")
  return session
}

export async function listByInstance(aura: Aura, instanceId: string, page?: RowPage): Promise<Session[]> {
  return await aura.store.list("sessions", { instanceId }, page)
}

export async function listByProject(aura: Aura, projectId: string): Promise<Session[]> {
  return await aura.store.list("sessions", { projectId })
}

/** The session of this kind an instance has open, if any; those beside the work are none of them. */
export async function findActive(
  aura: Aura,
  instanceId: string,
  kind: Session["kind"],
): Promise<Session | undefined> {
  return (await listByInstance(aura, instanceId)).findLast(
    (session) => session.kind === kind && session.status === "active" && session.purpose === undefined,
  )
}

export async function start(aura: Aura, input: NewSession): Promise<Session> {
  let session: Session | undefined
  await aura.store.commit("session.started", async (read) => {
    session = build(aura, input, (await read.list("sessions", { instanceId: input.instanceId })).length + 1)
    return { projectId: input.projectId, rows: { sessions: [session] } }
  })
  if (!session) throw new AuraError("internal_error", "The session was not stored.")
  return session
}

/** Ends a full session and opens the next with what is carried over: one commit, so none is ever lost. */
export async function rollOver(
  aura: Aura,
  session: Session,
  carried: { handOff: HandOff; text: string; n: number; taskId?: string | undefined },
): Promise<Session> {
  let next: Session | undefined
  await aura.store.commit("session.rolled_over", async (read) => {
    const row = (await read.get("sessions", session.id)) ?? session
    const count = (await read.list("sessions", { instanceId: session.instanceId })).length
    next = build(aura, { ...session, previousId: session.id }, count + 1)
    const ended: Session = {
      ...row,
      status: "rolled_over",
      summary: carried.text,
      handOff: carried.handOff,
      finishedAt: timestamp(aura),
    }
    const entry = toEntry(aura, row, carried.n, {
      kind: "hand_off",
      handOff: carried.handOff,
      text: carried.text,
      nextSessionId: next.id,
      ...(carried.taskId ? { taskId: carried.taskId } : {}),
    })
    return { projectId: session.projectId, rows: { sessions: [ended, next], entries: [entry] } }
  })
  if (!next) throw new AuraError("internal_error", "The session was not stored.")
  return next
}

export async function end(
  aura: Aura,
  id: string,
  status: "completed" | "failed",
  summary: string | null,
): Promise<void> {
  await aura.store.commit("session.finished", async (read) => {
    const session = await read.get("sessions", id)
    if (session?.status !== "active") return undefined
    const ended: Session = { ...session, status, summary, finishedAt: timestamp(aura) }
    return { projectId: session.projectId, rows: { sessions: [ended] } }
  })
}

/** In order. */
export async function entries(aura: Aura, sessionId: string): Promise<Entry[]> {
  const rows = await aura.store.list("entries", { sessionId })
  return rows.toSorted((a, b) => a.n - b.n)
}

/** A page of them: what it costs does not grow with the session. */
export async function pageOfEntries(aura: Aura, sessionId: string, page: RowPage): Promise<Entry[]> {
  return await aura.store.list("entries", { sessionId }, page)
}

/** All that happened for a task, over all its sessions, in the order of time. */
export async function entriesOfTask(aura: Aura, taskId: string): Promise<Entry[]> {
  return await aura.store.list("entries", { taskId })
}

/**
 * Stores one entry at position `n`. A reply also moves the session's meter and what session, task and project
 * have cost, in the same commit; `also` are rows that change with it.
 */
export async function append(
  aura: Aura,
  session: Session,
  n: number,
  input: NewEntry,
  also: Pick<Rows, "comments"> = {},
): Promise<Entry> {
  const entry = toEntry(aura, session, n, input)
  const type = entry.kind === "check" ? "check.finished" : "entry.added"
  if (entry.kind !== "reply") {
    await aura.store.commit(type, { projectId: session.projectId, rows: { entries: [entry], ...also } })
    return entry
  }
  const { usage } = entry
  await aura.store.commit(type, async (read) => {
    const row = (await read.get("sessions", session.id)) ?? session
    const project = await read.get("projects", session.projectId)
    const task = entry.taskId ? await read.get("tasks", entry.taskId) : undefined
    return {
      projectId: session.projectId,
      rows: {
        entries: [entry],
        sessions: [withReply(row, usage)],
        ...(project ? { projects: [spend(project, usage)] } : {}),
        ...(task ? { tasks: [spend(task, usage)] } : {}),
      },
    }
  })
  return entry
}

function withReply(session: Session, usage: Usage): Session {
  // The request for a hand-off is shortened; the window had held what it had held.
  const tokens = Math.max(contextTokens(usage), session.contextTokens)
  return {
    ...session,
    turns: session.turns + 1,
    usage: addUsage(session.usage, usage),
    contextTokens: tokens,
    contextUsage: tokens / session.contextWindow,
  }
}

function spend<T extends Project | Task>(row: T, usage: Usage): T {
  return { ...row, usage: addUsage(row.usage, usage) }
}

function toEntry(aura: Aura, session: Session, n: number, input: NewEntry): Entry {
  return {
    ...input,
    id: aura.newId("entry"),
    projectId: session.projectId,
    sessionId: session.id,
    instanceId: session.instanceId,
    n,
    at: timestamp(aura),
  }
}

function build(aura: Aura, input: NewSession, number: number): Session {
  return {
    id: aura.newId("session"),
    projectId: input.projectId,
    instanceId: input.instanceId,
    kind: input.kind,
    ...(input.purpose ? { purpose: input.purpose } : {}),
    ...(input.subject ? { subject: input.subject } : {}),
    number,
    status: "active",
    model: input.model,
    contextTokens: 0,
    contextWindow: input.contextWindow,
    contextUsage: 0,
    rotateAt: input.rotateAt,
    turns: 0,
    usage: { inputTokens: 0, cacheWriteTokens: 0, cacheReadTokens: 0, outputTokens: 0, costUsd: 0 },
    summary: null,
    handOff: null,
    previousId: input.previousId ?? null,
    startedAt: timestamp(aura),
    finishedAt: null,
  }
}
