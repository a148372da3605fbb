import { type Loop, noUsage, type Plan, type Session } from "@aura/core"
import { describe, expect, it } from "vitest"
import type { Item } from "../../components/timeline.logic.ts"
import { findAtWork, findSession, type NowInput, toControls, toNow, whyNoStart } from "./run.logic.ts"

const loop = (more: Partial<Loop> = {}): Loop => ({
  id: "loop_1",
  projectId: "p",
  instanceId: "i",
  status: "running",
  phase: "working",
  taskId: "t",
  sessionId: "s1",
  onlyTaskId: null,
  waiting: null,
  outcome: null,
  reason: null,
  startedAt: "2030-01-01T10:00:00Z",
  finishedAt: null,
  ...more,
})
const plan = (status: Plan["status"]): Plan => ({
  id: "plan_1",
  projectId: "p",
  step: "specs",
  status,
  sessionId: "s0",
  reason: null,
  outcome: null,
  waiting: null,
  startedAt: "2030-01-01T09:00:00Z",
  finishedAt: null,
})
const session = (id: string, startedAt: string): Session => ({
  id,
  projectId: "p",
  instanceId: "i",
  kind: "work",
  number: 1,
  status: "active",
  model: "m",
  contextTokens: 0,
  contextWindow: 200_000,
  contextUsage: 0,
  rotateAt: 0.5,
  turns: 0,
  usage: noUsage,
  summary: null,
  handOff: null,
  previousId: null,
  startedAt,
  finishedAt: null,
})

describe("the controls of the loop", () => {
  it("offer what is possible and show what is asked for as pending", () => {
    expect(toControls(undefined)).toEqual({ start: "offered" })
    expect(toControls(loop())).toEqual({ pause: "offered", stop: "offered" })
    expect(toControls(loop({ status: "pausing" }))).toEqual({ pause: "pending", stop: "offered" })
    expect(toControls(loop({ status: "paused" }))).toEqual({ resume: "offered", stop: "offered" })
    expect(toControls(loop({ status: "stopping" }))).toEqual({ stop: "pending" })
    expect(toControls(loop({ status: "finished" }))).toEqual({ start: "offered" })
  })

  it("say what comes first when there is nothing to start", () => {
    expect(whyNoStart([], 0, undefined)).toMatch(/Generate specs/)
    expect(whyNoStart([], 2, undefined)).toMatch(/Extract tasks/)
    expect(whyNoStart([{ status: "ready" }], 2, plan("running"))).toMatch(/Planning/)
    expect(whyNoStart([{ status: "ready" }], 2, plan("finished"))).toBeUndefined()
  })
})

describe("the session on screen", () => {
  const sessions = [session("s0", "1"), session("s1", "2"), session("s2", "3")]
  it("is the one at work, else the last", () => {
    expect(findSession(sessions, loop(), undefined)?.id).toBe("s1")
    expect(findSession(sessions, loop(), plan("running"))?.id).toBe("s0")
    expect(findSession(sessions, loop({ status: "finished" }), undefined)?.id).toBe("s2")
    expect(findSession([], undefined, undefined)).toBeUndefined()
  })
})

describe("where work goes on", () => {
  it("is the session of the plan or the loop, held up by a pause, and nowhere after the end", () => {
    expect(findAtWork(loop(), undefined)).toEqual({ sessionId: "s1", state: "running" })
    expect(findAtWork(loop({ status: "paused" }), undefined)?.state).toBe("waiting")
    expect(findAtWork(loop(), plan("running"))?.sessionId).toBe("s0")
    expect(findAtWork(loop({ status: "finished" }), plan("finished"))).toBeUndefined()
  })
})

describe("the now line", () => {
  const sentence = (more: Partial<NowInput>) => {
    const now = toNow({
      loop: loop(),
      plan: undefined,
      agent: "Builder",
      task: { title: "Parse flags", startedAt: "2030-01-01T10:05:00Z" },
      tasks: [{ status: "done" }, { status: "failed" }],
      items: [],
      ...more,
    })
    return { ...now, sentence: now.parts.map((part) => part.text).join(" ") }
  }

  it("names the agent, the task, the phase and what runs", () => {
    const items: Item[] = [
      {
        kind: "tool",
        key: "k",
        toolUseId: "t1",
        name: "run_command",
        input: { command: "npm test" },
        state: "running",
        output: "",
      },
    ]
    expect(sentence({ items })).toMatchObject({
      tone: "working",
      sentence: "Builder is working on Parse flags",
      detail: "Run npm test",
      since: Date.parse("2030-01-01T10:05:00Z"),
    })
    expect(sentence({ loop: loop({ phase: "checking" }) }).sentence).toBe("Builder is checking Parse flags")
  })

  it("says why nothing moves", () => {
    const waiting = { reason: "Claude is overloaded", until: "2030-01-01T11:00:00Z" }
    expect(sentence({ plan: { ...plan("running"), waiting } })).toMatchObject({
      sentence: "Builder is waiting.",
      detail: "Claude is overloaded",
    })
    expect(sentence({ loop: loop({ waiting }) })).toMatchObject({
      tone: "warn",
      detail: "Claude is overloaded",
    })
    expect(sentence({ loop: loop({ status: "paused" }) }).sentence).toBe("Builder is paused at Parse flags")
  })

  it("tells how the run ended", () => {
    const finished = (outcome: NonNullable<Loop["outcome"]>, reason: string | null = null) =>
      sentence({ loop: loop({ status: "finished", outcome, reason }) })
    expect(finished("done")).toMatchObject({ tone: "ok", since: undefined })
    expect(finished("failed", "1 task failed").detail).toBe("1 task failed")
    expect(finished("budget").sentence).toBe("The budget is reached: 1 of 2 tasks are done.")
  })

  it("speaks of planning while that is under way, and of nothing before anything ran", () => {
    expect(sentence({ plan: plan("running") }).sentence).toBe("Builder is writing the specs.")
    expect(sentence({ loop: undefined }).sentence).toBe("Nothing has run yet.")
  })

  it("says why planning came to nothing, until a run is newer", () => {
    const failed = { ...plan("failed"), reason: "There is no API key." }
    expect(sentence({ loop: undefined, plan: failed })).toMatchObject({
      tone: "bad",
      sentence: "Planning did not finish.",
      detail: "There is no API key.",
    })
    expect(sentence({ plan: failed }).sentence).toBe("Builder is working on Parse flags")
  })
})
