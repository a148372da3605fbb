/** Everything that can happen: stored facts with a number, and live events without one. */
import type { Keys, Rows } from "./tables.ts"

export const eventTypes = [
  "project.created",
  "project.updated",
  "project.removed",
  "requirements.saved",
  "requirement.waived",
  "plan.started",
  "plan.updated",
  "plan.failed",
  "plan.stopped",
  "specs.generated",
  "spec.saved",
  "spec.proposed",
  "tasks.extracted",
  "task.created",
  "task.updated",
  "task.removed",
  "task.ready",
  "task.started",
  "task.finished",
  "task.released",
  "held_out.stored",
  "held_out.ran",
  "product.proven",
  "product.failed",
  "entry.added",
  "check.finished",
  "commit.made",
  "comment.added",
  "comment.removed",
  "snapshot.taken",
  "snapshot.removed",
  "snapshot.restored",
  "ask.opened",
  "ask.answered",
  "level.changed",
  "session.started",
  "session.rolled_over",
  "session.finished",
  "loop.started",
  "loop.updated",
  "loop.paused",
  "loop.resumed",
  "loop.finished",
  "budget.reached",
  "agent.saved",
  "agent.removed",
  "instance.saved",
  "instance.removed",
  "settings.saved",
  "user.saved",
  "login.saved",
  "login.ended",
] as const

export type EventType = (typeof eventTypes)[number]

/**
 * A stored fact. `rows` are the rows as they are after it; `removed` the ids that are gone. A newer Aura may have
 * stored types and tables that are not known here: ignore them, or pass them on.
 */
export type AuraEvent = {
  seq: number
  at: string
  type: EventType
  projectId?: string
  rows: Rows
  removed?: Keys
  /** Tables among them whose rows never leave the server; an older Aura cannot know that of a new table. */
  private?: string[]
}

/** What is not saved: streaming text, which the finished entry or row replaces, and that commands began or ended. */
export type LiveEvent =
  | {
      type: "reply.delta"
      projectId: string
      sessionId: string
      taskId?: string
      turn: number
      kind: "text" | "thinking"
      text: string
    }
  | {
      type: "tool.started"
      projectId: string
      sessionId: string
      taskId?: string
      toolUseId: string
      name: string
      input: Record<string, unknown>
    }
  | {
      type: "tool.output"
      projectId: string
      sessionId: string
      taskId?: string
      toolUseId: string
      text: string
    }
  | {
      type: "check.started"
      projectId: string
      sessionId: string
      taskId: string
      command: string
      round: number
    }
  | {
      type: "check.output"
      projectId: string
      sessionId: string
      taskId: string
      command: string
      text: string
    }
  | {
      type: "spec.draft"
      projectId: string
      planId: string
      index: number
      title: string
      markdown: string
    }
  | {
      type: "task.draft"
      projectId: string
      planId: string
      index: number
      title: string
    }
  /** What `listCommands` says is not what it was. */
  | { type: "commands.changed"; projectId: string }
  /** What is written waits for room on a disk of Aura's, or goes on. */
  | { type: "disk.changed"; isFull: boolean; projectId?: never }
  /** The stored events up to this one, which were asked for, are compacted: load the rows anew, then go on from here. */
  | { type: "events.compacted"; upTo: number; projectId?: never }

export function isStored(event: AuraEvent | LiveEvent): event is AuraEvent {
  return "seq" in event
}

export function describeDisk(isFull: boolean): string {
  return isFull
    ? "The disk is full. Work waits until there is room."
    : "There is room on the disk again. Work goes on."
}
