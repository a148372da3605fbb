import { describe, expect, it } from "vitest"
import type { Item } from "../../components/timeline.logic.ts"
import { sortChecks, toFailingNames, toFixes } from "./failures.logic.ts"

describe("failing tests", () => {
  it("are found in what the usual runners print", () => {
    const printed = [
      "\u001b[31m✖ adds up (2.5ms)\u001b[39m",
      "✖ failing tests:",
      "✖ adds up (2.5ms)",
      "    not ok 3 - rounds # TODO later",
      "ok 4 - is fine",
      " FAIL  src/a.test.ts > sums",
      "FAILED tests/test_a.py::test_b - assert 1 == 2",
      "--- FAIL: TestSum (0.00s)",
      "test sum::works ... FAILED",
      "   × draws 12ms",
    ].join("\n")
    expect(toFailingNames(printed)).toEqual([
      "adds up",
      "rounds",
      "src/a.test.ts > sums",
      "tests/test_a.py::test_b",
      "TestSum",
      "sum::works",
      "draws",
    ])
  })

  it("come before all other checks", () => {
    const states = ["passed", "waiting", "failed", "running"] as const
    expect(sortChecks(states.map((state) => ({ state }))).map((check) => check.state)).toEqual([
      "failed",
      "running",
      "waiting",
      "passed",
    ])
  })

  it("are fixed by the files edited until the check passes", () => {
    const check = (key: string, state: "failed" | "passed"): Item => ({
      kind: "check",
      key,
      state,
      command: "npm test",
      round: 1,
      output: "",
    })
    const edit = (key: string, path: string): Item => ({
      kind: "tool",
      key,
      toolUseId: key,
      name: "edit_file",
      input: {},
      state: "ok",
      output: "",
      changes: [{ path, op: "modified", additions: 2, deletions: 1 }],
    })
    const items = [
      edit("1", "before.ts"),
      check("2", "failed"),
      edit("3", "a.ts"),
      edit("4", "a.ts"),
      check("5", "passed"),
    ]
    expect(toFixes(items)).toEqual([
      { command: "npm test", files: [{ path: "a.ts", additions: 4, deletions: 2 }] },
    ])
  })
})
