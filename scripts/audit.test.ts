import { expect, it } from "vitest"
import { judge } from "./audit.mjs"

const weakness = {
  source: 1,
  name: "left",
  title: "It falls over",
  severity: "high",
  url: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
}
const report = JSON.stringify({ vulnerabilities: { left: { via: [weakness] }, right: { via: ["left"] } } })

it("fails on a known weakness, and passes it with a written reason", () => {
  expect(judge(report, {})).toMatchObject({
    ok: false,
    lines: [expect.stringContaining("GHSA-aaaa-bbbb-cccc left (high)")],
  })
  const excepted = judge(report, { "GHSA-aaaa-bbbb-cccc": "only used to build the interface" })
  expect(excepted).toMatchObject({ ok: true, lines: [expect.stringContaining("only used to build")] })
})

it("fails on an exception nothing needs any more", () => {
  expect(judge('{"vulnerabilities":{}}', { "GHSA-x": "old" }).ok).toBe(false)
  expect(judge('{"vulnerabilities":{}}', {}).ok).toBe(true)
})

it.each([
  ["no endpoint", '{"message":"405 Method Not Allowed","statusCode":405}'],
  ["no network", '{"error":{"code":"ENOTFOUND"}}'],
  ["no report", "npm error"],
])("says that there is no audit where the registry gives %s", (_, text) => {
  expect(judge(text, {})).toMatchObject({ ok: true, lines: [expect.stringContaining("audit not available")] })
})
