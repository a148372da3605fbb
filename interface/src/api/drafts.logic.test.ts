import { type AuraEvent, type LiveEvent, noUsage } from "@aura/core"
import { describe, expect, it } from "vitest"
import { foldDrafts, noDrafts } from "./drafts.logic.ts"

const about = { projectId: "p", sessionId: "s" }
const delta = (turn: number, text: string): LiveEvent => ({
  type: "reply.delta",
  ...about,
  turn,
  kind: "text",
  text,
})
const started = (toolUseId: string): LiveEvent => ({
  type: "tool.started",
  ...about,
  toolUseId,
  name: "run_command",
  input: { command: "npm test" },
})
const stored = (rows: AuraEvent["rows"]): AuraEvent => ({
  seq: 1,
  at: "2030-01-01T00:00:00Z",
  type: "entry.added",
  rows,
})
const entry = { id: "e", instanceId: "i", n: 1, at: "2030-01-01T00:00:00Z", ...about }
const reply = (turn: number) =>
  stored({
    entries: [
      {
        ...entry,
        kind: "reply",
        turn,
        blocks: [],
        stopReason: "end_turn",
        model: "m",
        usage: noUsage,
        durationMs: 1,
      },
    ],
  })

describe("words in the making", () => {
  it("grow with every delta and start over with the next turn", () => {
    const drafts = foldDrafts(noDrafts, [delta(1, "Hel"), delta(1, "lo")], 0)
    expect(drafts.sessions.s?.reply?.text).toBe("Hello")
    expect(foldDrafts(drafts, [delta(2, "Next")], 0).sessions.s?.reply?.text).toBe("Next")
  })

  it("give way to the stored reply of their turn, not of an earlier one", () => {
    const drafts = foldDrafts(noDrafts, [delta(2, "Hello")], 0)
    expect(foldDrafts(drafts, [reply(1)], 0).sessions.s?.reply?.text).toBe("Hello")
    expect(foldDrafts(drafts, [reply(2)], 0).sessions.s?.reply).toBeUndefined()
  })
})

describe("words the provider broke off", () => {
  it("are forgotten while the loop waits to ask again", () => {
    const waiting = stored({
      loops: [
        {
          id: "loop_1",
          projectId: "p",
          instanceId: "i",
          status: "running",
          phase: "waiting",
          taskId: null,
          sessionId: "s",
          onlyTaskId: null,
          waiting: { reason: "overloaded", until: "2030-01-01T00:01:00Z" },
          outcome: null,
          reason: null,
          startedAt: "2030-01-01T00:00:00Z",
          finishedAt: null,
        },
      ],
    })
    const drafts = foldDrafts(noDrafts, [delta(1, "Half a sen"), waiting, delta(1, "Half a sentence")], 0)
    expect(drafts.sessions.s?.reply?.text).toBe("Half a sentence")
  })
})

describe("a tool at work", () => {
  it("collects its output until its entry is stored", () => {
    const output: LiveEvent = { type: "tool.output", ...about, toolUseId: "t1", text: "ok 1\n" }
    const drafts = foldDrafts(noDrafts, [started("t1"), output, output], 7)
    expect(drafts.sessions.s?.tools).toEqual([
      {
        toolUseId: "t1",
        name: "run_command",
        input: { command: "npm test" },
        output: "ok 1\nok 1\n",
        startedAt: 7,
      },
    ])
    const done = stored({
      entries: [
        {
          ...entry,
          kind: "tool",
          toolUseId: "t1",
          name: "run_command",
          input: {},
          output: "",
          isError: false,
          durationMs: 1,
        },
      ],
    })
    expect(foldDrafts(drafts, [done], 8).sessions.s?.tools).toEqual([])
  })

  it("is known from its output alone after a reload", () => {
    const output: LiveEvent = { type: "tool.output", ...about, toolUseId: "t9", text: "x" }
    expect(foldDrafts(noDrafts, [output], 0).sessions.s?.tools).toMatchObject([
      { toolUseId: "t9", output: "x" },
    ])
  })

  it("keeps only the end of an endless output", () => {
    const output: LiveEvent = { type: "tool.output", ...about, toolUseId: "t1", text: "y".repeat(50_000) }
    const drafts = foldDrafts(noDrafts, [started("t1"), output, output], 0)
    expect(drafts.sessions.s?.tools[0]?.output.length).toBe(64_000)
  })
})

describe("a plan in the making", () => {
  const draft = (index: number, title: string): LiveEvent => ({
    type: "spec.draft",
    projectId: "p",
    planId: "plan1",
    index,
    title,
    markdown: "…",
  })

  it("shows specs by their place, each at its latest", () => {
    const drafts = foldDrafts(noDrafts, [draft(1, "B"), draft(0, "A"), draft(1, "B2")], 0)
    expect(drafts.plans.p?.specs.map((spec) => spec.title)).toEqual(["A", "B2"])
  })

  it("is gone when the plan ends", () => {
    const plan = {
      id: "plan1",
      projectId: "p",
      step: "specs" as const,
      status: "finished" as const,
      sessionId: null,
      reason: null,
      outcome: null,
      waiting: null,
      startedAt: "2030-01-01T00:00:00Z",
      finishedAt: null,
    }
    const drafts = foldDrafts(noDrafts, [draft(0, "A"), stored({ plans: [plan] })], 0)
    expect(drafts.plans.p).toBeUndefined()
  })
})
