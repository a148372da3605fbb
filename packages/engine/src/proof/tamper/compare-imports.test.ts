import { expect, it } from "vitest"
import { compareImports } from "./compare-imports.ts"

const before =
  'import { it } from "vitest"\nimport { add } from "../src/add.js"\nit("adds", () => expect(add(1, 2)).toBe(3))\n'
const compare = (after: string, ...others: Parameters<typeof compareImports>[1]) => {
  const file = { path: "test/add.test.js", before, after }
  return compareImports(file, [file, ...others]).map(({ sentence }) => sentence)
}
const fake = before.replace("../src/add.js", "./fake.js")

it("sees that a test is about another module, or about a stand-in", () => {
  expect(compare(fake)).toEqual(["The test is about add of ./fake.js now, no longer of ../src/add.js."])
  expect(
    compare(before.replace('it("adds"', 'vi.mock("../src/add.js", () => ({ add: () => 3 }))\nit("adds"')),
  ).toEqual(["../src/add.js, which the test is about, is replaced by a stand-in now."])
  const required = 'const { add } = require("../src/add.js")\n'
  const file = {
    path: "test/a.test.js",
    before: required,
    after: required.replace("../src/add.js", "./fake.js"),
  }
  expect(compareImports(file, [file])).toHaveLength(1)
})

it("takes a module that moved, a new import and a stand-in for something else for what they are", () => {
  expect(compare(fake, { path: "src/add.js", before: "export const add = 1", after: null })).toEqual([])
  expect(
    compare(fake, { path: "src/add.js", before: "export const add = 1", after: "export const sub = 1" }),
  ).toEqual([])
  expect(compare(`import { sub } from "../src/sub.js"\n${before}`)).toEqual([])
  expect(compare(`vi.mock("../src/mailer.js")\n${before}`)).toEqual([])
})
