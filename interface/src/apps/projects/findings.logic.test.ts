import type { Finding, Plan } from "@aura/core"
import { describe, expect, it } from "vitest"
import { findOpen, newestLook, takeFindings } from "./findings.logic.ts"

const finding = (quote: string | null, wording: string): Finding => ({
  kind: "ambiguous",
  quote,
  wording,
  why: "Why.",
})
const plan = (id: string, step: Plan["step"], documentVersion: number): Plan => ({
  id,
  projectId: "prj_1",
  step,
  documentVersion,
  status: "finished",
  sessionId: null,
  reason: null,
  outcome: null,
  waiting: null,
  startedAt: "2026-11-27T00:00:00.000Z",
  finishedAt: null,
})

describe("findings", () => {
  it("are those of the newest look at this version of the document", () => {
    const plans = [
      plan("a", "look_over", 1),
      plan("b", "look_over", 2),
      plan("c", "look_over", 2),
      plan("d", "specs", 2),
    ]
    expect(newestLook(plans, 2)?.id).toBe("c")
    expect(newestLook(plans, 3)).toBeUndefined()
    expect(newestLook(undefined, 1)).toBeUndefined()
  })

  it("are put into the document together, and one whose passage is gone is no longer offered", () => {
    const markdown = "- It is fast.\n"
    const whole = finding("It is fast.", "It answers in 200 ms.")
    const part = finding("fast", "quick")
    const gap = finding(null, "- It logs errors.")
    expect(takeFindings(markdown, [whole, gap])).toBe("- It answers in 200 ms.\n\n- It logs errors.\n")
    expect(findOpen(markdown, [whole, part, gap], new Set())).toEqual([whole, part, gap])
    expect(findOpen(markdown, [whole, part, gap], new Set([whole]))).toEqual([whole, gap])
  })
})
