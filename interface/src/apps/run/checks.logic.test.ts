import { describe, expect, it } from "vitest"
import type { Item } from "../../components/timeline.logic.ts"
import { toTaskChecks } from "./checks.logic.ts"

const check = (command: string, state: "running" | "passed" | "failed"): Item => ({
  kind: "check",
  key: command + state,
  command,
  state,
  round: 1,
  output: "",
})

describe("the checks of the task at hand", () => {
  it("stand as they did last, those of earlier tasks not counted", () => {
    const items: Item[] = [
      check("npm test", "passed"),
      { kind: "task", key: "t", id: "t2" },
      check("npm run lint", "failed"),
      check("npm run lint", "running"),
    ]
    expect(toTaskChecks(["npm test", "npm run lint"], items)).toEqual([
      { command: "npm test", state: "waiting" },
      { command: "npm run lint", state: "running" },
    ])
  })

  it("include what the project runs besides the task's own", () => {
    expect(toTaskChecks([], [check("npm test", "passed")])).toEqual([
      { command: "npm test", state: "passed" },
    ])
  })
})
