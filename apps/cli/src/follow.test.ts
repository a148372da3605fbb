import { describe, expect, it } from "vitest"
import { createOutage } from "./follow.ts"

describe("a server that does not answer", () => {
  it("is told once it lasts, and when it is back; a short break is not", () => {
    const told: string[] = []
    const outage = createOutage((text) => told.push(text))
    for (const at of [0, 1000, 2000]) expect(outage.note("refused", at)).toBeUndefined()
    outage.end()
    expect(told).toEqual([])
    for (const at of [10_000, 12_000, 14_000, 60_000]) expect(outage.note("refused", at)).toBeUndefined()
    outage.end()
    expect(told).toEqual([
      "The server does not answer (refused). Waiting for it; what it works on goes on without this command.",
      "The server answers again.",
    ])
  })

  it("is given up after ten minutes, with how to go on", () => {
    const outage = createOutage(() => undefined)
    outage.note("refused", 0)
    expect(outage.note("refused", 599_000)).toBeUndefined()
    expect(outage.note("refused", 600_000)?.message).toContain("Run the same command again")
  })

  it("is given up after ten seconds when its process has ended", () => {
    const outage = createOutage(() => undefined)
    outage.note("refused", 0, false)
    expect(outage.note("refused", 9_000, false)).toBeUndefined()
    expect(outage.note("refused", 10_000, false)?.details).toEqual({ reason: "host_ended" })
  })
})
