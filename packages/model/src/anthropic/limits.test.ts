import { describe, expect, test } from "vitest"
import { createLimits } from "./limits.ts"

const now = Date.parse("2026-11-27T10:00:00Z")
const headers = (of: Record<string, string>) =>
  new Headers(
    Object.entries(of).map(([name, value]): [string, string] => [`anthropic-ratelimit-${name}`, value]),
  )

function wait(of: Record<string, string>, tokens = 100, at = now) {
  const limits = createLimits()
  limits.note(headers(of), now)
  return limits.waitFor(tokens, at)
}

describe("a request waits before the wall", () => {
  const soon = "2026-11-27T10:00:20Z"
  test("when no request is left", () => {
    expect(wait({ "requests-remaining": "0", "requests-reset": soon })).toEqual({
      ms: 20_000,
      reason: "The rate limit has 0 requests left until 2026-11-27T10:00:20.000Z.",
    })
  })

  test("when fewer input tokens are left than it brings", () => {
    const left = { "input-tokens-remaining": "1000", "input-tokens-reset": soon }
    expect(wait(left, 1001)?.ms).toBe(20_000)
    expect(wait(left, 1000)).toBeUndefined()
  })

  test("for the last of several limits", () => {
    const left = {
      "requests-remaining": "0",
      "requests-reset": soon,
      "output-tokens-remaining": "0",
      "output-tokens-reset": "2026-11-27T10:00:40Z",
    }
    expect(wait(left)?.ms).toBe(40_000)
  })

  test("not after the limit was filled up, and not where the headers say nothing", () => {
    expect(wait({ "requests-remaining": "0", "requests-reset": soon }, 1, now + 20_000)).toBeUndefined()
    expect(wait({})).toBeUndefined()
    expect(wait({ "requests-remaining": "none", "requests-reset": "later" })).toBeUndefined()
  })

  test("never longer than five minutes, and once", () => {
    const limits = createLimits()
    limits.note(headers({ "requests-remaining": "0", "requests-reset": "2027-01-01T00:00:00Z" }), now)
    expect(limits.waitFor(1, now)?.ms).toBe(300_000)
    expect(limits.waitFor(1, now)).toBeUndefined()
  })
})
