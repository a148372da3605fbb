import type { NewEntry } from "@aura/domain"
import { describe, expect, it } from "vitest"
import { createTranscript } from "./transcript.ts"

const prompt = (text: string): NewEntry => ({ kind: "prompt", from: "aura", about: "task", text })
const usage = { inputTokens: 1, cacheWriteTokens: 0, cacheReadTokens: 0, outputTokens: 1, costUsd: 0 }
const reply = (...names: string[]): NewEntry => ({
  kind: "reply",
  turn: 1,
  blocks:
    names.length === 0
      ? [{ type: "text", text: "hm" }]
      : names.map((id) => ({ type: "tool_use", id, name: "read_file", input: {} })),
  stopReason: "end_turn",
  model: "m",
  usage,
  durationMs: 1,
})
const result = (toolUseId: string, output = "ok"): NewEntry => ({
  kind: "tool",
  toolUseId,
  name: "read_file",
  input: {},
  output,
  isError: false,
  durationMs: 1,
})

describe("the transcript", () => {
  it("shows a picture again when it is read back, and says so when it is not kept any more", () => {
    const name = "a".repeat(64)
    const media = [{ name, mediaType: "image/png" as const, bytes: 3 }]
    const entries = [prompt("go"), reply("a"), { ...result("a"), media }].map((entry, n) => ({
      ...entry,
      id: `${n}`,
      projectId: "p",
      sessionId: "s",
      instanceId: "i",
      n: n + 1,
      at: "",
    }))
    const data = "iVBOR"
    const shown = createTranscript(entries, (asked) => (asked === name ? data : undefined)).messages.at(-1)
    expect(shown?.content).toMatchObject([{ output: "ok", media: [{ mediaType: "image/png", data }] }])
    const lost = createTranscript(entries).messages.at(-1)
    expect(lost?.content).toEqual([expect.not.objectContaining({ media: expect.anything() })])
    expect(JSON.stringify(lost)).toContain("not kept any more")
  })

  it("puts all results of one reply, and what is said after them, into one user message", () => {
    const transcript = createTranscript()
    for (const entry of [prompt("go"), reply("a", "b"), result("a"), result("b"), prompt("on")])
      transcript.add(entry)
    expect(transcript.messages.map((message) => [message.role, message.content.length])).toEqual([
      ["user", 1],
      ["assistant", 2],
      ["user", 3],
    ])
  })

  it("answers calls that were cut off, once", () => {
    const transcript = createTranscript()
    for (const entry of [prompt("go"), reply("a", "b"), result("a")]) transcript.add(entry)
    transcript.settle("cut off")
    transcript.settle("cut off")
    expect(transcript.messages.at(-1)).toEqual({
      role: "user",
      content: [
        { type: "tool_result", toolUseId: "a", output: "ok", isError: false },
        { type: "tool_result", toolUseId: "b", output: "cut off", isError: true },
      ],
    })
  })

  it("never changes a message that was sent: it is replaced", () => {
    const transcript = createTranscript()
    transcript.add(prompt("go"))
    const sent = transcript.messages[0]
    transcript.add(prompt("and on"))
    expect(sent).toEqual({ role: "user", content: [{ type: "text", text: "go" }] })
    expect(transcript.messages).toHaveLength(1)
  })

  it("leaves empty replies out, so that roles alternate", () => {
    const transcript = createTranscript()
    const empty: NewEntry = {
      kind: "reply",
      turn: 1,
      blocks: [],
      stopReason: "end_turn",
      model: "m",
      usage,
      durationMs: 1,
    }
    for (const entry of [prompt("go"), empty, prompt("well?"), reply()]) transcript.add(entry)
    expect(transcript.messages.map((message) => message.role)).toEqual(["user", "assistant"])
  })

  it("never changes what was said once, however much output comes", () => {
    const transcript = createTranscript()
    let before = ""
    transcript.add(prompt("go"))
    for (let turn = 0; turn < 300; turn++) {
      for (const entry of [reply(`t${turn}`), result(`t${turn}`, "x".repeat(10_000))]) transcript.add(entry)
      const request = JSON.stringify(transcript.messages).slice(1, -1)
      expect(request.startsWith(before)).toBe(true)
      before = request
    }
  })
})
