import type { Loop, Plan } from "@aura/core"
import { describe, expect, it } from "vitest"
import { newest, toProjectState } from "./project-state.logic.ts"

const active = { status: "active" as const }
const loop = (more: Partial<Loop>): Loop => ({
  id: "loop_1",
  projectId: "p",
  instanceId: "i",
  status: "running",
  phase: "working",
  taskId: null,
  sessionId: null,
  onlyTaskId: null,
  waiting: null,
  outcome: null,
  reason: null,
  startedAt: "2030-01-01T10:00:00Z",
  finishedAt: null,
  ...more,
})
const plan = (status: Plan["status"], startedAt: string): Plan => ({
  id: "plan_1",
  projectId: "p",
  step: "specs",
  status,
  sessionId: null,
  reason: null,
  outcome: null,
  waiting: null,
  startedAt,
  finishedAt: null,
})

describe("the state of a project", () => {
  it("is its loop's, in a word", () => {
    expect(toProjectState(active, undefined, undefined).word).toBe("New")
    expect(toProjectState(active, loop({}), undefined)).toEqual({ tone: "working", word: "Running" })
    const waiting = { reason: "overloaded", until: "2030-01-01T11:00:00Z" }
    expect(toProjectState(active, loop({ waiting }), undefined).word).toBe("Waiting")
    expect(toProjectState(active, loop({ status: "finished", outcome: "failed" }), undefined)).toEqual({
      tone: "bad",
      word: "Needs you",
    })
  })

  it("is planning's when that is newer", () => {
    const later = "2030-01-01T12:00:00Z"
    const finished = loop({ status: "finished", outcome: "done" })
    expect(toProjectState(active, finished, undefined, { hasStuckTask: true })).toEqual({
      tone: "bad",
      word: "Needs you",
    })
    expect(toProjectState(active, finished, plan("running", later)).word).toBe("Planning")
    expect(toProjectState(active, finished, plan("failed", later)).word).toBe("Planning failed")
    expect(toProjectState(active, finished, plan("failed", "2030-01-01T09:00:00Z")).word).toBe("Done")
  })

  it("is not done while a task is open or a requirement unproven, and done once they are", () => {
    const ended = (outcome: "done" | "unproven") => loop({ status: "finished", outcome })
    const word = (outcome: "done" | "unproven", tasksLeft: number, requirementsLeft: number) =>
      toProjectState(active, ended(outcome), undefined, { tasksLeft, requirementsLeft }).word
    expect(word("done", 1, 0)).toBe("Not finished")
    expect(word("done", 0, 1)).toBe("Not all proven")
    expect(word("done", 0, 0)).toBe("Done")
    expect(word("unproven", 0, 2)).toBe("Not all proven")
    expect(word("unproven", 0, 0)).toBe("Done")
    expect(toProjectState(active, ended("unproven"), undefined).word).toBe("Not all proven")
  })

  it("is archived whatever else happened", () => {
    expect(toProjectState({ status: "archived" }, loop({}), undefined).word).toBe("Archived")
  })

  it("comes from the row that began last", () => {
    const rows = [loop({ id: "a", startedAt: "2" }), loop({ id: "b", startedAt: "1" })]
    expect(newest(rows)?.id).toBe("a")
    expect(newest([])).toBeUndefined()
  })
})
