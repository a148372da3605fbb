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
