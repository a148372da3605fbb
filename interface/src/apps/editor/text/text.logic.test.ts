import fc from "fast-check"
import { expect, it } from "vitest"
import { findChange, indentOf, lineEndOf, toLines } from "./text.logic.ts"

it("knows line ends, and takes mixed ones as they are", () => {
  expect(["", "a", "a\nb", "a\r\nb\r\n", "a\r\nb\n", "a\rb"].map(lineEndOf)).toEqual([
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\n",
    "\n",
  ])
  expect(toLines("a\r\nb\r\n")).toEqual(["a", "b", ""])
})

it("never loses a byte between text and lines", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "\r", "\n", "\r\n", "é", "😀")), (parts) => {
      const text = parts.join("")
      expect(toLines(text).join(lineEndOf(text))).toBe(text)
    }),
  )
})

it("sees how a text is indented", () => {
  expect(indentOf("a:\n    b\n    c:\n        d\n")).toBe("    ")
  expect(indentOf("a {\n\tb\n}\n")).toBe("\t")
  expect(indentOf("plain\n")).toBe("  ")
})

it("finds the range that differs", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (head, a, b, tail) => {
      const [from, to] = [head + a + tail, head + b + tail]
      const change = findChange(from, to)
      const done = change ? from.slice(0, change.from) + change.insert + from.slice(change.to) : from
      expect(done).toBe(to)
    }),
  )
  expect(findChange("abc", "abXc")).toEqual({ from: 2, to: 2, insert: "X" })
})
