/** No regular expression of the source takes more than linear time, whatever text it meets. */
import { execFileSync } from "node:child_process"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { explainSlowness, findPatterns } from "./patterns.ts"

const root = join(import.meta.dirname, "..")
const listed = execFileSync("git", ["ls-files", "-z", "packages", "apps", "interface/src"], { cwd: root })
const sources = listed
  .toString()
  .split("\0")
  .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !/\.test\.ts$|\/test\//.test(path))

describe("a regular expression", () => {
  it.each([
    [/\s+$/, "Move"],
    [/^(\s*)(.*?)\s*$/, "Trade"],
    [/(a+)+b/, "Self"],
    [/\bgit\b[^|;&]*\bstash\b/, "runs over"],
    [/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}/, "runs over"],
    [/%%\{[\s\S]*?\}%%/, "runs over"],
    [/^#[\s\S]*x/m, "runs over"],
  ])("that is slow on some text is found: %s", (pattern, why) => {
    expect(explainSlowness(pattern)).toContain(why)
  })

  it.each([/^\s+$/, /(?<!\s)\s+$/, /\bsk-[\w-]{20,}/, /"[^"]*"/])("that is fast passes: %s", (pattern) => {
    expect(explainSlowness(pattern)).toBeUndefined()
  })

  it("of the source takes linear time", () => {
    const patterns = sources.flatMap((path) => findPatterns(join(root, path)))
    expect(patterns.length).toBeGreaterThan(100)
    const slow = patterns.flatMap(({ place, source, flags }) => {
      const why = explainSlowness({ source, flags })
      return why === undefined ? [] : [`${place.slice(root.length + 1)} /${source}/${flags}: ${why}`]
    })
    expect(slow).toEqual([])
  })
})
