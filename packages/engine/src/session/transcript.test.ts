import type { Entry } from "@aura/core"
import type { NewEntry } from "@aura/domain"
import { describe, expect, it } from "vitest"
import { roomFor } from "./output-room.ts"
import { createTranscript, type Transcript } from "./transcript.ts"

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

  describe("with large outputs over 300 turns", () => {
    const room = roomFor({ contextWindow: 200_000, rotateAt: 0.5 })
    const large = (id: string) => result(id, `${id}:${"x".repeat(10_000)}`)
    const textOf = (messages: readonly unknown[]) => JSON.stringify(messages).slice(1, -1)

    function converse(transcript: Transcript, turns: number, onRequest: () => void = () => undefined): void {
      transcript.add(prompt("go"))
      for (let turn = 0; turn < turns; turn++) {
        onRequest()
        for (const entry of [reply(`t${turn}`), large(`t${turn}`)]) transcript.add(entry)
      }
      onRequest()
    }

    it("stays bounded, always holds what the model has not read yet, and seldom changes its beginning", () => {
      const transcript = createTranscript([], room)
      let before = ""
      let changes = 0
      let turn = 0
      converse(transcript, 300, () => {
        const request = textOf(transcript.messages)
        expect(request.length).toBeLessThan(room.most + 10_500 + turn * 500)
        if (turn > 0) expect(request).toContain(`t${turn - 1}:${"x".repeat(10_000)}`)
        if (!request.startsWith(before)) changes += 1
        before = request
        turn += 1
      })
      expect(changes).toBeGreaterThan(10)
      expect(changes).toBeLessThan(300 / 12)
    })

    it("is the same when it is read back", () => {
      const entries: Entry[] = []
      const transcript = createTranscript([], room)
      const add = transcript.add
      const told = {
        ...transcript,
        add(entry: NewEntry) {
          const n = entries.length + 1
          const place = { id: `e${n}`, projectId: "p", sessionId: "s", instanceId: "i", n }
          entries.push({ ...entry, ...place, at: "2026-01-01T00:00:00.000Z" })
          add(entry)
        },
      }
      converse(told, 40)
      expect(createTranscript(entries, room).messages).toEqual(transcript.messages)
    })

    it("keeps both results of one reply, however large", () => {
      const transcript = createTranscript([], { most: 1000, kept: 500 })
      for (const entry of [prompt("go"), reply("a", "b"), large("a"), large("b")]) transcript.add(entry)
      expect(textOf(transcript.messages)).not.toContain("left out")
      for (const entry of [reply("c"), large("c")]) transcript.add(entry)
      expect(textOf(transcript.messages).match(/left out/g)).toHaveLength(2)
    })
  })
})
