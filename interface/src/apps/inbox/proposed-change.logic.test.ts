import { expect, it } from "vitest"
import { toFields } from "./proposed-change.logic.ts"

it("a proposed change shows the fields that differ, what counts as proof first", () => {
  const before = { title: "Make a", description: "Same.", checks: ["npm test", "test -s a"] }
  const after = { title: "Make b", description: "Same.", checks: ["true"] }
  expect(toFields({ of: "task", id: "t", title: "Make a", before, after })).toEqual([
    { name: "Checks", before: "npm test\ntest -s a", after: "true" },
    { name: "Title", before: "Make a", after: "Make b" },
  ])
})
