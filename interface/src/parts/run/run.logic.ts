/** What the run is doing, in a sentence, and which controls are true right now. Pure. */
import type { Loop, Plan, Session, Task } from "@aura/core"
import type { StateTone } from "../../components/StateDot.tsx"
import type { AtWork, Item } from "../../components/timeline.logic.ts"
import { describeCall } from "../../components/tool-call.logic.ts"
import { whyNothingToStart } from "../task/tasks.logic.ts"

export type Control = "start" | "pause" | "resume" | "stop"
/** `pending`: asked for, not yet confirmed by the server. */
export type Controls = Partial<Record<Control, "offered" | "pending">>

export type Part = { kind: "text" | "name" | "code" | "task"; text: string }
export type Now = {
  tone: StateTone
  parts: Part[]
  /** What exactly runs at this moment. */
  detail: string | undefined
  /** Since when the elapsed time counts, in milliseconds. */
  since: number | undefined
}

export function toControls(loop: Loop | undefined): Controls {
  switch (loop?.status) {
    case undefined:
    case "finished":
      return { start: "offered" }
    case "running":
      return { pause: "offered", stop: "offered" }
    case "pausing":
      return { pause: "pending", stop: "offered" }
    case "paused":
      return { resume: "offered", stop: "offered" }
    case "stopping":
      return { stop: "pending" }
  }
}

/** Why the loop cannot be started, or undefined when it can. */
export function whyNoStart(
  tasks: readonly Pick<Task, "status">[],
  specs: number,
  plan: Plan | undefined,
): string | undefined {
  if (plan?.status === "running") return "Planning is under way."
  if (tasks.length > 0) return whyNothingToStart(tasks)
  return specs > 0 ? "Extract tasks from the specs first." : "Generate specs first, then extract tasks."
}

/** The session at work: that of the plan or of the loop, running or paused. */
export function findAtWork(loop: Loop | undefined, plan: Plan | undefined): AtWork | undefined {
  if (plan?.status === "running" && plan.sessionId) return { sessionId: plan.sessionId, state: "running" }
  if (!loop?.sessionId || loop.status === "finished") return undefined
  return { sessionId: loop.sessionId, state: loop.status === "paused" ? "waiting" : "running" }
}

/** The session on screen: the one at work, else the last one. */
export function findSession(
  sessions: readonly Session[],
  loop: Loop | undefined,
  plan: Plan | undefined,
): Session | undefined {
  const planning = plan?.status === "running" ? plan.sessionId : undefined
  const working = loop && loop.status !== "finished" ? loop.sessionId : undefined
  const wanted = planning ?? working
  return sessions.find((session) => session.id === wanted) ?? lastOf(sessions)
}

function lastOf(sessions: readonly Session[]): Session | undefined {
  return sessions.reduce<Session | undefined>(
    (last, session) => (!last || session.startedAt >= last.startedAt ? session : last),
    undefined,
  )
}

export type NowInput = {
  loop: Loop | undefined
  plan: Plan | undefined
  agent: string
  task: Pick<Task, "title" | "startedAt"> | undefined
  tasks: readonly Pick<Task, "status">[]
  items: readonly Item[]
}

export function toNow(input: NowInput): Now {
  const { loop, plan } = input
  if (plan?.status === "running") return planning(plan, input)
  if (plan && isFailure(plan, loop)) {
    const what = plan.status === "stopped" ? "Planning was stopped." : "Planning did not finish."
    return {
      ...still(plan.status === "stopped" ? "idle" : "bad", text(what)),
      detail: plan.reason ?? undefined,
    }
  }
  if (!loop) {
    const isReady = plan?.status === "finished" && input.tasks.length > 0
    return still("idle", text(isReady ? "The plan is ready." : "Nothing has run yet."))
  }
  if (loop.status === "finished") return ended(loop, input.tasks)
  const subject: Part[] = input.task ? [{ kind: "task", text: input.task.title }] : []
  const agent: Part = { kind: "name", text: input.agent }
  if (loop.status === "paused") {
    return still("warn", agent, text(subject.length ? "is paused at" : "is paused."), ...subject)
  }
  if (loop.waiting) {
    return { ...still("warn", agent, text("is waiting.")), detail: loop.waiting.reason }
  }
  const verb = phaseVerb(loop, subject.length > 0)
  const since = Date.parse(input.task?.startedAt ?? loop.startedAt)
  const tone = loop.status === "running" ? "working" : "warn"
  return { tone, parts: [agent, text(verb), ...subject], detail: findDetail(input.items), since }
}

