import { expect, it } from "vitest"
import { groupHits } from "./find.logic.ts"

const hit = (path: string, line: number, text: string, at: number) => ({ path, line, text, at, length: 3 })

it("puts places under their files, and what was found in sight", () => {
  const long = `${"x".repeat(60)}abc`
  const files = groupHits([
    hit("a", 1, "abc", 0),
    hit("a", 9, long, 60),
    hit("b", 2, `${" ".repeat(40)}abc`, 40),
  ])
  expect(files.map(({ path, hits }) => [path, hits.length])).toEqual([
    ["a", 2],
    ["b", 1],
  ])
  const [, cut] = files[0]?.hits ?? []
  expect([cut?.text.length, cut?.text.slice(cut.at, cut.at + 3)]).toEqual([28, "abc"])
  expect(files[1]?.hits[0]?.at).toBe(40)
})
