import { type Block, type Entry, noUsage } from "@aura/core"
import { describe, expect, it } from "vitest"
import { addLive, type Item, toItems } from "./timeline.logic.ts"

const at = "2030-01-01T00:00:00Z"
let n = 0
const common = (sessionId: string) => ({
  id: `ent_${++n}`,
  projectId: "p",
  sessionId,
  instanceId: "i",
  n,
  at,
})
const reply = (turn: number, blocks: Block[], sessionId = "s"): Entry => ({
  ...common(sessionId),
  kind: "reply",
  turn,
  blocks,
  stopReason: "tool_use",
  model: "m",
  usage: noUsage,
  durationMs: 5,
})
const call = (id: string): Block => ({ type: "tool_use", id, name: "run_command", input: { command: "ls" } })
const text = (words: string): Block => ({ type: "text", text: words })
const result = (toolUseId: string): Entry => ({
  ...common("s"),
  kind: "tool",
  toolUseId,
  name: "run_command",
  input: { command: "ls" },
  output: "a",
  isError: false,
  durationMs: 3,
  exitCode: 0,
})
const atWork = { sessionId: "s", state: "running" } as const
const outline = (items: readonly Item[]) =>
  items.map((item) =>
    item.kind === "tool" || item.kind === "check" ? `${item.kind} ${item.state}` : item.kind,
  )

describe("the timeline of a session", () => {
  it("puts a tool's result in the place of its call", () => {
    const items = toItems([reply(1, [text("Look"), call("t1"), call("t2")]), result("t2"), result("t1")])
    expect(outline(items)).toEqual(["text", "tool ok", "tool ok"])
    expect(items.slice(1)).toMatchObject([{ toolUseId: "t1" }, { toolUseId: "t2" }])
  })

  it("shows a call without a result as running or waiting while its session is at work, else as interrupted", () => {
    const entries = [reply(1, [call("t1")])]
    expect(outline(toItems(entries, { atWork }))).toEqual(["tool running"])
    const paused = { sessionId: "s", state: "waiting" } as const
    expect(outline(toItems(entries, { atWork: paused }))).toEqual(["tool waiting"])
    expect(outline(toItems(entries))).toEqual(["tool interrupted"])
  })

  it("gives every item a key of its own, even where a model repeats its ids", () => {
    const items = toItems([reply(1, [call("t1")]), result("t1"), reply(2, [call("t1")]), result("t1")])
    expect(outline(items)).toEqual(["tool ok", "tool ok"])
    expect(new Set(items.map((item) => item.key)).size).toBe(2)
  })

  it("keeps a tool's key from call to result, so that what was unfolded stays unfolded", () => {
    const asked = reply(1, [call("t1")])
    expect(toItems([asked, result("t1")])[0]?.key).toBe(toItems([asked], { atWork })[0]?.key)
  })

  it("marks where another session begins when asked to", () => {
    const items = toItems([reply(1, [text("a")], "s1"), reply(1, [text("b")], "s2")], { divide: "session" })
    expect(outline(items)).toEqual(["session", "text", "session", "text"])
  })

  it("marks where work on another task begins, and only there", () => {
    const of = (entry: Entry, taskId?: string): Entry => (taskId ? { ...entry, taskId } : entry)
    const entries = [
      of(reply(1, [text("a")]), "t1"),
      of(reply(2, [text("b")]), "t1"),
      of(reply(3, [text("between")])),
      of(reply(4, [text("c")]), "t2"),
    ]
    expect(outline(toItems(entries, { divide: "task" }))).toEqual([
      "task",
      "text",
      "text",
      "text",
      "task",
      "text",
    ])
  })
})

describe("what streams", () => {
  const live = (more: object) => ({ tools: [], checks: [], ...more })

  it("fills in the call that runs", () => {
    const items = toItems([reply(1, [call("t1")])], { atWork })
    const tool = {
      toolUseId: "t1",
      name: "run_command",
      input: { command: "ls" },
      output: "12%",
      startedAt: 9,
    }
    const shown = addLive(items, live({ tools: [tool] }), "s")
    expect(shown).toMatchObject([{ kind: "tool", state: "running", output: "12%", startedAt: 9 }])
  })

  it("keeps the name and input of a call heard only through its output", () => {
    const items = toItems([reply(1, [call("t1")])], { atWork })
    const heard = { toolUseId: "t1", name: "", input: {}, output: "x", startedAt: 9 }
    expect(addLive(items, live({ tools: [heard] }), "s")).toMatchObject([
      { name: "run_command", input: { command: "ls" }, output: "x" },
    ])
  })

  it("ends with words and checks in the making", () => {
    const check = { command: "npm test", round: 1, output: "", startedAt: 1 }
    const shown = addLive([], live({ reply: { turn: 2, text: "Hel", thinking: "" }, checks: [check] }), "s")
    expect(outline(shown)).toEqual(["text", "check running"])
  })

  it("is not shown beside the stored reply of the same turn", () => {
    const items = toItems([reply(2, [text("Hello")])])
    expect(addLive(items, live({ reply: { turn: 2, text: "Hel", thinking: "" } }), "s")).toEqual(items)
  })
})
