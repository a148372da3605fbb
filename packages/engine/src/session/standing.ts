/** Where an attempt stands when it is taken up again, read off its entries. */
import type { Entry, Task } from "@aura/core"
import { type Aura, sessions } from "@aura/domain"
import type { Journal } from "./journal.ts"

/** True when this attempt's brief stands in the open session: it goes on there after a stop or crash. */
export function isUnderWay(journal: Journal, task: Task): boolean {
  const last = journal.entries.findLast((entry) => entry.kind === "prompt" && entry.about === "task")
  if (last?.kind !== "prompt" || last.taskId !== task.id) return false
  // A task that was retried by hand counts its attempts anew: of an old attempt, nothing goes on.
  if (!task.baseTree) return lastDeed(journal.entries) === last && isFirstPart(last.text, task)
  return last.text.includes(attemptLine(task))
}

/** True for the brief that begins an attempt. */
function isFirstPart(text: string, task: Task): boolean {
  return new RegExp(`^${attemptLine(task)}1$`, "m").test(text)
}

/** What stands at the end, notes for people aside. */
function lastDeed(entries: readonly Entry[]): Entry | undefined {
  return entries.findLast((entry) => entry.kind !== "note")
}

const attemptLine = (task: Task) => `Attempt ${task.attempts}, part `

/** The newest part of this attempt. Over all sessions: after a rotation the new one may hold nothing yet. */
export async function countParts(aura: Aura, task: Task): Promise<number> {
  const entries = await sessions.entriesOfTask(aura, task.id)
  if (!task.baseTree) {
    const last = lastDeed(entries)
    return last?.kind === "prompt" && isFirstPart(last.text, task) ? 1 : 0
  }
  const last = entries.findLast((entry) => entry.kind === "prompt" && entry.about === "task")
  const found = last?.kind === "prompt" ? new RegExp(`${attemptLine(task)}(\\d+)`).exec(last.text) : null
  return Number(found?.[1] ?? 0)
}

/** A session that was opened by a rotation and was told nothing yet begins with what was carried. */
export async function carryFrom(aura: Aura, journal: Journal): Promise<string | undefined> {
  const { previousId } = journal.session
  if (previousId === null || journal.entries.some((entry) => entry.kind === "prompt")) return undefined
  return (await aura.store.get("sessions", previousId))?.summary ?? undefined
}

export const waitsForAnswer = "It waits for your answer to what it asked."

/** The reason, when the task was given up with the last word of the session. */
export function findBlocked(entries: readonly Entry[], task: Task): string | undefined {
  const last = lastDeed(entries)
  if (last?.kind !== "tool" || last.isError || last.taskId !== task.id) return undefined
  if (last.name === "ask_permission") return waitsForAnswer
  return last.name === "task_blocked" && typeof last.input.reason === "string" ? last.input.reason : undefined
}

/**
 * How often the session's task was told to go on since it last did something.
 * @param isOther true for a nudge of another kind
 */
export function countNudges(entries: readonly Entry[], isOther: (text: string) => boolean): number {
  const begin = entries.findLastIndex(
    (entry) => entry.kind === "tool" || (entry.kind === "prompt" && entry.about === "task"),
  )
  return entries
    .slice(begin + 1)
    .filter((entry) => entry.kind === "prompt" && entry.about === "nudge" && !isOther(entry.text)).length
}

/** What happened in this attempt, over all its sessions: a rotation is no new beginning. */
export async function entriesOfAttempt(aura: Aura, task: Task): Promise<Entry[]> {
  const entries = await sessions.entriesOfTask(aura, task.id)
  const start = entries.findLastIndex(
    (entry) => entry.kind === "prompt" && entry.about === "task" && isFirstPart(entry.text, task),
  )
  return entries.slice(Math.max(0, start))
}
