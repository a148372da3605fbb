import type { Row } from "@aura/core"
import { expect, it } from "vitest"
import { findSpot, lineOf } from "./follow.logic.ts"

function tool(id: string, name: string, input: Record<string, unknown>, more: object = {}): Row<"entries"> {
  return {
    id,
    projectId: "p",
    sessionId: "s",
    n: 1,
    instanceId: "i",
    at: "2026-01-01T00:00:00.000Z",
    kind: "tool",
    toolUseId: id,
    name,
    input,
    output: "",
    isError: false,
    durationMs: 1,
    ...more,
  }
}
const diff = "--- a\n+++ a\n@@ -8,4 +8,5 @@\n same\n same\n-old\n+new\n+more\n same"

it("finds the newest call on a file, and its line", () => {
  const entries = [
    tool("1", "edit_file", { path: "./src/a.ts" }, { diff }),
    tool("2", "run_command", { command: "npm test" }),
    tool("3", "read_file", { path: "missing.ts" }, { isError: true }),
  ]
  expect(findSpot(entries, "/w")).toEqual({ id: "1", path: "src/a.ts", line: 10, verb: "edits" })
  const read = tool("4", "read_file", { path: "/w/b.ts", start_line: 40 })
  expect(findSpot([...entries, read], "/w")).toEqual({ id: "4", path: "b.ts", line: 40, verb: "reads" })
  expect(findSpot([], "/w")).toBeUndefined()
})

it("goes nowhere outside", () => {
  for (const path of ["/etc/passwd", "../x", "a/../../x", "", "/w/../x", 7])
    expect(findSpot([tool("1", "read_file", { path })], "/w")).toBeUndefined()
})

it("tells the first line of a diff that is new, or where some went", () => {
  expect(lineOf(diff)).toBe(10)
  expect(lineOf("@@ -1 +0,0 @@\n-gone")).toBe(1)
  expect(lineOf("no diff")).toBeUndefined()
})
