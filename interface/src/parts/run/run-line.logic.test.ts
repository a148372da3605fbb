import { noUsage, type Task } from "@aura/core"
import { expect, it } from "vitest"
import { toRunLine } from "./run-line.logic.ts"

const project = (costUsd: number, more: { budgetUsd?: number; rehearsal?: boolean } = {}) => ({
  usage: { ...noUsage, costUsd },
  rehearsal: false,
  budgetUsd: null,
  ...more,
})
const nothing = { board: undefined, projection: undefined, project: project(0) }
const task = (status: Task["status"]) => ({ status })

it("tells tasks, requirements, what is left and what was spent", () => {
  const range = (expected: number) => ({ low: expected / 2, expected, high: expected * 2 })
  const remaining = { costUsd: range(1.1), minutes: range(40) }
  const projection = {
    spentUsd: 2.31,
    remaining,
    total: remaining,
    tasks: [{ taskId: "t", ...remaining }],
    learnedFrom: { here: 1, elsewhere: 0 },
    requirements: [],
  }
  expect(
    toRunLine({
      tasks: [task("done"), task("in_progress")],
      board: { total: 16, text: "9 of 16 proven, 1 waived" },
      projection,
      project: project(2.31, { budgetUsd: 20 }),
    }),
  ).toEqual([
    "1 of 2 tasks done",
    "requirements: 9 of 16 proven, 1 waived",
    "1 task to go, about $1.10 ($0.55–$2.20), in about 40 min (20 min–80 min) of work",
    "$2.31 spent of $20.00",
  ])
})

it("leaves out what is not known, and says nothing before there are tasks", () => {
  expect(toRunLine({ ...nothing, tasks: [task("ready")] })).toEqual(["0 of 1 tasks done", "$0.00 spent"])
  expect(toRunLine({ ...nothing, tasks: [] })).toEqual([])
})

it("counts no simulated cost of a rehearsal", () => {
  const rehearsal = { ...nothing, project: project(0.48, { rehearsal: true }), tasks: [task("done")] }
  expect(toRunLine(rehearsal).at(-1)).toBe("rehearsal, costs nothing")
})
