import { describe, expect, it } from "vitest"
import { findStep } from "./project-home.logic.ts"

describe("a project", () => {
  it("is opened at the step it has come to", () => {
    expect(findStep(0, 0, undefined)).toBe("requirements")
    expect(findStep(0, 0, { status: "running", step: "specs" })).toBe("specs")
    expect(findStep(3, 0, { status: "finished", step: "specs" })).toBe("specs")
    expect(findStep(3, 0, { status: "running", step: "tasks" })).toBe("tasks")
    expect(findStep(3, 9, undefined)).toBe("run")
  })
})
