import { describe, expect, test } from "vitest"
import { createCache } from "./cache.ts"

const mark = { cache_control: { type: "ephemeral" } }
const hour = { cache_control: { type: "ephemeral", ttl: "1h" } }
const words = (n: number, more = {}) => ({ type: "text", text: "word ".repeat(n), ...more })
const facts = { minCacheTokens: 100 }
const minute = 60_000

function open() {
  let time = 0
  const cache = createCache(() => time)
  return {
    pass: (ms: number) => {
      time += ms
    },
    ask: (system: object[], ...messages: object[][]) =>
      cache.measure(
        {
          model: "m",
          system,
          messages: messages.map((content, i) => ({ role: i % 2 === 0 ? "user" : "assistant", content })),
        },
        facts,
      ),
  }
}

describe("the simulated prompt cache", () => {
  test("writes up to the last mark and reads it again", () => {
    const { ask } = open()
    const first = ask([words(100, mark)], [words(100, mark)])
    expect(first).toMatchObject({ inputTokens: 0, cacheReadTokens: 0, hourWriteTokens: 0 })
    const second = ask([words(100, mark)], [words(100)], [words(10)], [words(50, mark)])
    expect(second.cacheReadTokens).toBe(first.cacheWriteTokens)
    expect(second.cacheWriteTokens).toBeGreaterThan(0)
    expect(second.cacheWriteTokens).toBeLessThan(first.cacheWriteTokens)
  })

  test("reads only as far as nothing was changed", () => {
    const { ask } = open()
    ask([words(100, mark)], [words(100, mark)])
    const changed = ask([words(100, mark)], [words(101, mark)])
    expect(changed.cacheReadTokens).toBeGreaterThan(0)
    expect(changed.cacheReadTokens).toBeLessThan(200)
    expect(ask([words(101, mark)], [words(100, mark)]).cacheReadTokens).toBe(0)
  })

  test("forgets after five minutes without a read, or an hour", () => {
    const { ask, pass } = open()
    ask([], [words(200, mark)])
    pass(4 * minute)
    expect(ask([], [words(200, mark)]).cacheReadTokens).toBeGreaterThan(0)
    pass(4 * minute)
    expect(ask([], [words(200, mark)]).cacheReadTokens).toBeGreaterThan(0)
    pass(5 * minute)
    expect(ask([], [words(200, mark)]).cacheReadTokens).toBe(0)
    const long = ask([], [words(300, hour)])
    expect(long.hourWriteTokens).toBe(long.cacheWriteTokens)
    pass(59 * minute)
    expect(ask([], [words(300, hour)]).cacheReadTokens).toBeGreaterThan(0)
  })

  test("looks back twenty blocks from a mark and no further", () => {
    const { ask } = open()
    ask([], [words(200, mark)])
    const blocks = (n: number) => Array.from({ length: n }, () => words(1))
    expect(ask([], [words(200), ...blocks(18), words(1, mark)]).cacheReadTokens).toBeGreaterThan(0)
    const fresh = open()
    fresh.ask([], [words(200, mark)])
    expect(fresh.ask([], [words(200), ...blocks(19), words(1, mark)]).cacheReadTokens).toBe(0)
  })

  test("keeps nothing below the model's minimum", () => {
    const { ask } = open()
    expect(ask([], [words(10, mark)])).toMatchObject({ cacheWriteTokens: 0, cacheReadTokens: 0 })
    expect(ask([], [words(10, mark)]).inputTokens).toBeGreaterThan(0)
  })
})
