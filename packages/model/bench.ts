/** Measures what our client costs a turn, against a bare loop over the SDK, on a model that answers at once. */
import { fork } from "node:child_process"
import { once } from "node:events"
import Anthropic from "@anthropic-ai/sdk"
import { createClaude, type Message, type Model, parseScreenplay, startModelServer } from "./src/index.ts"

const turns = 200
const rounds = 3
const model = "claude-opus-5-5"
const system = "You are a careful programmer. ".repeat(100)
const inputSchema = { type: "object" as const, properties: { path: { type: "string" } }, required: ["path"] }
const output = "export const answer = 42 // and a line of text that a file may hold\n".repeat(30)
const brief = "# Task: read on\nAttempt 1, part 1"

const screenplay = parseScreenplay(`
scenes:
  - when: { phase: chat }
    then: repeat
    replies: [{ text: I read the next file., calls: [{ tool: read_file, input: { path: src/a.ts } }] }]
`)

type Cost = { wallMs: number; cpuMs: number }

if (process.argv[2] === "serve") {
  const server = await startModelServer({ screenplay, port: 0 })
  process.send?.(server.url)
} else {
  const child = fork(import.meta.filename, ["serve"])
  const [url] = await once(child, "message")
  const claude = createClaude({ apiKey: "bench", baseUrl: String(url), now: Date.now, random: Math.random })
  const sdk = new Anthropic({ apiKey: "bench", baseURL: String(url), maxRetries: 0 })
  const ours: Cost[] = []
  const bare: Cost[] = []
  await runOurs(claude)
  await runBare(sdk)
  for (let round = 0; round < rounds; round++) {
    ours.push(await measure(() => runOurs(claude)))
    bare.push(await measure(() => runBare(sdk)))
  }
  child.kill()
  console.log(
    JSON.stringify({ name: "claude client, ms a turn", ...compare("wallMs"), cpu: compare("cpuMs") }),
  )

  function compare(kind: keyof Cost) {
    const [aura = 0, raw = 1] = [ours, bare].map((costs) => median(costs.map((cost) => cost[kind])))
    return { aura, raw, ratio: round3(aura / raw) }
  }
}

async function measure(run: () => Promise<void>): Promise<Cost> {
  const start = performance.now()
  const cpu = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(cpu)
  return {
    wallMs: round3((performance.now() - start) / turns),
    cpuMs: round3((user + system) / 1000 / turns),
  }
}

async function runOurs(claude: Model): Promise<void> {
  const tools = [{ name: "read_file", description: "Reads a file", inputSchema }]
  const messages: Message[] = [{ role: "user", content: [{ type: "text", text: brief }] }]
  const { signal } = new AbortController()
  for (let turn = 0; turn < turns; turn++) {
    for await (const event of claude.stream({ model, system, tools, messages, maxTokens: 1000 }, signal)) {
      if (event.type === "failed") throw new Error(event.failure.message)
      if (event.type !== "reply") continue
      const calls = event.reply.blocks.filter((block) => block.type === "tool_use")
      messages.push({ role: "assistant", content: event.reply.blocks })
      messages.push({
        role: "user",
        content: calls.map(({ id }) => ({ type: "tool_result", toolUseId: id, output, isError: false })),
      })
    }
  }
}

async function runBare(sdk: Anthropic): Promise<void> {
  const tools = [{ name: "read_file", description: "Reads a file", input_schema: inputSchema }]
  const messages: Anthropic.MessageParam[] = [{ role: "user", content: brief }]
  for (let turn = 0; turn < turns; turn++) {
    const cache_control = { type: "ephemeral" as const }
    const stream = await sdk.messages.create({
      model,
      max_tokens: 1000,
      system: [{ type: "text", text: system, cache_control }],
      tools,
      messages,
      stream: true,
    })
    const content: (Anthropic.TextBlockParam | Anthropic.ToolUseBlockParam)[] = []
    let json = ""
    for await (const event of stream) {
      if (event.type === "content_block_start" && event.content_block.type === "tool_use") {
        const { id, name } = event.content_block
        content.push({ type: "tool_use", id, name, input: {} })
      } else if (event.type === "content_block_start") content.push({ type: "text", text: "" })
      else if (event.type === "content_block_delta") {
        const last = content.at(-1)
        if (event.delta.type === "text_delta" && last?.type === "text") last.text += event.delta.text
        if (event.delta.type === "input_json_delta") json += event.delta.partial_json
      } else if (event.type === "content_block_stop" && json) {
        const last = content.at(-1)
        if (last?.type === "tool_use") last.input = JSON.parse(json)
        json = ""
      }
    }
    messages.push({ role: "assistant", content })
    const results = content.flatMap((block) => (block.type === "tool_use" ? [block.id] : []))
    messages.push({
      role: "user",
      content: results.map((id) => ({ type: "tool_result", tool_use_id: id, content: output })),
    })
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000
}
