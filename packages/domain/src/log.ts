/** The log: stored events in a few words each. */
import type { AuraEvent, LogLine } from "@aura/core"
import type { Aura } from "./aura.ts"

const usual = 200

export async function list(
  aura: Aura,
  query: { after?: number | undefined; limit?: number | undefined; project?: string | undefined },
): Promise<{ items: LogLine[]; head: number }> {
  const events = await aura.store.eventsAfter(Math.max(query.after ?? 0, aura.store.sealed), {
    limit: query.limit ?? usual,
    ...(query.project ? { projectId: query.project } : {}),
  })
  return { items: events.map(toLine), head: aura.store.head }
}

type Filter = { project?: string | undefined; kind?: string | undefined; problems?: "true" | undefined }

/** So many events are looked through for one answer; what is further back comes with the next page. */
const window = 1_000
const maxWindows = 20

/** Events that fit, newest first. `next` is the `before` of the next page. */
export async function search(
  aura: Aura,
  query: Filter & { before?: number | undefined; limit?: number | undefined },
): Promise<{ items: LogLine[]; next: number | null }> {
  const limit = query.limit ?? usual
  const items: LogLine[] = []
  let before = Math.min(query.before ?? Number.POSITIVE_INFINITY, aura.store.head + 1)
  const { sealed } = aura.store
  for (let n = 0; n < maxWindows && before > sealed + 1; n++) {
    const after = Math.max(sealed, before - 1 - window)
    const events = await aura.store.eventsAfter(after, { limit: before - 1 - after })
    for (const event of events.toReversed()) {
      if (!fits(event, query)) continue
      items.push(toLine(event))
      if (items.length === limit) return { items, next: event.seq > sealed + 1 ? event.seq : null }
    }
    before = after + 1
  }
  return { items, next: before > sealed + 1 ? before : null }
}

function fits(event: AuraEvent, { project, kind, problems }: Filter): boolean {
  if (project !== undefined && event.projectId !== project) return false
  if (kind !== undefined && event.type.split(".")[0] !== kind) return false
  return problems === undefined || isProblem(event)
}

/** Whether it tells of something that went wrong. */
function isProblem({ type, rows }: AuraEvent): boolean {
  if (type === "plan.failed" || type === "budget.reached") return true
  const entry = rows.entries?.[0]
  if (entry?.kind === "check") return !entry.check.passed
  if (entry?.kind === "tool") return entry.isError
  if (entry?.kind === "note") return entry.level !== "info"
  if (type === "loop.finished")
    return rows.loops?.some((loop) => loop.outcome !== "done" && loop.outcome !== "stopped") ?? false
  return (
    type === "task.finished" &&
    (rows.tasks?.some((task) => task.status === "failed" || task.status === "blocked") ?? false)
  )
}

function toLine(event: AuraEvent): LogLine {
  return {
    seq: event.seq,
    at: event.at,
    type: event.type,
    projectId: event.projectId ?? null,
    text: describe(event).slice(0, 300),
  }
}

/** What tells most about an event: the words of its entry, else the name of what it changed. */
function describe({ rows, removed }: AuraEvent): string {
  const entry = rows.entries?.[0]
  if (entry?.withheld) return `${entry.kind} about held-out checks`
  if (entry) {
    switch (entry.kind) {
      case "prompt":
      case "note":
      case "hand_off":
        return `${entry.kind.replace("_", "-")}: ${firstLine(entry.text)}`
      case "reply": {
        const said = entry.blocks.find((block) => block.type === "text")
        const calls = entry.blocks.flatMap((block) => (block.type === "tool_use" ? [block.name] : []))
        return `reply: ${[said ? firstLine(said.text) : "", calls.join(", ")].filter(Boolean).join(" · ")}`
      }
      case "check":
        return `check ${entry.check.passed ? "passed" : "failed"}: ${entry.check.command}`
      case "tool":
      case "intent":
        return `${entry.kind}: ${entry.name}`
    }
  }
  const task = rows.tasks?.[0]
  if (task) return rows.tasks?.length === 1 ? `${task.title} (${task.status})` : `${rows.tasks?.length} tasks`
  const comment = rows.comments?.[0]
  if (comment) return firstLine(comment.text)
  const snapshot = rows.snapshots?.[0]
  if (snapshot) return snapshot.why
  const loop = rows.loops?.[0]
  if (loop) return [loop.status, loop.reason ?? loop.phase].join(" · ")
  const spec = rows.specs?.[0]
  if (spec) return rows.specs?.length === 1 ? spec.title : `${rows.specs?.length} specs`
  const session = rows.sessions?.[0]
  if (session) return `session ${session.number} (${session.status})`
  const named = rows.projects?.[0] ?? rows.agents?.[0] ?? rows.instances?.[0]
  if (named) return named.name
  return Object.entries(removed ?? {})
    .map(([table, ids]) => `${ids.length} ${table} removed`)
    .join(", ")
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? ""
}
