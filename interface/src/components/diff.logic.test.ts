import { describe, expect, it } from "vitest"
import { measureDiff, parseDiff, toHunks, toPairs } from "./diff.logic.ts"

const diff = `--- a/src/cli.ts
+++ b/src/cli.ts
@@ -1,3 +1,4 @@ function main() {
 one
-two
+TWO
++plus
 three
\\ No newline at end of file
`

describe("a unified diff", () => {
  it("numbers the lines of both sides", () => {
    expect(parseDiff(diff)).toEqual([
      { kind: "file", path: "src/cli.ts" },
      { kind: "hunk", text: "function main() {" },
      { kind: "same", text: "one", before: 1, after: 1 },
      { kind: "removed", text: "two", before: 2 },
      { kind: "added", text: "TWO", after: 2 },
      { kind: "added", text: "+plus", after: 3 },
      { kind: "same", text: "three", before: 3, after: 4 },
    ])
  })

  it("is measured by its lines", () => {
    expect(measureDiff(parseDiff(diff))).toEqual({ additions: 2, deletions: 1 })
  })

  it("takes lines that look like headers inside a hunk for what they are", () => {
    const tricky = "@@ -1 +1 @@\n--- old rule\n+++ new rule\n"
    expect(parseDiff(tricky)).toEqual([
      { kind: "hunk", text: "" },
      { kind: "removed", text: "-- old rule", before: 1 },
      { kind: "added", text: "++ new rule", after: 1 },
    ])
  })
})

describe("the parts of a diff", () => {
  it("mark what changed inside a line that is replaced", () => {
    const [hunk] = toHunks("@@ -1,2 +1,2 @@\n const a = 1\n-const total = sum(a)\n+const total = sum(a, b)\n")
    expect(hunk?.lines.map((line) => line.mark)).toEqual([undefined, undefined, [19, 22]])
  })

  it("leave lines unmarked that have little in common", () => {
    const [hunk] = toHunks("@@ -1 +1 @@\n-alpha\n+something else entirely\n")
    expect(hunk?.lines.every((line) => line.mark === undefined)).toBe(true)
  })

  it("stand side by side, what replaces beside what it replaces", () => {
    const [hunk] = toHunks("@@ -1,4 +1,4 @@\n one\n-two\n-three\n+TWO\n four\n+five\n")
    expect(toPairs(hunk?.lines ?? []).map((pair) => [pair.before?.text, pair.after?.text])).toEqual([
      ["one", "one"],
      ["two", "TWO"],
      ["three", undefined],
      ["four", "four"],
      [undefined, "five"],
    ])
  })
})
