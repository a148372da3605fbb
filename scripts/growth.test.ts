/** What reads foreign text takes time in proportion to its length, also for text made to be slow. */
import { describe, expect, it } from "vitest"
import { suggestName } from "../interface/src/apps/projects/new-project.logic.ts"
import { toInline, toPassages } from "../interface/src/apps/projects/requirements.logic.ts"
import { toFailingNames } from "../interface/src/apps/run/failures.logic.ts"
import { toExcerpt, withoutTitle } from "../interface/src/apps/specs/specs.logic.ts"
import { stripAnsi, toSpans } from "../interface/src/components/ansi.logic.ts"
import { cleanSource, toImageAddress } from "../interface/src/components/diagram.logic.ts"
import { parseDiff, toHunks } from "../interface/src/components/diff.logic.ts"
import { countLines, foldLines } from "../interface/src/components/tool-call.logic.ts"
import { score } from "../interface/src/views/palette/palette.logic.ts"
import { parseRetryAfter, redact } from "../packages/claude/src/policy.ts"
import { readTask } from "../packages/claude/src/screenplay/match.ts"
import { createRedactor, maskFile } from "../packages/core/src/index.ts"
import { splitDiff } from "../packages/engine/src/git.ts"
import { maskOutput } from "../packages/engine/src/output-room.ts"
import { isAsk } from "../packages/engine/src/stall.ts"

type Reader = (text: string) => unknown

const redactor = createRedactor([`ab${"ab".repeat(2000)}c`, "marker value/1234s"])

/** Every reader of foreign text, by package. */
const readers: Record<string, Record<string, Reader>> = {
  core: {
    "redactor.text": redactor.text,
    "redactor.known": redactor.known,
    "redactor.settled": redactor.settled,
    "maskFile .env": (text) => maskFile(".env", text),
    "maskFile key": (text) => maskFile("id_rsa", text),
  },
  claude: { redact, parseRetryAfter: (text) => parseRetryAfter(text, 0), readTask },
  engine: { splitDiff, maskOutput, isAsk },
  interface: {
    suggestName,
    toPassages: (text) => toPassages(text, []),
    toInline,
    toFailingNames,
    toExcerpt,
    withoutTitle: (text) => withoutTitle(text, text),
    stripAnsi,
    toSpans,
    cleanSource,
    toImageAddress,
    parseDiff: (text) => parseDiff(`--- a\n+++ b\n${text}`),
    toHunks: (text) => toHunks(`--- a\n+++ b\n@@ -1,1 +1,1 @@\n-${text}\n+${text}x\n`),
    foldLines: (text) => foldLines(text, 6, 6),
    countLines,
    score: (text) => score("ab", text),
  },
}

/** Pieces that, repeated, have made some pattern of this kind slow; each with a way to begin and to end. */
const pieces = [
  "a",
  "-",
  "_",
  " ",
  "\t",
  "\n",
  "\r",
  "\\",
  "/",
  "0",
  "1 ",
  "=",
  ":",
  '"',
  "'",
  "`",
  ";",
  "|",
  "&",
  "#",
  "# ",
  "*",
  "**",
  "~",
  "<",
  ">",
  "> ",
  "[",
  "](",
  "[a](",
  "![",
  "(",
  "{",
  "$(",
  "- ",
  "1. ",
  "  - ",
  "|a",
  "a:",
  "a=",
  "export ",
  "eyJaaaaaaaaaa-",
  "eyJaaaaaaaaaa.",
  "sk-ant-",
  "sk-",
  "SG.",
  "-----BEGIN ",
  "-----BEGIN PRIVATE KEY-----\n",
  "-----END A",
  "\u001b[",
  "\u001b]",
  "\u001b[1m",
  "%%{",
  "@import url(",
  "not ok 1 - a # ",
  "FAIL ",
  "rm a=b ",
  "git push ",
  "+++ ",
  "@@ -1 +1 @@\n",
  "diff --git ",
  "# Task: ",
  "Jan ",
  "&amp;",
  "<!--",
  "<a ",
  "é",
  "\u{1f600}",
  "ab",
] as const
const shapes = [
  (piece: string, n: number) => piece.repeat(n),
  (piece: string, n: number) => `${piece.repeat(n)}\u0001`,
  (piece: string, n: number) => `x${piece.repeat(n)}x`,
  (piece: string, n: number) => `# ${piece.repeat(n)}\nx`,
] as const

const factor = 8
/** Linear readers come near 8, quadratic ones near 64. */
const most = 24

function measure(read: Reader, text: string): number {
  const begun = performance.now()
  read(text)
  return performance.now() - begun
}

/** How much longer a text of eight times the length takes; 0 where even a long one takes no time to speak of. */
function findGrowth(read: Reader, make: (length: number) => string): number {
  let length = 1000
  let small = measure(read, make(length))
  while (small < 3 && length < 64_000) {
    length *= 2
    small = measure(read, make(length))
  }
  if (small < 3) return 0
  const large = make(length * factor)
  let growth = Number.POSITIVE_INFINITY
  for (let run = 0; run < 4 && growth > most; run++) {
    const fast = Math.max(1, measure(read, make(length)))
    growth = Math.min(growth, measure(read, large) / fast)
  }
  return growth
}

describe.each(Object.entries(readers))("%s", (_, named) => {
  it.each(Object.entries(named))("%s takes time in proportion to its text", (_name, read) => {
    const slow: string[] = []
    for (const piece of pieces)
      for (const [i, shape] of shapes.entries()) {
        const growth = findGrowth(read, (length) => shape(piece, Math.ceil(length / piece.length)))
        if (growth > most) slow.push(`${JSON.stringify(piece)} in shape ${i}: ${growth.toFixed(1)} times`)
      }
    expect(slow).toEqual([])
  })
})
