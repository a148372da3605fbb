import { expect, it } from "vitest"
import { findShadows } from "./shadows.ts"

const change = (path: string, more = {}) => ({ path, before: null, after: "exit 0\n", ...more })
const kinds = (...of: Parameters<typeof findShadows>) => findShadows(...of).map(({ kind }) => kind)

it("takes a file with a tool's name for one only where it can be run", () => {
  expect(kinds(change("go", { isExecutable: true }), false)).toEqual(["tool_shadowed"])
  expect(kinds(change("bin/node", { isExecutable: true }), false)).toEqual(["tool_shadowed"])
  expect(kinds(change("go", { isExecutable: false }), false)).toEqual([])
  expect(kinds(change("test", { isExecutable: false }), false)).toEqual([])
  expect(kinds(change("node.cmd", { isExecutable: false }), false)).toEqual(["tool_shadowed"])
  // One that becomes executable, and nothing else.
  expect(kinds({ path: "go", before: "x", after: "x", isExecutable: true }, false)).toEqual(["tool_shadowed"])
})
