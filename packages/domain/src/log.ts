/** The log: stored events in a few words each. */
import type { AuraEvent, LogLine } from "@aura/core"
import type { Aura } from "./aura.ts"

const usual = 200

export async function list(
  aura: Aura,
  query: { after?: number | undefined; limit?: number | undefined; project?: string | undefined },
): Promise<{ items: LogLine[]; head: number }> {
  const events = await aura.store.eventsAfter(query.after ?? 0, {
    limit: query.limit ?? usual,
    ...(query.project ? { projectId: query.project } : {}),
  })
  return { items: events.map(toLine), head: aura.store.head }
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
