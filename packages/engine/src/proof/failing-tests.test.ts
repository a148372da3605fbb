import { describe, expect, it } from "vitest"
import { findFailingTests, findNewFailures } from "./failing-tests.ts"

describe("failing tests", () => {
  it.each([
    ["node --test", "not ok 2 - adds numbers\n  ---", ["adds numbers"]],
    ["node's spec reporter", "  ✖ adds numbers (1.2ms)", ["adds numbers"]],
    ["pytest", "FAILED tests/test_a.py::test_add - assert 1 == 2", ["tests/test_a.py::test_add"]],
    ["go", "--- FAIL: TestAdd (0.00s)", ["TestAdd"]],
    ["cargo", "test math::adds ... FAILED", ["math::adds"]],
    ["vitest", "   × adds numbers 3ms", ["adds numbers"]],
    ["unittest", "FAIL: test_add (test_a.T)", ["test_add (test_a.T)"]],
  ])("are read off the output of %s", (_, output, names) => {
    expect([...findFailingTests(output)]).toEqual(names)
  })

  it("that failed before are no new ones", () => {
    expect(findNewFailures("not ok 1 - a", "not ok 1 - a\nnot ok 2 - b")).toEqual(["b"])
    expect(findNewFailures("not ok 1 - a\nnot ok 2 - b", "not ok 1 - a")).toEqual([])
  })

  it("cannot be told where the outputs say nothing and differ", () => {
    expect(findNewFailures("broken after 12 ms", "broken after 15 ms")).toEqual([])
    expect(findNewFailures("cannot find module x", "segmentation fault")).toBeUndefined()
  })
})
