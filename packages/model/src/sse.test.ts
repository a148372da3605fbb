import { expect, test } from "vitest"
import { createEventReader } from "./sse.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const stream =
  'event: ping\ndata: {}\n\n: a comment\n\nevent: x\r\ndata:{"a":"Grüße 🦊"}\r\n\r\ndata: 1\ndata: 2\n\n'
const events = [
  { event: "ping", data: " {}" },
  { event: "x", data: '{"a":"Grüße 🦊"}' },
  { event: "", data: " 1\n 2" },
]

test("events come out whole, whatever the size of the chunks", () => {
  const whole = bytes(stream)
  for (let size = 1; size <= whole.length; size++) {
    const read = createEventReader()
    const found = []
    for (let at = 0; at < whole.length; at += size) found.push(...read(whole.subarray(at, at + size)))
    expect(found).toEqual(events)
  }
})

test("an unfinished event is kept back", () => {
  const read = createEventReader()
  expect(read(bytes("data: 1\n"))).toEqual([])
  expect(read(bytes("\n"))).toEqual([{ event: "", data: " 1" }])
})

test("an event without an end is given up at the limit, whole or in lines", () => {
  for (const piece of ["data: xxxxxxxx", "data: x\n"]) {
    const read = createEventReader(100)
    expect(() => {
      for (let i = 0; i < 100; i++) read(bytes(piece))
    }).toThrow("too long")
  }
})

test("many events are no long one", () => {
  const read = createEventReader(20)
  for (let i = 0; i < 100; i++) expect(read(bytes("data: 123\n\n"))).toHaveLength(1)
})

test("the time for one event grows with its length only, in pieces of any size", () => {
  const measure = (size: number) => {
    const read = createEventReader()
    const piece = bytes("x".repeat(16))
    const start = performance.now()
    for (let at = 0; at < size; at += piece.length) read(piece)
    read(bytes("\n\n"))
    return performance.now() - start
  }
  measure(100_000)
  expect(measure(4_000_000)).toBeLessThan(2000)
})
