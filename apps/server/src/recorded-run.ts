/** A recorded run: the input of a replay, and the result it is compared with. */

import {
  type Ask,
  AuraError,
  type Client,
  type Loop,
  type Project,
  type Session,
  type Task,
} from "@aura/core"
import { type RecordedSession, type RecordedTurn, recordTurns } from "@aura/model"

export type RecordedAnswer = { question: string; isAllowed: boolean; reason: string | null }

export type RecordedRun = {
  project: Project
  /** The requirements the plan was made from. */
  markdown: string
  tasks: Task[]
  turns: readonly RecordedTurn[]
  /** How its newest loop ended; null = there was none. */
  loop: Loop | null
  /** Why its newest plan failed; null = it did not. */
  planEnding: string | null
  /** What people answered to asks, oldest first. */
  answers: RecordedAnswer[]
  /** Which sessions proved it besides its checks. */
  proofs: Pick<Project, "heldOut" | "productProof" | "review">
  /** What the sessions were opened with. */
  model: string | null
  contextWindow: number | null
  rotateAt: number | null
  /** What a replay cannot reproduce, in sentences. */
  warnings: string[]
}

/** @throws AuraError `bad_request` when it cannot be told as one story, `not_found` */
export async function readRun(client: Client, projectId: string): Promise<RecordedRun> {
  const params = { p: projectId }
  const project = await client.call("getProject", { params })
  const { markdown } = await client.call("getRequirements", { params })
  const { items: plans } = await client.call("listPlans", { params })
  const tasks = await readPages((query) => client.call("listTasks", { params, query }))
  const instances = await readPages((query) => client.call("listInstances", { params, query }))
  const sessions: RecordedSession[] = []
  const agents = new Set<string>()
  for (const { id } of instances) {
    for (const session of await readPages((query) =>
      client.call("listSessions", { params: { p: projectId, i: id }, query }),
    )) {
      const where = { p: projectId, i: id, s: session.id }
      const entries = await readPages((query) =>
        client.call("listEntries", { params: where, query: { ...query, withheld: "shown" } }),
      )
      sessions.push({ session, entries })
      if (session.kind === "work" && entries.some(({ kind }) => kind === "reply")) agents.add(id)
    }
  }
  if (agents.size > 1) {
    throw new AuraError(
      "bad_request",
      `This run cannot be recorded. ${agents.size} agents worked side by side, and who was first is chance.`,
    )
  }
  const { loop } = await client.call("getLoop", { params })
  const asks = await readPages((query) => client.call("listAsks", { query }))
  const opened = sessions.filter(({ session }) => session.kind !== "chat").map(({ session }) => session)
  const newest = opened.findLast(({ kind }) => kind === "work") ?? opened.at(-1)
  return {
    project,
    markdown: findDocument(sessions, plans.findLast(isKept)?.sessionId) ?? markdown,
    tasks,
    turns: recordTurns(sessions, plans),
    loop,
    planEnding: plans.at(-1)?.reason ?? null,
    answers: asks.flatMap((ask) => (ask.projectId === projectId ? toAnswer(ask) : [])).toReversed(),
    proofs: toProofs(project, sessions),
    model: newest?.model ?? null,
    contextWindow: newest?.contextWindow ?? null,
    rotateAt: newest?.rotateAt ?? null,
    warnings: toWarnings(sessions, tasks),
  }
}

/** What a person answered; an ask that expired was not answered. */
function toAnswer({ question, status, answer }: Ask): RecordedAnswer[] {
  if (status !== "allowed" && status !== "refused") return []
  return [{ question, isAllowed: status === "allowed", reason: answer?.reason ?? null }]
}

/** The settings as they were, whatever they are now: a session of each kind says that it was on. */
function toProofs(project: Project, sessions: readonly RecordedSession[]): RecordedRun["proofs"] {
  const was = (purpose: Session["purpose"]) => sessions.some(({ session }) => session.purpose === purpose)
  const isInsisted = project.heldOut === "on" || project.productProof === "on"
  return {
    heldOut: was("checks") ? (project.heldOut === "auto" ? "auto" : "on") : "off",
    productProof: was("product") ? (isInsisted || !was("checks") ? "on" : null) : "off",
    review: was("review") ? "on" : "off",
  }
}

const isKept = (plan: { step: string; status: string }) => plan.step === "specs" && plan.status === "finished"

/** The prompt for the specs holds the document as it was then. */
function findDocument(
  sessions: readonly RecordedSession[],
  planSessionId: string | null | undefined,
): string | undefined {
  const entries = sessions.find(({ session }) => session.id === planSessionId)?.entries ?? []
  const prompt = entries.find((entry) => entry.kind === "prompt")
  const text = prompt?.kind === "prompt" ? prompt.text : ""
  const [, rest] = split(text, text.indexOf("<document>\n"), "<document>\n".length)
  const [document] = split(rest, rest.lastIndexOf("\n</document>"), 0)
  return document || undefined
}

function split(text: string, at: number, skip: number): [string, string] {
  return at === -1 ? ["", ""] : [text.slice(0, at), text.slice(at + skip)]
}

function toWarnings(sessions: readonly RecordedSession[], tasks: readonly Task[]): string[] {
  const foreign = [...new Set(tasks.flatMap((task) => task.evidence?.foreignFiles ?? []))]
  const chatted = sessions
    .filter(({ session }) => session.kind === "chat")
    .flatMap(({ entries }) => entries)
    .some((entry) => entry.kind === "tool" && (entry.changes?.length ?? 0) > 0)
  const opened = sessions.filter(({ session }) => session.kind === "work").map(({ session }) => session)
  const settings = new Set(opened.map((session) => `${session.rotateAt} ${session.contextWindow}`))
  return [
    ...(foreign.length > 0
      ? [
          `Files of yours that were not committed lay in the folder; here they are missing: ${foreign.join(", ")}.`,
        ]
      : []),
    ...(chatted ? ["A chat changed files in the folder; that is no part of the replay."] : []),
    ...(settings.size > 1
      ? ["The size of a session was changed in the middle; the replay has the last one throughout."]
      : []),
  ]
}

type Page<T> = { items: T[]; next: string | null }

async function readPages<T>(
  read: (query: { limit: number; cursor?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await read({ limit: 1000, ...(cursor === null ? {} : { cursor }) })
    items.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  return items
}
