import { expect, onTestFinished, test } from "vitest"
import { createClaude } from "./anthropic/claude.ts"
import { readModelList } from "./model-list.ts"
import { parseScreenplay } from "./screenplay/screenplay.ts"
import { startModelServer } from "./screenplay/server.ts"

test.each([
  [
    "Anthropic",
    { id: "m", max_input_tokens: 1000, max_tokens: 100, retires_at: "2027-01-22T00:00:00Z" },
    [1000, 100],
  ],
  [
    "OpenRouter",
    { id: "m", context_length: 2000, top_provider: { context_length: 1000, max_completion_tokens: 100 } },
    [1000, 100],
  ],
  ["vLLM", { id: "m", max_model_len: 1000 }, [1000, undefined]],
  ["LM Studio", { id: "m", max_context_length: 1000 }, [1000, undefined]],
  ["llama.cpp", { id: "m", meta: { n_ctx: 1000 } }, [1000, undefined]],
  [
    "one that says nothing of use",
    { id: "m", max_input_tokens: null, max_tokens: "many" },
    [undefined, undefined],
  ],
])("reads the window and the longest reply from the list of %s", (_, row, sizes) => {
  const facts = readModelList(JSON.stringify({ data: [row] }))?.get("m")
  expect([facts?.contextWindow, facts?.maxOutput]).toEqual(sizes)
})

test("reads prices for a token as prices for a million", () => {
  const pricing = { prompt: "0.000004", completion: "0.00002", input_cache_read: "0.0000002" }
  expect(readModelList(JSON.stringify({ data: [{ id: "m", pricing }] }))?.get("m")?.price).toEqual({
    input: 4,
    output: 20,
    cacheRead: 0.2,
    cacheWrite: 4,
  })
})

test.each(["", "[]", "<html>", '{"data":5}'])("%j is no list", (text) => {
  expect(readModelList(text)).toBeUndefined()
})

test("asks the server for its list, with what each model can do", async () => {
  const screenplay = parseScreenplay('{"scenes":[{"when":{"phase":"chat"},"replies":[{"text":"Hi"}]}]}')
  const server = await startModelServer({ screenplay, port: 0 })
  onTestFinished(() => server.close())
  const claude = createClaude({ apiKey: "k", baseUrl: server.url, now: () => 0, random: () => 1 })
  const listed = await claude.listModels(AbortSignal.timeout(5000))
  expect(listed?.get("claude-opus-4-5")).toEqual({
    contextWindow: 200_000,
    maxOutput: 64_000,
    thinking: "budget",
    efforts: ["low", "medium", "high"],
    price: undefined,
    endOfLife: "2027-01-22",
  })
  const nobody = createClaude({ apiKey: "k", baseUrl: "http://127.0.0.1:1", now: () => 0, random: () => 1 })
  expect(await nobody.listModels(AbortSignal.timeout(5000))).toBeUndefined()
})
