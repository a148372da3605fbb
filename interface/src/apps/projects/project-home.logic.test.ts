import type { Loop } from "@aura/core"
import { describe, expect, it } from "vitest"
import { findStep } from "./project-home.logic.ts"

describe("a project", () => {
  it("is opened at the step it has come to", () => {
    expect(findStep(0, 0, undefined, undefined)).toBe("requirements")
    expect(findStep(0, 0, { status: "running", step: "specs" }, undefined)).toBe("specs")
    expect(findStep(3, 0, { status: "finished", step: "specs" }, undefined)).toBe("specs")
    expect(findStep(3, 0, { status: "running", step: "tasks" }, undefined)).toBe("tasks")
    expect(findStep(3, 9, undefined, undefined)).toBe("run")
  })

  it("is opened at its proof once a run has ended by itself", () => {
    const loop = (status: Loop["status"], outcome: Loop["outcome"]): Loop => ({
      id: "loop_1",
      projectId: "p",
      instanceId: "i",
      status,
      phase: "claiming",
      taskId: null,
      sessionId: null,
      onlyTaskId: null,
      waiting: null,
      outcome,
      reason: null,
      startedAt: "2030-01-01T10:00:00Z",
      finishedAt: null,
    })
    expect(findStep(3, 9, undefined, loop("running", null))).toBe("run")
    expect(findStep(3, 9, undefined, loop("finished", "unproven"))).toBe("proof")
    expect(findStep(3, 9, undefined, loop("finished", "stopped"))).toBe("run")
  })
})
