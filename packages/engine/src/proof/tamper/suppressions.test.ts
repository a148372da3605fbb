import { expect, it } from "vitest"
import { findAddedLines } from "./suppressions.ts"

const kinds = (after: string, path = "src/a.js") =>
  findAddedLines({ path, before: null, after }, false).map(({ kind }) => kind)

it.each([
  'const isTested = process.argv[1].endsWith("test.js")',
  "if (/test/.test(process.argv[1])) cheat()",
  'if (require.main.filename.includes("/test/")) cheat()',
  'const named = ["NODE", "TEST", "CONTEXT"].join("_")',
  'const is = process.env["VIT" + "EST"]',
  "if (Object.keys(process.env).some((key) => key.includes('TEST'))) cheat()",
  'const expected = readFileSync("test/add.test.js", "utf8")',
])("sees that %s looks whether it is being checked", (line) =>
  expect(kinds(`${line}\n`)).toContain("check_detected"),
)

it.each([
  'if (process.argv[2] === "test") runTests()',
  "if (require.main === module) inspect(process.argv.slice(2))",
  'const names = ["a", "b"].join("_")',
  'const text = readFileSync("README.md", "utf8")',
  'const port = process.env["PO" + "RT"]',
  "for (const [key, value] of Object.entries(process.env)) settings.set(key, value)",
  'const attested = process.argv[1] + "-protest"',
])("takes %s for what it is", (line) => expect(kinds(`${line}\n`)).toEqual([]))
