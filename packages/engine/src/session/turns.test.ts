import { type Block, noUsage } from "@aura/core"
import type { NewEntry } from "@aura/domain"
import type { Model, ModelRequest } from "@aura/model"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import { defineTool } from "../tools/tool.ts"
import { createTranscript } from "./transcript.ts"
import { runTurns } from "./turns.ts"

const reply = (...blocks: Block[]): NewEntry => ({
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
      isRepeatable,
      async run(_input, { isRepeat, onBegin }) {
        await onBegin()
        ran.push(isRepeat ? `${name}, again` : name)
        return { output: "ok" }
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
    tools: [tool("again", true), tool("once", false)],
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
