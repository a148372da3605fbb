import { describe, expect, it } from "vitest"
import { measureDiff, parseDiff } from "./diff.logic.ts"

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
