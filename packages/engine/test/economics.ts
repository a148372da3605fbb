/**
 * What a long session costs, measured: the requests are Aura's own, judged and billed by the strict server's rules with
 * a simulated prompt cache. Once as the sessions are now, once as they were while old output was masked in place.
 */
import type { Block } from "@aura/core"
import type { NewEntry } from "@aura/domain"
import {
  createPromptCache,
  encodeRequest,
  findModel,
  type Message,
  priceOf,
  readRequest,
  signThought,
} from "@aura/model"
import { isSlow } from "../src/session/cache-time.ts"
import { cheapestShare } from "../src/session/rotation-point.ts"
import { createTranscript, type Transcript } from "../src/session/transcript.ts"
import { createRandom, type Random } from "./random.ts"

export type Bill = {
  costUsd: number
  /** Share of all input tokens that the cache answered for. */
  cachedShare: number
  thoughtsLost: number
  sessions: number
  /** What the strict server had against a request. */
  refused: string[]
}

export type Policy = "now" | "former"

const turns = 160
/** After a hand-over the model looks around before it goes on. */
const turnsToLookAround = 6
const minute = 60_000
/** Every so many turns a command, such as the whole test suite, outlives the cache of five minutes. */
const usualSlowEvery = 20
const system = "You are an engineer at work in one folder. ".repeat(100)
const tools = [
  { name: "run_command", description: "Runs a command. ".repeat(200), inputSchema: { type: "object" } },
]
const brief = "# Task: Build it\nAttempt 1, part 1\n\n".concat("What is to be built. ".repeat(400))

/**
 * @param model the one that works
 * @param slowEvery after how many turns a command outlives the cache of five minutes
 */
export function simulateSession(policy: Policy, model: string, slowEvery = usualSlowEvery): Bill {
  const random = createRandom(7)
  const facts = findModel(model)
  let now = 0
  const cache = createPromptCache(() => now)
  const total = { input: 0, read: 0, costUsd: 0 }
  const bill: Bill = { costUsd: 0, cachedShare: 0, thoughtsLost: 0, sessions: 1, refused: [] }
  const rotateAt =
    policy === "now"
      ? Math.min(0.5, cheapestShare({ rates: facts.price, contextWindow: facts.contextWindow }))
      : 0.5
  let transcript = begin(brief)
  let slow = false
  let calls = 0

  function ask(
    messages: readonly Message[],
    say: (sign: (text: string) => string) => Block[],
  ): { blocks: Block[]; tokens: number } {
    const isForHour = policy === "now" && slow
    const request = { model, system, tools, messages, maxTokens: facts.maxOutput, effort: "high" as const }
    const read = readRequest(
      encodeRequest({ ...request, ...(isForHour && { cacheFor: "1h" as const }) }).toString(),
    )
    if ("violation" in read) {
      bill.refused.push(read.violation)
      return { blocks: [{ type: "text", text: "?" }], tokens: 0 }
    }
    const measured = cache.measure(read.request, facts)
    const blocks = say((text) => signThought(read.request, [], text))
    const outputTokens = Math.ceil(JSON.stringify(blocks).length / 4)
    const prompt = measured.inputTokens + measured.cacheReadTokens + measured.cacheWriteTokens
    total.input += prompt
    total.read += measured.cacheReadTokens
    total.costUsd += priceOf(model, { ...measured, outputTokens })
    bill.thoughtsLost += read.thoughts.dropped
    return { blocks, tokens: prompt + outputTokens }
  }

  function turn(outputChars: number, durationMs: number): number {
    const id = `toolu_${++calls}`
    const messages = policy === "former" ? maskOld(transcript.messages) : transcript.messages
    const { blocks, tokens } = ask(messages, (sign) => [
      ...think(random, sign),
      { type: "tool_use", id, name: "run_command", input: { command: "x".repeat(100 + random.below(400)) } },
    ])
    transcript.add(toReply(blocks))
    const output = `${id} ${"line of output ".repeat(Math.ceil(outputChars / 15))}`
    const result = {
      kind: "tool",
      toolUseId: id,
      name: "run_command",
      input: {},
      output,
      isError: false,
      durationMs,
    } as const
    transcript.add(result)
    slow ||= isSlow(result)
    now += durationMs + 20_000
    return tokens
  }

  /** The request for the hand-off continues the session; the next one begins from what it says. */
  function handOver(): void {
    transcript.add(prompt("Call hand_off now. ".repeat(20)))
    const { blocks } = ask(transcript.messages, (sign) => [
      ...think(random, sign),
      { type: "text", text: "What was done and what comes next. ".repeat(170) },
    ])
    const words = blocks.flatMap((block) => (block.type === "text" ? [block.text] : [])).join()
    bill.sessions += 1
    transcript = begin(`${words}\n\n${brief}`)
    now += 30_000
    for (let n = 0; n < turnsToLookAround; n++) turn(6_000, 1_000)
  }

  for (let n = 1; n <= turns; n++) {
    const tokens = turn(
      1_000 + random.below(6_800),
      n % slowEvery === 0 ? 8 * minute : 5_000 + random.below(40_000),
    )
    if (policy === "now" && n < turns && tokens / facts.contextWindow >= rotateAt) handOver()
  }
  return { ...bill, costUsd: total.costUsd, cachedShare: total.read / total.input }
}

function begin(text: string): Transcript {
  const transcript = createTranscript()
  transcript.add(prompt(text))
  return transcript
}

function prompt(text: string): NewEntry {
  return { kind: "prompt", from: "aura", about: "task", text }
}

function think(random: Random, sign: (text: string) => string): Block[] {
  const thinking = "Let me think about this. ".repeat(5 + random.below(30))
  return [{ type: "thinking", thinking, signature: sign(thinking) }]
}

function toReply(blocks: Block[]): Extract<NewEntry, { kind: "reply" }> {
  const usage = { inputTokens: 0, cacheWriteTokens: 0, cacheReadTokens: 0, outputTokens: 0, costUsd: 0 }
  return {
    kind: "reply",
    turn: 1,
    blocks,
    stopReason: "tool_use",
    model: "",
    usage,
    durationMs: 1,
    requestId: null,
  }
}

/** As it was until November 2026: past 400,000 characters of output, all but the newest 100,000 are cut to 200. */
const most = 400_000
const kept = 100_000
const head = 200
const masked = new WeakMap<Message, Message>()

function maskOld(messages: readonly Message[]): Message[] {
  const sizes = messages.map((message) => sizeOf(masked.get(message) ?? message))
  const sum = sizes.reduce((all, size) => all + size, 0)
  if (sum > most) {
    let seen = 0
    for (const [i, message] of [...messages.entries()].toReversed()) {
      seen += sizes[i] ?? 0
      if (i < messages.length - 1 && seen > kept && message.role === "user") masked.set(message, cut(message))
    }
  }
  return messages.map((message) => masked.get(message) ?? message)
}

function sizeOf(message: Message): number {
  return message.content.reduce(
    (size, block) => size + (block.type === "tool_result" ? block.output.length : 0),
    0,
  )
}

function cut(message: Extract<Message, { role: "user" }>): Message {
  const content = message.content.map((block) =>
    block.type === "tool_result" && block.output.length > 2 * head
      ? { ...block, output: `${block.output.slice(0, head)}…\n[Old output: left out to save room.]` }
      : block,
  )
  return { role: "user", content }
}
