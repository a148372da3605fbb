import { describe, expect, it } from "vitest"
import {
  findHolding,
  findUncovered,
  followersOf,
  parseStatus,
  parseTaskSearch,
  toTallies,
  whyNothingToStart,
  workedMs,
} from "./tasks.logic.ts"

const of = (...statuses: ("pending" | "ready" | "done" | "failed" | "in_progress")[]) =>
  statuses.map((status) => ({ status }))

describe("a list of tasks", () => {
  it("counts the statuses that occur in the order of a task's life", () => {
    expect(toTallies(of("done", "ready", "done"))).toEqual([
      { status: "ready", count: 1 },
      { status: "done", count: 2 },
    ])
  })

  it("is filtered only by a status that exists", () => {
    expect(parseStatus("failed")).toBe("failed")
    expect(parseStatus("great")).toBeUndefined()
  })

  it("says why there is nothing to start", () => {
    expect(whyNothingToStart([])).toMatch(/no tasks/)
    expect(whyNothingToStart(of("done"))).toMatch(/done/)
    expect(whyNothingToStart(of("failed", "pending"))).toMatch(/Retry/)
    expect(whyNothingToStart(of("failed", "ready"))).toBeUndefined()
  })
})

describe("a task", () => {
  it("waits for those it depends on until they are done", () => {
    const byId = new Map([
      ["a", { id: "a", status: "done" as const }],
      ["b", { id: "b", status: "ready" as const }],
    ])
    expect(findHolding({ dependsOn: ["a", "b", "gone"] }, byId).map((task) => task.id)).toEqual(["b"])
  })

  it("takes the time from its start to its end, or to now", () => {
    const startedAt = "2030-01-01T10:00:00Z"
    const now = Date.parse("2030-01-01T10:00:30Z")
    expect(workedMs({ status: "in_progress", startedAt }, now)).toBe(30_000)
    expect(workedMs({ status: "done", startedAt, finishedAt: "2030-01-01T10:00:10Z" }, now)).toBe(10_000)
    expect(workedMs({ status: "ready", startedAt }, now)).toBeUndefined()
    expect(workedMs({ status: "pending" }, now)).toBeUndefined()
  })
})

describe("changing the plan", () => {
  it("knows what waits for a task, through others too", () => {
    const tasks = [
      { id: "a", dependsOn: [] },
      { id: "b", dependsOn: ["a"] },
      { id: "c", dependsOn: ["b"] },
      { id: "d", dependsOn: [] },
    ]
    expect([...followersOf("a", tasks)].toSorted()).toEqual(["b", "c"])
  })

  it("names the requirements that are in no task", () => {
    expect(findUncovered([{ id: "R1" }, { id: "R2" }], [{ requirementIds: ["R2"] }])).toEqual(["R1"])
  })

  it("keeps view and filter in the address, the list being the usual view", () => {
    expect(parseTaskSearch({ view: "graph", status: "ready" })).toEqual({ view: "graph", status: "ready" })
    expect(parseTaskSearch({ view: "list", status: "odd" })).toEqual({})
  })
})
