import { describe, expect, it } from "vitest"
import { parseEvent, toSocketUrl, waitBefore } from "./live.logic.ts"

describe("waiting to reconnect", () => {
  it("grows with every attempt up to a limit and is spread", () => {
    expect(waitBefore(0, 1)).toBe(400)
    expect(waitBefore(3, 1)).toBe(3200)
    expect(waitBefore(50, 1)).toBe(15_000)
    expect(waitBefore(3, 0)).toBe(1600)
  })
})

describe("a message of the socket", () => {
  it("is an event with rows or live text", () => {
    const stored = { seq: 4, at: "2030-01-01T00:00:00Z", type: "task.ready", rows: { tasks: [] } }
    expect(parseEvent(JSON.stringify(stored))).toEqual(stored)
    expect(parseEvent('{"type":"tool.output","text":"x"}')).toEqual({ type: "tool.output", text: "x" })
  })

  it("is nothing when it has another shape", () => {
    expect(parseEvent("[]")).toBeUndefined()
    expect(parseEvent('{"seq":"4","type":"task.ready","rows":{}}')).toBeUndefined()
    expect(parseEvent('{"seq":4,"type":"task.ready"}')).toBeUndefined()
  })
})

describe("the socket's address", () => {
  it("carries the ticket and the last event seen", () => {
    expect(toSocketUrl("http://127.0.0.1:3100", "t k", 17)).toBe(
      "ws://127.0.0.1:3100/ws/events?token=t+k&after=17",
    )
    expect(toSocketUrl("https://aura.test", "t", undefined)).toBe("wss://aura.test/ws/events?token=t")
  })
})
