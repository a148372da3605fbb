import { expect, onTestFinished, test } from "vitest"
import { createClaude } from "./anthropic/claude.ts"
import { priceOf } from "./catalog.ts"
import { withFallback } from "./fallback.ts"
import type { ModelEvent, ModelRequest } from "./model.ts"
import { parseScreenplay } from "./screenplay/screenplay.ts"
import { type ModelServer, startModelServer } from "./screenplay/server.ts"
import { signThought } from "./screenplay/thoughts.ts"

const main = "claude-opus-5-5"
const other = "claude-haiku-5-5"
const none = { inputTokens: 0, cacheWriteTokens: 0, cacheReadTokens: 0, outputTokens: 0 }
const signature = signThought(
  { model: main, messages: [{ role: "user", content: [{ type: "text", text: "Hello" }] }] },
  [],
  "hm",
)
const request: ModelRequest = {
  model: main,
  system: "",
  tools: [],
  maxTokens: 1000,
  messages: [
    { role: "user", content: [{ type: "text", text: "Hello" }] },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "hm", signature },
        { type: "text", text: "Well" },
      ],
    },
    { role: "user", content: [{ type: "text", text: "Go on" }] },
  ],
}

/** Both models at one server, each with its own lines, on a clock that only exists here. */
async function open(replies: { main: object; other: object }) {
  const scene = (model: string, reply: object) => ({
    when: { phase: "chat", model },
    replies: [reply],
    then: "repeat",
  })
  const screenplay = { scenes: [scene(main, replies.main), scene(other, replies.other)] }
  const server = await startModelServer({ screenplay: parseScreenplay(JSON.stringify(screenplay)), port: 0 })
  onTestFinished(() => server.close())
  let time = 0
  const slept: number[] = []
  const clock = {
    now: () => time,
    random: () => 1,
    async sleep(ms: number) {
      slept.push(ms)
      time += ms
    },
  }
  const common = { apiKey: "sk-ant-test-key", baseUrl: server.url, stallMs: 50, ...clock }
  const once = createClaude({ ...common, policy: { attempts: 1 } })
  const model = withFallback(createClaude(common), { model: other, once, now: clock.now })
  const ask = async (): Promise<ModelEvent[]> => {
    const events: ModelEvent[] = []
    for await (const event of model.stream(request, new AbortController().signal)) events.push(event)
    return events
  }
  return { ask, slept, server, pass: (ms: number) => (time += ms) }
}

const asked = (server: ModelServer) => server.requests.map(({ model }) => model)
const kinds = (events: readonly ModelEvent[]) => events.map(({ type }) => type)
const down = { fault: { status: 529, times: 99 } }

test("another model answers after three failures, without what the first one thought, and rests the first", async () => {
  const { ask, slept, server } = await open({ main: down, other: { thinking: "aha", text: "Here I am." } })
  const events = await ask()
  expect(kinds(events)).toEqual(["waiting", "waiting", "waiting", "thinking", "text", "reply"])
  expect(events.at(-1)).toMatchObject({
    reply: { model: other, blocks: [{ type: "text", text: "Here I am." }] },
  })
  expect(slept).toEqual([1000, 2000])
  expect(asked(server)).toEqual([main, main, main, other])
  expect(JSON.stringify(server.requests.at(-1)?.messages)).not.toContain("thinking")
  expect(JSON.stringify(server.requests.at(0)?.messages)).toContain('"thinking":"hm"')
  expect(kinds(await ask())).toEqual(["thinking", "text", "reply"])
})

test("the first one is asked again when it has rested", async () => {
  const main = { text: "Back.", fault: { status: 529, times: 3 } }
  const { ask, pass } = await open({ main, other: { text: "Here." } })
  await ask()
  pass(6 * 60_000)
  expect((await ask()).at(-1)).toMatchObject({ reply: { blocks: [{ text: "Back." }] } })
})

test("when the other does not answer either, the first is waited for, and half a word of the other is void", async () => {
  const { ask } = await open({
    main: { text: "Back.", fault: { status: 529, times: 5 } },
    other: { text: "Half a word", fault: { truncate: 3, times: 99 } },
  })
  const events = await ask()
  expect(events.at(-1)).toMatchObject({ reply: { model: main, blocks: [{ text: "Back." }] } })
  expect(kinds(events.filter(({ type }) => type !== "text"))).toEqual([...Array(8).fill("waiting"), "reply"])
  const half = events.findLastIndex((event) => event.type === "text" && event.text.startsWith("Half"))
  expect(kinds(events.slice(half + 1)).at(0)).toBe("waiting")
})

test("a key or an account without credit is no reason to ask another model", async () => {
  const { ask, server } = await open({ main: { fault: { status: 402, times: 9 } }, other: { text: "Here." } })
  expect((await ask()).at(-1)).toMatchObject({ type: "failed", failure: { kind: "credit" } })
  expect(asked(server)).toEqual([main])
})

test("what the first one refuses is asked of the other, paid for twice and said", async () => {
  const { ask, server } = await open({
    main: { text: "I would rather", stop: "refusal" },
    other: { text: "Here." },
  })
  const events = await ask()
  expect(asked(server)).toEqual([main, other])
  expect(events.at(-2)).toEqual({
    type: "notice",
    text: `${main} refused to answer; ${other} answered instead.`,
  })
  const half = events.findIndex((event) => event.type === "text")
  expect(events[half + 1]).toMatchObject({ type: "waiting" })
  const last = events.at(-1)
  expect(last).toMatchObject({ reply: { model: other, stopReason: "end_turn", blocks: [{ text: "Here." }] } })
  const { costUsd, ...tokens } = last?.type === "reply" ? last.reply.usage : { costUsd: 0 }
  expect(costUsd).toBeGreaterThan(priceOf(other, { ...none, ...tokens }))
})

test("what both refuse stays a refusal of the first", async () => {
  const no = { text: "No.", stop: "refusal" }
  const { ask } = await open({ main: no, other: { fault: { status: 500, times: 9 } } })
  expect((await ask()).at(-1)).toMatchObject({ reply: { model: main, stopReason: "refusal" } })
})
