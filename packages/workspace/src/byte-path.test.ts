import { expect, it } from "vitest"
import { showBytes, toBytes, toPath, toText } from "./byte-path.ts"

it.each([
  ["Latin-1", [0x63, 0x61, 0x66, 0xe9]],
  ["a cut character", [0x61, 0xe2, 0x82]],
  ["an encoded surrogate", [0xed, 0xb2, 0x80]],
  ["too long a form", [0xc0, 0xaf, 0x2f]],
  ["a byte order mark and valid text", [0xef, 0xbb, 0xbf, 0xf0, 0x9f, 0x98, 0x80]],
  ["valid text beside a byte that is none", [0xf0, 0x9f, 0x98, 0x80, 0xff, 0xc3, 0xa9]],
])("leads from bytes to text and back to the same bytes: %s", (_, bytes) => {
  const given = Buffer.from(bytes)
  expect([...toBytes(toText(given))]).toEqual(bytes)
})

it("shows an invalid UTF-8 byte as an escape, and does not change other names", () => {
  const text = toText(Buffer.from([0x63, 0xe9, 0x2e, 0x74]))
  expect(showBytes(text)).toBe("c\\xe9.t")
  expect(showBytes("ü😀.txt")).toBe("ü😀.txt")
  expect(toPath("ü😀.txt")).toBe("ü😀.txt")
  expect(toPath(text)).toEqual(Buffer.from([0x63, 0xe9, 0x2e, 0x74]))
})
