import type { NewEntry } from "@aura/domain"
import { describe, expect, it } from "vitest"
import { createStall } from "./stall.ts"

const usage = { inputTokens: 0, cacheWriteTokens: 0, cacheReadTokens: 0, outputTokens: 0, costUsd: 0 }
const reply: NewEntry = {
  kind: "reply",
  turn: 1,
  blocks: [],
  stopReason: "tool_use",
  model: "m",
  usage,
  durationMs: 1,
}
const tool = (changed: boolean): NewEntry => ({
  kind: "tool",
  toolUseId: "t",
  name: "x",
  input: {},
  output: "",
  isError: false,
  durationMs: 1,
  ...(changed ? { changes: [{ path: "a", op: "modified", additions: 1, deletions: 0 }] } : {}),
})

function judgements(turns: number, changesAt: (turn: number) => boolean): string[] {
  const stall = createStall([])
  return Array.from({ length: turns }, (_, turn) => {
    stall.add(reply)
    stall.add(tool(changesAt(turn)))
    return stall.judge()
  })
}

describe("a stall", () => {
  it("is asked out of once, then ends the attempt", () => {
    const seen = judgements(80, () => false)
    expect(seen.filter((verdict) => verdict === "ask")).toHaveLength(1)
    expect(seen.indexOf("ask")).toBe(39)
    expect(seen.indexOf("over")).toBe(79)
  })

  it("is not seen in long honest work", () => {
    expect(new Set(judgements(2000, (turn) => turn % 20 === 0))).toEqual(new Set(["fine"]))
  })
})
