import { type Block, noUsage } from "@aura/core"
import type { NewEntry } from "@aura/domain"
import { type Model, type ModelRequest, malformedInput } from "@aura/model"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import { defineTool } from "../tools/tool.ts"
import { createTranscript } from "./transcript.ts"
import { runTurns } from "./turns.ts"

const reply = (...blocks: Block[]): Extract<NewEntry, { kind: "reply" }> => ({
  kind: "reply",
  turn: 1,
  blocks,
  stopReason: "end_turn",
  model: "m",
  usage: noUsage,
  durationMs: 1,
})
const use = (id: string, name: string): Block => ({ type: "tool_use", id, name, input: {} })
const go: NewEntry = { kind: "prompt", from: "aura", about: "task", text: "go" }
const intent = (toolUseId: string): NewEntry => ({ kind: "intent", toolUseId, name: "once" })
const result = (toolUseId: string, output: string): NewEntry => ({
  kind: "tool",
  toolUseId,
  name: "again",
  input: {},
  output,
  isError: false,
  durationMs: 1,
})

/** Goes on after these entries with a model that only says "fine"; tells what ran and what was stored. */
async function goOn(...entries: NewEntry[]) {
  const ran: string[] = []
  const stored: NewEntry[] = []
  const requests: ModelRequest[] = []
  const transcript = createTranscript()
  for (const entry of entries) transcript.add(entry)
  const tool = (name: string, isRepeatable: boolean) =>
    defineTool({
      name,
      description: "",
      input: z.object({}),
      traits: { isRepeatable },
      async run(_input, { isRepeat, onBegin }) {
        await onBegin()
        ran.push(isRepeat ? `${name}, again` : name)
        return { output: "ok" }
      },
    })
  // Each look ends when all of them have begun.
  let looking = 0
  const { promise: all, resolve: open } = Promise.withResolvers<void>()
  const look = defineTool({
    name: "look",
    description: "",
    input: z.object({}),
    traits: { isReading: true, isRepeatable: true },
    async run() {
      looking += 1
      if (looking === 3) open()
      await all
      return { output: "seen" }
    },
  })
  const model: Model = {
    async *stream(request) {
      requests.push({ ...request, messages: [...request.messages] })
      const blocks: Block[] = [{ type: "text", text: "fine" }]
      const said = { blocks, stopReason: "end_turn", model: "m", usage: noUsage }
      yield { type: "reply", reply: { ...said, durationMs: 1, requestId: null } }
    },
    checkKey: async () => "valid",
  }
  await runTurns<string>({
    model,
    modelName: "m",
    system: "",
    effort: "high",
    maxTokens: () => 1,
    tools: [tool("again", true), tool("once", false), look],
    transcript,
    turn: 1,
    signal: new AbortController().signal,
    record: async (entry) => void stored.push(entry),
    gate: async (next) => (next === "request" && requests.length > 0 ? "enough" : undefined),
    onRest: async () => "go on",
    onEvent: () => undefined,
    onToolStart: () => undefined,
    onToolOutput: () => undefined,
  })
  return { ran, kinds: stored.map((entry) => entry.kind), stored, requests }
}

describe("turns that go on after a crash", () => {
  it("run the calls that had no result, in order, before the model is asked again", async () => {
    const { ran, kinds, requests } = await goOn(
      go,
      reply(use("a", "again"), use("b", "again"), use("c", "again")),
      result("a", "known"),
    )
    expect(ran).toEqual(["again, again", "again"])
    expect(kinds.slice(0, 3)).toEqual(["tool", "tool", "reply"])
    const heard = requests[0]?.messages.at(-1)?.content
    expect(heard).toMatchObject([{ output: "known" }, { output: "ok" }, { output: "ok" }])
  })

  it("run a call that must not run twice when it never began, storing the intent first", async () => {
    const { ran, kinds } = await goOn(go, reply(use("a", "once")))
    expect(ran).toEqual(["once, again"])
    expect(kinds.slice(0, 2)).toEqual(["intent", "tool"])
  })

  it("do not run such a call again once it had begun: the model is told to look", async () => {
    const { ran, stored } = await goOn(go, reply(use("a", "once"), use("b", "again")), intent("a"))
    expect(ran).toEqual(["again"])
    expect(stored[0]).toMatchObject({ kind: "tool", isError: true })
    expect(stored[0]).toHaveProperty("output", expect.stringContaining("Look before you repeat it"))
  })

  it("say what follows from a reply without calls, when nobody had", async () => {
    const { stored, requests } = await goOn(go, reply({ type: "text", text: "I think" }))
    expect(stored[0]).toMatchObject({ kind: "prompt", about: "nudge", text: "go on" })
    expect(requests[0]?.messages.map((message) => message.role)).toEqual(["user", "assistant", "user"])
  })
})

describe("the calls of one reply", () => {
  it("that only read and stand together run at once, and are answered in their order", async () => {
    const { stored } = await goOn(
      go,
      reply(use("a", "look"), use("b", "look"), use("c", "look"), use("d", "again")),
    )
    const results = stored.filter((entry) => entry.kind === "tool")
    expect(results.map((entry) => entry.toolUseId)).toEqual(["a", "b", "c", "d"])
  })

  it("are told what to do when the last of them was cut off", async () => {
    const cut: Block = {
      type: "tool_use",
      id: "b",
      name: "again",
      input: { [malformedInput]: '{"text": "ha' },
    }
    const { ran, stored } = await goOn(go, { ...reply(use("a", "again"), cut), stopReason: "max_tokens" })
    expect(ran).toEqual(["again, again"])
    expect(stored[1]).toMatchObject({
      toolUseId: "b",
      isError: true,
      output: expect.stringContaining("in smaller pieces"),
    })
  })

  it("are told to be sent again when their input is no JSON for another reason", async () => {
    const broken: Block = { type: "tool_use", id: "a", name: "again", input: { [malformedInput]: "{" } }
    const { stored } = await goOn(go, reply(broken))
    expect(stored[0]).toMatchObject({ output: expect.stringContaining("not valid JSON") })
  })
})

it("gives a call an id of its own where a server counts anew in each reply", () => {
  const transcript = createTranscript()
  for (const entry of [go, reply(use("call_0", "again")), result("call_0", "ok")]) transcript.add(entry)
  expect(
    transcript.withOwnIds([use("call_0", "again"), use("call_0", "again"), use("", "again")]),
  ).toMatchObject([{ id: "call_0_2" }, { id: "call_0_3" }, { id: "call" }])
})
