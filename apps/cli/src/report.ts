/** What a run looks like in a terminal: one calm line per fact, or one JSON event per line. */
import { type AuraEvent, describeDisk, type Entry, type LiveEvent } from "@aura/core"

export type Reporter = { event(event: AuraEvent | LiveEvent): void; end(): void }

export function createReporter(options: { json: boolean }): Reporter {
  if (options.json)
    return { event: (event) => void process.stdout.write(`${JSON.stringify(event)}\n`), end: () => undefined }
  const isTerminal = process.stdout.isTTY
  const dim = (text: string) => (isTerminal ? `\u001b[2m${text}\u001b[22m` : text)
  const say = (text: string) => process.stdout.write(`${text}\n`)
  return {
    event(event) {
      if (event.type === "disk.changed") say(describeDisk(event.isFull))
      if (!("seq" in event)) return
      for (const line of toLines(event, dim)) say(line)
    },
    end: () => undefined,
  }
}

const planning = {
  specs: "Writing specs…",
  tasks: "Extracting tasks…",
  spec: "Writing a spec anew…",
  look_over: "Looking the document over…",
} as const

function toLines(event: AuraEvent, dim: (text: string) => string): string[] {
  const { rows } = event
  switch (event.type) {
    case "plan.started":
      return (rows.plans ?? []).filter((plan) => plan.sessionId === null).map((plan) => planning[plan.step])
    case "specs.generated":
      return (rows.specs ?? []).map((spec) => `  ${spec.order}. ${spec.title}`)
    case "tasks.extracted":
      return (rows.tasks ?? []).map((task) => `  ${task.order}. ${task.title} ${dim(task.status)}`)
    case "task.started":
      return (rows.tasks ?? []).map(
        (task) => `\n▸ ${task.title}${task.attempts > 1 ? ` (attempt ${task.attempts})` : ""}`,
      )
    case "task.finished":
      return (rows.tasks ?? [])
        .filter((task) => task.finishedAt && task.status !== "ready")
        .map((task) =>
          task.status === "done"
            ? `  done ${dim(task.commit?.slice(0, 10) ?? "")}`
            : `  ${task.status}: ${task.failure ?? ""}`,
        )
    case "session.rolled_over":
      return [dim("  — context full: going on in a fresh session —")]
    case "entry.added":
    case "check.finished":
      return (rows.entries ?? []).flatMap((entry) => toEntryLine(entry, dim))
    case "plan.updated":
    case "loop.updated":
      return [...(rows.plans ?? []), ...(rows.loops ?? [])].flatMap(({ waiting }) =>
        waiting ? [dim(`  waiting: ${waiting.reason} (until ${waiting.until})`)] : [],
      )
    default:
      return []
  }
}

function toEntryLine(entry: Entry, dim: (text: string) => string): string[] {
  switch (entry.kind) {
    case "tool": {
      const { path, command, pattern } = entry.input
      const what = [path, command, pattern].find((value) => typeof value === "string") ?? ""
      const how = entry.isError ? " ✗" : ""
      return [
        dim(
          `  ${entry.name} ${typeof what === "string" ? (what.split("\n")[0]?.slice(0, 90) ?? "") : ""}${how}`,
        ),
      ]
    }
    case "check":
      return [
        `  ${entry.check.passed ? "passed" : "failed"}  ${entry.check.command} ${dim(`${(entry.check.durationMs / 1000).toFixed(1)} s`)}`,
      ]
    case "note":
      return [dim(`  ${entry.text}`)]
    default:
      return []
  }
}
