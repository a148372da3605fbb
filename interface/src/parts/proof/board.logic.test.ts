import { expect, it } from "vitest"
import { toBoard } from "./board.logic.ts"

const none = { proven: 0, unproven: 0, in_work: 0, broken: 0, waived: 0, closed: 0 }

it("is a bar of all states that the document's requirements are in, in a fixed order", () => {
  const { parts, total, text } = toBoard({
    counts: { ...none, unproven: 2, proven: 1, broken: 1, closed: 7 },
  })
  expect(parts).toEqual([
    { state: "proven", count: 1, share: 0.25 },
    { state: "unproven", count: 2, share: 0.5 },
    { state: "broken", count: 1, share: 0.25 },
  ])
  expect([total, text]).toEqual([4, "1 of 4 proven, 1 broken"])
})

it("is empty for a document without requirements", () => {
  expect(toBoard({ counts: { ...none, closed: 2 } })).toEqual({
    parts: [],
    total: 0,
    text: "No requirements",
  })
})
