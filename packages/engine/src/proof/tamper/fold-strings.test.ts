import { expect, it } from "vitest"
import { foldStrings } from "./fold-strings.ts"

it.each([
  ['"NODE_" + "TEST" + \'_CONTEXT\'', '"NODE_TEST_CONTEXT"'],
  ['["NODE", "TEST"].join("_")', '"NODE_TEST"'],
  ['["N", "O"].join("") + "DE"', '"NODE"'],
  ['"EDON".split("").reverse().join("")', '"NODE"'],
  ['atob("Tk9ERQ==")', '"NODE"'],
  ['Buffer.from("4e4f4445", "hex").toString()', '"NODE"'],
  ["String.fromCharCode(78, 79)", '"NO"'],
  ["a + b", "a + b"],
  ['"a" +\n"b"', '"a" +\n"b"'],
])("reads %s as %s", (source, folded) => expect(foldStrings(source)).toBe(folded))
