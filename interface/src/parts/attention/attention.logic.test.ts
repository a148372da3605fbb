import type { Attention } from "@aura/core"
import { describe, expect, it } from "vitest"
import { toNew, toNotification } from "./attention.logic.ts"

const item = (id: string, more: Partial<Attention> = {}): Attention => ({
  id,
  kind: "failed",
  projectId: "p",
  projectName: "Tally",
  taskId: id,
  title: "Parse lines",
  reason: "A test fails.",
  hosts: [],
  at: "2030-01-01T00:00:00Z",
  ...more,
})

describe("what needs a person", () => {
  it("is told once, and nothing at the first look", () => {
    expect(toNew(undefined, [item("a")])).toEqual([])
    expect(toNew([item("a")], [item("b"), item("a")]).map((row) => row.id)).toEqual(["b"])
  })

  it("is told again when it happens again, but not for every turn of a wait", () => {
    const later = { at: "2030-01-02T00:00:00Z" }
    expect(toNew([item("a")], [item("a", later)])).toHaveLength(1)
    expect(toNew([item("a", { kind: "waiting" })], [item("a", { kind: "waiting", ...later })])).toEqual([])
  })

  it("is told with its project, what happened and why", () => {
    expect(toNotification(item("a"))).toEqual({
      title: "Tally: Parse lines failed",
      body: "A test fails.",
    })
  })
})
