/** One session at work: its transcript, its place in the store, and what clients see live. */

import { type Entry, type Rows, type Session, toMessage, type Waiting } from "@aura/core"
import { type Aura, type NewEntry, sessions } from "@aura/domain"
import type { ModelEvent } from "@aura/model"
import type { Engine } from "../engine.ts"
import { createTranscript, type Transcript } from "./transcript.ts"
import type { Call } from "./turns.ts"

export type Journal = {
  session: Session
  transcript: Transcript
  entries: Entry[]
  /** Stores an entry, then adds it to the transcript's facts. */
  record(entry: NewEntry, also?: Pick<Rows, "comments">): Promise<void>
  /** The position the next entry will have. */
  nextN(): number
}

/** Opens a session with all that happened in it so far. */
export async function openJournal(
  { aura, media }: Pick<Engine, "aura" | "media">,
  session: Session,
): Promise<Journal> {
  const entries = await sessions.entries(aura, session.id)
  const transcript = createTranscript(entries, media?.read)
  let n = (entries.at(-1)?.n ?? 0) + 1
  const journal: Journal = {
    session,
    transcript,
    entries,
    nextN: () => n,
    async record(entry, also) {
      const stored = await sessions.append(aura, journal.session, n++, entry, also)
      entries.push(stored)
      if (stored.kind !== "reply") return
      journal.session = (await aura.store.get("sessions", session.id)) ?? journal.session
    },
  }
  return journal
}

/** The session of this kind to go on with: the open one, or a new one where the model was changed. */
export async function openSession(
  engine: Engine,
  input: {
    projectId: string
    instanceId: string
    kind: Session["kind"]
    model: string
    rotateAt: number
    isFresh?: boolean
  },
): Promise<Journal> {
  const { aura } = engine
  const open = await sessions.findActive(aura, input.instanceId, input.kind)
  if (open && open.model === input.model && !input.isFresh) return await openJournal(engine, open)
  if (open) await sessions.end(aura, open.id, "completed", null)
  const { isFresh: _, ...fresh } = input
  const session = await sessions.start(aura, {
    ...fresh,
    contextWindow: engine.findModel(input.model).contextWindow,
  })
  return await openJournal(engine, session)
}

/**
 * Watches a stream for when the provider is waited for, and until when.
 * @param tell called when that changes; null = it answers again. Must not throw
 */
export function createWaitWatch(
  tell: (waiting: Waiting | null) => Promise<void>,
): (event: ModelEvent) => void {
  let isWaiting = false
  return (event) => {
    const waits = event.type === "waiting"
    if (!waits && !isWaiting) return
    isWaiting = waits
    void tell(waits ? { reason: event.reason, until: new Date(event.untilMs).toISOString() } : null)
  }
}

/** Passes a stream on to whoever watches. */
export function tellLive(
  aura: Aura,
  journal: Journal,
  turn: number,
  event: ModelEvent,
  taskId?: string,
): void {
  if (event.type !== "text" && event.type !== "thinking") return
  aura.live({
    type: "reply.delta",
    projectId: journal.session.projectId,
    sessionId: journal.session.id,
    turn,
    kind: event.type,
    text: event.text,
    ...(taskId ? { taskId } : {}),
  })
}

export function tellTool(aura: Aura, journal: Journal, call: Call, taskId?: string): void {
  const { projectId, id: sessionId } = journal.session
  const of = { projectId, sessionId, toolUseId: call.id, ...(taskId ? { taskId } : {}) }
  aura.live({ type: "tool.started", ...of, name: call.name, input: call.input })
}

export function tellOutput(aura: Aura, journal: Journal, call: Call, text: string, taskId?: string): void {
  const { projectId, id: sessionId } = journal.session
  aura.live({
    type: "tool.output",
    projectId,
    sessionId,
    toolUseId: call.id,
    text,
    ...(taskId ? { taskId } : {}),
  })
}

export function describeFailure(thrown: unknown): string {
  return `Aura ran into a bug of its own: ${toMessage(thrown)}`
}
