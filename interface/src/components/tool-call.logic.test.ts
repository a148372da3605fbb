import { describe, expect, it } from "vitest"
import { countLines, describeCall, foldLines } from "./tool-call.logic.ts"

describe("a tool call in one line", () => {
  it("names what it is about", () => {
    expect(describeCall("run_command", { command: "npm test" })).toEqual({
      verb: "Run",
      target: "npm test",
      mono: true,
    })
    expect(describeCall("read_file", { path: "a.ts", start_line: 3, end_line: 9 }).target).toBe("a.ts:3–9")
    expect(describeCall("look_at_page", { serve: "npm start", page: "http://localhost:3000" })).toMatchObject(
      {
        verb: "Look at",
        target: "http://localhost:3000",
      },
    )
    expect(describeCall("task_done", { notes: "All good" })).toMatchObject({
      target: "All good",
      mono: false,
    })
  })

  it("copes with tools and inputs it has never heard of", () => {
    expect(describeCall("fetch_weather", { days: 3, city: "Oslo" })).toEqual({
      verb: "fetch weather",
      target: "Oslo",
      mono: true,
    })
    expect(describeCall("run_command", { command: 7 }).target).toBe("")
  })
})

describe("long output", () => {
  it("keeps its head and tail and says how much is left out", () => {
    expect(foldLines("1\n2\n3\n4\n5\n6\n", 2, 1)).toEqual({ head: "1\n2", left: 3, tail: "6" })
    expect(foldLines("1\n2\n3\n4", 2, 1)).toEqual({ head: "1\n2\n3\n4", left: 0, tail: "" })
    expect([countLines(""), countLines("a\nb\n")]).toEqual([0, 2])
  })
})
