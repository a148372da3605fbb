import type { Replan } from "@aura/core"
import { expect, it } from "vitest"
import { changesPlan, describeProjection } from "./replan.logic.ts"

const plan: Replan = {
  basedOn: 1,
  kept: [{ id: "t", title: "T" }],
  reopened: [],
  closed: [],
  planned: [],
  leftOut: [],
  doubts: [],
  projection: { tasks: 0, costUsd: 0, leftUsd: null, fits: true },
}

it("shows only plans that change, or that a person has to decide about", () => {
  expect(changesPlan(plan)).toBe(false)
  expect(changesPlan({ ...plan, planned: [{ requirementId: "R2", text: "x" }] })).toBe(true)
  expect(changesPlan({ ...plan, doubts: [{ requirementId: "R2", text: "x", of: "R1", before: "y" }] })).toBe(
    true,
  )
})

it("says how many tasks, for how much, and what is left", () => {
  const projection = { tasks: 2, costUsd: 4, leftUsd: 3.5, fits: false }
  expect(describeProjection({ ...plan, projection })).toBe(
    "2 tasks for about $4.00; $3.50 of the budget are left.",
  )
  expect(describeProjection({ ...plan, projection: { ...projection, costUsd: null, leftUsd: null } })).toBe(
    "2 tasks at a price nobody knows yet.",
  )
})
