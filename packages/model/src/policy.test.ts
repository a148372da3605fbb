import { describe, expect, test } from "vitest"
import {
  type Fault,
  kindOf,
  parseRetryAfter,
  passes,
  patientPolicy,
  redact,
  toFailure,
  waitMs,
} from "./policy.ts"

const about = { model: "claude-opus-5-5", host: "api.anthropic.com", nowMs: 0 }

describe("the kind of a failure", () => {
  const table: [string, Partial<Fault>, string][] = [
    ["a key that is wrong", { status: 401, message: "invalid x-api-key" }, "auth"],
    ["a key without permission", { status: 403, message: "not permitted" }, "auth"],
    ["a model the key may not use", { status: 403, message: "no access to model x" }, "not_allowed"],
    ["an account without money", { status: 402 }, "credit"],
    ["a billing error of any status", { status: 400, type: "billing_error" }, "credit"],
    ["a credit message behind a 400", { status: 400, message: "Your credit balance is too low" }, "credit"],
    ["a limit the user set", { status: 400, message: "reached your specified API usage limits" }, "credit"],
    ["a monthly spend limit behind a 429", { status: 429, code: "enforced_spend_limit_reached" }, "credit"],
    ["a model nobody knows", { status: 404, message: "model: claude-nobody" }, "not_allowed"],
    ["a wrong address", { status: 404, message: "Not Found" }, "not_allowed"],
    ["an address that moved", { status: 301 }, "not_allowed"],
    ["a prompt that does not fit", { status: 400, message: "prompt is too long: 9 > 8 maximum" }, "too_long"],
    [
      "a reply that would not fit",
      { status: 400, message: "input length and `max_tokens` exceed context limit: 9 + 1 > 8" },
      "too_long",
    ],
    [
      "a local server's small window",
      { status: 400, message: "request exceeds the available context size" },
      "too_long",
    ],
    ["a body of too many bytes", { status: 413, type: "request_too_large" }, "too_long"],
    [
      "too many output tokens asked for",
      { status: 400, message: "max_tokens: 9 > 8, the maximum allowed" },
      "bad_request",
    ],
    ["an invalid request", { status: 400, message: "messages: roles must alternate" }, "bad_request"],
    ["an unprocessable request", { status: 422 }, "bad_request"],
    ["any other refusal", { status: 418 }, "bad_request"],
    ["a rate limit", { status: 429 }, "overloaded"],
    ["an overload", { status: 529 }, "overloaded"],
    ["an overload told inside the stream", { type: "overloaded_error" }, "overloaded"],
    ["an invalid request told inside the stream", { type: "invalid_request_error" }, "bad_request"],
    ["an inner error told inside the stream", { type: "api_error" }, "unavailable"],
    ["an error of an unknown type", { type: "new_error" }, "unavailable"],
    ["an inner error", { status: 500 }, "unavailable"],
    ["a bad gateway", { status: 502 }, "unavailable"],
    ["a request that took too long", { status: 408 }, "unavailable"],
    ["a conflict", { status: 409 }, "unavailable"],
    ["no answer at all", { message: "connect ECONNREFUSED" }, "unavailable"],
  ]
  test.each(table)("%s", (_, fault, kind) => {
    expect(kindOf({ message: "", ...fault })).toBe(kind)
  })

  test("only overload and outage pass by themselves", () => {
    const kinds = ["auth", "credit", "not_allowed", "bad_request", "too_long", "aborted"] as const
    expect(kinds.filter(passes)).toEqual([])
    expect(passes("overloaded") && passes("unavailable")).toBe(true)
  })
})