/** True when the last thing that happened is a plan that came to nothing. */
function isFailure(plan: Plan, loop: Loop | undefined): boolean {
  const isNewest = !loop || plan.startedAt > loop.startedAt
  return isNewest && (plan.status === "failed" || plan.status === "stopped")
}

const planVerbs = {
  specs: "is writing the specs.",
  tasks: "is making tasks from the specs.",
  spec: "is writing a spec anew.",
  look_over: "is looking the document over.",
} as const

function planning(plan: Plan, input: NowInput): Now {
  if (plan.waiting)
    return {
      ...still("warn", { kind: "name", text: input.agent }, text("is waiting.")),
      detail: plan.waiting.reason,
    }
  return {
    tone: "working",
    parts: [{ kind: "name", text: input.agent }, text(planVerbs[plan.step])],
    detail: findDetail(input.items),
    since: Date.parse(plan.startedAt),
  }
}

function ended(loop: Loop, tasks: readonly Pick<Task, "status">[]): Now {
  const done = tasks.filter((task) => task.status === "done").length
  const share = `${done} of ${tasks.length} tasks are done.`
  switch (loop.outcome) {
    case "done":
      return still("ok", text(`Every task is done, each with checks that passed.`))
    case "unproven":
      return {
        ...still("warn", text("Every task is done, but not every requirement is proven.")),
        detail: reason(loop),
      }
    case "failed":
      return { ...still("bad", text(`The run ended and needs you: ${share}`)), detail: reason(loop) }
    case "budget":
      return { ...still("warn", text(`The budget is reached: ${share}`)), detail: reason(loop) }
    case "provider":
      return { ...still("bad", text(`The provider refuses: ${share}`)), detail: reason(loop) }
    case "refused":
      return { ...still("bad", text(`The folder cannot be worked in: ${share}`)), detail: reason(loop) }
    case "error":
      return { ...still("bad", text(`The run ended by a fault of Aura's: ${share}`)), detail: reason(loop) }
    default:
      return { ...still("idle", text(`Stopped: ${share}`)), detail: reason(loop) }
  }
}

function reason(loop: Loop): string | undefined {
  return loop.reason ?? undefined
}

function phaseVerb(loop: Loop, hasTask: boolean): string {
  if (loop.status === "pausing" && loop.asked === "pause_after_task")
    return hasTask ? "will pause once it has finished" : "is about to pause."
  if (loop.asked === "skip") return hasTask ? "is leaving" : "is choosing the next task."
  if (loop.status === "pausing") return hasTask ? "will pause after this step of" : "is about to pause."
  if (loop.status === "stopping") return hasTask ? "is stopping and releases" : "is stopping."
  switch (loop.phase) {
    case "claiming":
      return hasTask ? "begins" : "is choosing the next task."
    case "working":
      return hasTask ? "is working on" : "is at work."
    case "checking":
      return hasTask ? "is checking" : "is running checks."
    case "committing":
      return hasTask ? "is committing" : "is committing."
    case "handing_over":
      return hasTask ? "hands over to a fresh session, at" : "hands over to a fresh session."
    case "waiting":
      return hasTask ? "is waiting, at" : "is waiting."
  }
}

/** What runs or was said last, in a few words. */
function findDetail(items: readonly Item[]): string | undefined {
  const last = items.findLast(
    (item) =>
      ((item.kind === "tool" || item.kind === "check") && item.state === "running") ||
      ((item.kind === "text" || item.kind === "thinking") && item.live),
  )
  switch (last?.kind) {
    case "tool": {
      const line = describeCall(last.name, last.input)
      return `${line.verb} ${line.target}`.trim()
    }
    case "check":
      return last.command
    case "text":
      return "Writing"
    case "thinking":
      return "Thinking"
    default:
      return undefined
  }
}

function still(tone: StateTone, ...parts: Part[]): Now {
  return { tone, parts, detail: undefined, since: undefined }
}

function text(words: string): Part {
  return { kind: "text", text: words }
}
