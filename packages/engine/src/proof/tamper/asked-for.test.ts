import { expect, it } from "vitest"
import { isAskedFor } from "./asked-for.ts"

const gone = (words: string) => ({ action: "remove", words, newValues: [], oldValues: [] }) as const

it("takes a removal for asked for where the text names the file, whatever it is called", () => {
  const of = gone("is old test/old.test.js")
  expect(isAskedFor(of, ["`src/old.js` and its test are removed: nobody uses it any more."])).toBe(true)
  expect(isAskedFor(of, ["`src/new.js` is removed."])).toBe(false)
  expect(isAskedFor(of, ["`src/old.js` is not removed."])).toBe(false)
  expect(isAskedFor(gone("adds tests/test_main.py"), ["Remove main.py."])).toBe(true)
})