describe("the sentence of a failure", () => {
  test("says what happened and what to do", () => {
    const { message, requestId } = toFailure(
      { status: 401, message: "invalid x-api-key", requestId: "req_1" },
      about,
    )
    expect(message).toBe(
      "api.anthropic.com does not accept the API key (401: invalid x-api-key). Enter a valid key in Settings or set ANTHROPIC_API_KEY, then resume.",
    )
    expect(requestId).toBe("req_1")
  })

  test("names the model that may not be used", () => {
    const fault = { status: 404, message: "model: claude-opus-5-5" }
    expect(toFailure(fault, about).message).toContain("The model claude-opus-5-5 cannot be used")
  })

  test("never repeats a key, however the provider puts it", () => {
    expect(redact("Incorrect API key provided: sk-ant-abc_123-x.")).toBe("Incorrect API key provided: ….")
    expect(redact("header Authorization: Bearer abc.def was refused")).not.toContain("abc.def")
  })

  test.each([
    ["a captive portal's page", { status: 200, isPage: true }, "unavailable", /captive portal.*sign in/i],
    [
      "a portal's redirect",
      { status: 302, location: "http://portal.test/x" },
      "unavailable",
      /http:\/\/portal.test.*captive/,
    ],
    ["a network that wants a sign-in", { status: 511 }, "unavailable", /captive portal/],
    [
      "an address that moved",
      { status: 308, location: "https://new.test/v1" },
      "not_allowed",
      /ANTHROPIC_BASE_URL/,
    ],
    ["a redirect to nowhere", { status: 301 }, "not_allowed", /another address/],
    ["a firewall's page", { status: 403, isPage: true }, "not_allowed", /web page/],
    ["a web server's page", { status: 404, isPage: true }, "not_allowed", /ANTHROPIC_BASE_URL/],
    ["a page for a bad request", { status: 400, isPage: true }, "not_allowed", /web page/],
    ["a gateway's page", { status: 502, isPage: true }, "unavailable", /No complete answer/],
    ["a proxy that wants a password", { status: 407, isPage: true }, "not_allowed", /HTTPS_PROXY/],
    ["a server that takes no such request", { status: 405 }, "not_allowed", /no Messages API/],
  ])("recognises %s", (_, fault, kind, words) => {
    const failure = toFailure({ message: "<html>", ...fault }, about)
    expect(failure).toMatchObject({ kind, message: expect.stringMatching(words) })
    expect(failure.message).not.toContain("fault in Aura")
  })

  test("counts a date it names by the clock of who named it", () => {
    const fault = { status: 429, message: "", retryAfter: "Mon, 23 Nov 2026 11:00:00 GMT" }
    const date = "Mon, 23 Nov 2026 10:00:00 GMT"
    expect(toFailure({ ...fault, date }, { ...about, nowMs: 0 }).retryAfterMs).toBe(3_600_000)
  })

  test("stays short when the provider sends a whole page", () => {
    const { message } = toFailure({ status: 502, message: `<html>${"x ".repeat(5000)}` }, about)
    expect(message.length).toBeLessThan(400)
  })
})

describe("the retry-after header", () => {
  const now = Date.parse("2026-11-23T10:00:00Z")
  test.each([
    ["12", 12_000],
    ["0.5", 500],
    ["0", 0],
    ["3600", 3_600_000],
    ["999999999999", 86_400_000],
    ["Mon, 23 Nov 2026 10:01:00 GMT", 60_000],
    ["Mon, 23 Nov 2026 09:00:00 GMT", 0],
    ["Mon, 23 Nov 2026 11:00:00 GMT", 3_600_000],
    ["Monday, 23-Nov-26 11:00:00 GMT", 3_600_000],
    ["Mon Nov 23 11:00:00 2026", 3_600_000],
    ["Fri, 31 Dec 9999 23:59:59 GMT", 86_400_000],
    ["soon", undefined],
    ["-5", undefined],
    ["12 parsecs", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%s", (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms)
  })
})

describe("the wait before the next attempt", () => {
  const wait = (attempt: number, retryAfterMs?: number, random = 1) =>
    waitMs(attempt, retryAfterMs, () => random, patientPolicy)

  test("doubles from one second up to five minutes", () => {
    expect([1, 2, 3, 9, 10, 500].map((n) => wait(n))).toEqual([1000, 2000, 4000, 256_000, 300_000, 300_000])
  })

  test("is shortened at random by up to a half", () => {
    expect(wait(3, undefined, 0)).toBe(2000)
    expect(wait(3, undefined, 0.5)).toBe(3000)
  })

  test("is never shorter than what the provider asks for", () => {
    expect(wait(1, 60_000)).toBe(60_000)
    expect(wait(9, 1000)).toBe(256_000)
  })
})
