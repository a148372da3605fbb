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
import { score } from "../interface/src/parts/palette/palette.logic.ts"
import { createRedactor, findSecretLines, maskFile } from "../packages/core/src/index.ts"
import { findHarmless } from "../packages/domain/src/tasks/counts-as-proof.ts"
import { isAsk } from "../packages/engine/src/loop/stall.ts"
import { isRisky } from "../packages/engine/src/tools/risky.ts"
import { parseRetryAfter, redact } from "../packages/model/src/policy.ts"
import { readTask } from "../packages/model/src/screenplay/match.ts"
import { splitDiff } from "../packages/workspace/src/git/raw-diff.ts"

type Reader = (text: string) => unknown

const redactor = createRedactor([`ab${"ab".repeat(2000)}c`, "marker value/1234s"])

/** Every reader of foreign text, by package. */
const readers: Record<string, Record<string, Reader>> = {
  core: {
    "redactor.text": redactor.text,
    "redactor.known": redactor.known,
    "redactor.settled": redactor.settled,
    "maskFile .env": (text) => maskFile(".env", text),
    "findSecretLines .env": (text) => findSecretLines(".env", text),
    "findSecretLines .netrc": (text) => findSecretLines(".netrc", text),
    "findSecretLines key": (text) => findSecretLines("id_rsa", text),
    "maskFile key": (text) => maskFile("id_rsa", text),
  },
  claude: { redact, parseRetryAfter: (text) => parseRetryAfter(text, 0), readTask },
  engine: { splitDiff, isAsk, findHarmless, isRisky },
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

const usualLength = 200_000
const factor = 8
/** Linear readers come near 8, quadratic ones near 64. */
const maxGrowth = 24
/** What takes less than this for so long a text holds nothing up; linear readers take a tenth of it. */
const maxMs = 100

/** Of the processor, so that other programs of the machine do not count. */
function measure(read: Reader, text: string): number {
  const before = process.threadCpuUsage()
  read(text)
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

/** How much longer a text of eight times the length takes, at best; 0 where even the long one takes little. */
function findGrowth(read: Reader, make: (length: number) => string, length = usualLength): number {
  const [short, long] = [make(length / factor), make(length)]
  let growth = Number.POSITIVE_INFINITY
  for (let run = 0; run < 4 && growth > maxGrowth; run++) {
    const ms = measure(read, long)
    if (ms < maxMs) return 0
    growth = Math.min(growth, ms / Math.max(0.1, measure(read, short)))
  }
  return growth
}

it("a reader that takes quadratic time is found", () => {
  const quadratic = (text: string) => /\s+$/.test(text)
  expect(findGrowth(quadratic, (chars) => `${" ".repeat(chars)}x`, 20_000)).toBeGreaterThan(maxGrowth)
})

describe.each(Object.entries(readers))("%s", (_, named) => {
  it.each(Object.entries(named))("%s takes time in proportion to its text", (_name, read) => {
    const slow: string[] = []
    for (const piece of pieces)
      for (const [i, shape] of shapes.entries()) {
        const growth = findGrowth(read, (chars) => shape(piece, Math.ceil(chars / piece.length)))
        if (growth > maxGrowth)
          slow.push(`${JSON.stringify(piece)} in shape ${i}: ${growth.toFixed(1)} times`)
      }
    expect(slow).toEqual([])
  })
})
