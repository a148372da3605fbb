/** What streams but is not stored yet: words, commands and plans in the making, per session and project. Pure. */
import { type AuraEvent, isStored, type LiveEvent } from "@aura/core"

export type ReplyDraft = { turn: number; text: string; thinking: string }
export type ToolDraft = {
  toolUseId: string
  name: string
  input: Record<string, unknown>
  output: string
  startedAt: number
}
export type CheckDraft = { command: string; round: number; output: string; startedAt: number }
export type SessionDrafts = { reply?: ReplyDraft; tools: ToolDraft[]; checks: CheckDraft[] }
export type SpecDraft = { index: number; title: string; markdown: string }
export type TaskDraft = { index: number; title: string }
export type PlanDrafts = { planId: string; specs: SpecDraft[]; tasks: TaskDraft[] }

export type Drafts = {
  sessions: Readonly<Record<string, SessionDrafts>>
  /** By project: a project plans one thing at a time. */
  plans: Readonly<Record<string, PlanDrafts>>
}

export const noDrafts: Drafts = { sessions: {}, plans: {} }
const nothing: SessionDrafts = { tools: [], checks: [] }
const longestOutput = 64_000
const longestText = 400_000

/** The drafts after what arrived, oldest first. Stored rows take the place of the drafts they complete. */
export function foldDrafts(drafts: Drafts, events: readonly (AuraEvent | LiveEvent)[], now: number): Drafts {
  return events.reduce(
    (folded, event) => (isStored(event) ? dropStored(folded, event) : addLive(folded, event, now)),
    drafts,
  )
}

function addLive(drafts: Drafts, event: LiveEvent, now: number): Drafts {
  switch (event.type) {
    case "reply.delta":
      return inSession(drafts, event.sessionId, (session) => ({
        ...session,
        reply: addDelta(session.reply, event.turn, event.kind, event.text),
      }))
    case "tool.started":
      return inSession(drafts, event.sessionId, (session) => ({
        ...session,
        tools: [
          ...session.tools.filter((tool) => tool.toolUseId !== event.toolUseId),
          { toolUseId: event.toolUseId, name: event.name, input: event.input, output: "", startedAt: now },
        ],
      }))
    case "tool.output":
      return inSession(drafts, event.sessionId, (session) => ({
        ...session,
        tools: addToolOutput(session.tools, event.toolUseId, event.text, now),
      }))
    case "check.started":
      return inSession(drafts, event.sessionId, (session) => ({
        ...session,
        checks: [
          ...session.checks.filter((check) => check.command !== event.command),
          { command: event.command, round: event.round, output: "", startedAt: now },
        ],
      }))
    case "check.output":
      return inSession(drafts, event.sessionId, (session) => ({
        ...session,
        checks: session.checks.map((check) =>
          check.command === event.command ? { ...check, output: tail(check.output + event.text) } : check,
        ),
      }))
    case "spec.draft":
      return inPlan(drafts, event.projectId, event.planId, (plan) => ({
        ...plan,
        specs: put(plan.specs, { index: event.index, title: event.title, markdown: event.markdown }),
      }))
    case "task.draft":
      return inPlan(drafts, event.projectId, event.planId, (plan) => ({
        ...plan,
        tasks: put(plan.tasks, { index: event.index, title: event.title }),
      }))
    default:
      return drafts
  }
}

function dropStored(drafts: Drafts, event: AuraEvent): Drafts {
  let left = drafts
  for (const entry of event.rows.entries ?? []) {
    const known = left.sessions[entry.sessionId]
    if (!known) continue
    left = inSession(left, entry.sessionId, (session) => {
      if (entry.kind === "reply") return withoutReply(session, entry.turn)
      if (entry.kind === "tool") {
        return { ...session, tools: session.tools.filter((tool) => tool.toolUseId !== entry.toolUseId) }
      }
      if (entry.kind === "check") {
        return { ...session, checks: session.checks.filter((c) => c.command !== entry.check.command) }
      }
      return session
    })
  }
  for (const session of event.rows.sessions ?? []) {
    if (session.status !== "active" && left.sessions[session.id]) {
      left = { ...left, sessions: without(left.sessions, session.id) }
    }
  }
  for (const loop of event.rows.loops ?? []) {
    const heard = loop.sessionId ? left.sessions[loop.sessionId] : undefined
    if (loop.waiting && loop.sessionId && heard) left = inSession(left, loop.sessionId, withoutWords)
  }
  for (const plan of event.rows.plans ?? []) {
    if (plan.status !== "running" && left.plans[plan.projectId]?.planId === plan.id) {
      left = { ...left, plans: without(left.plans, plan.projectId) }
    }
  }
  return left
}

function inSession(drafts: Drafts, id: string, change: (session: SessionDrafts) => SessionDrafts): Drafts {
  const after = change(drafts.sessions[id] ?? nothing)
  return { ...drafts, sessions: { ...drafts.sessions, [id]: after } }
}

function inPlan(
  drafts: Drafts,
  projectId: string,
  planId: string,
  change: (plan: PlanDrafts) => PlanDrafts,
): Drafts {
  const known = drafts.plans[projectId]
  const plan = known?.planId === planId ? known : { planId, specs: [], tasks: [] }
  return { ...drafts, plans: { ...drafts.plans, [projectId]: change(plan) } }
}

function addDelta(
  reply: ReplyDraft | undefined,
  turn: number,
  kind: "text" | "thinking",
  text: string,
): ReplyDraft {
  const known = reply?.turn === turn ? reply : { turn, text: "", thinking: "" }
  return { ...known, [kind]: (known[kind] + text).slice(-longestText) }
}

function addToolOutput(tools: ToolDraft[], toolUseId: string, text: string, now: number): ToolDraft[] {
  const known = tools.find((tool) => tool.toolUseId === toolUseId)
  if (!known) return [...tools, { toolUseId, name: "", input: {}, output: tail(text), startedAt: now }]
  return tools.map((tool) => (tool === known ? { ...tool, output: tail(tool.output + text) } : tool))
}

/** A reply the provider broke off is asked for again from its beginning. */
function withoutWords(session: SessionDrafts): SessionDrafts {
  return withoutReply(session, Number.POSITIVE_INFINITY)
}

function withoutReply(session: SessionDrafts, turn: number): SessionDrafts {
  if (!session.reply || session.reply.turn > turn) return session
  const { reply: _, ...rest } = session
  return rest
}

function put<D extends { index: number }>(items: readonly D[], item: D): D[] {
  return [...items.filter((known) => known.index !== item.index), item].sort((a, b) => a.index - b.index)
}

function without<V>(record: Readonly<Record<string, V>>, key: string): Record<string, V> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
}

function tail(text: string): string {
  return text.length > longestOutput ? text.slice(-longestOutput) : text
}
