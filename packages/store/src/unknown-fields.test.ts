import { expect, test } from "vitest"
import { keepUnknown } from "./unknown-fields.ts"

const known = {
  id: "a",
  usage: { in: 1 },
  checks: [
    { id: "c", ok: true },
    { id: "d", ok: true },
  ],
  old: 1,
}
const raw = {
  ...known,
  colour: "red",
  usage: { in: 1, thought: 7 },
  checks: [
    { id: "c", ok: true, took: 5 },
    { id: "d", ok: true, took: 6 },
  ],
}

test("keeps fields that are not known, at every depth, beside the new values", () => {
  const next = {
    id: "a",
    usage: { in: 2 },
    checks: [
      { id: "d", ok: false },
      { id: "e", ok: true },
    ],
    old: 1,
  }
  expect(keepUnknown(raw, known, next)).toEqual({
    id: "a",
    colour: "red",
    usage: { in: 2, thought: 7 },
    checks: [
      { id: "d", ok: false, took: 6 },
      { id: "e", ok: true },
    ],
    old: 1,
  })
})

test("lets known fields go that the new row leaves out", () => {
  const { old: _, ...next } = known
  expect(keepUnknown(raw, known, next)).not.toHaveProperty("old")
})

test("takes the new value where the kinds differ", () => {
  expect(keepUnknown({ a: { b: 1, c: 2 } }, { a: { b: 1 } }, { a: null })).toEqual({ a: null })
  expect(keepUnknown({ a: [1] }, { a: [1] }, { a: "x" })).toEqual({ a: "x" })
})
