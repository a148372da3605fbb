/** Searches a folder with ripgrep, without ignored files. */
import { AuraError, type TextHit, type TextQuery } from "@aura/core"
import { rgPath } from "@vscode/ripgrep"
import { z } from "zod"
import { refuseReplaced } from "../folder/folder.ts"
import { hostEnv } from "../host-program.mjs"
import { cleanEnv } from "../run/process.ts"
import { runProgram } from "../run/program.ts"
import type { FoundLines, Search } from "../search.ts"

type Found = { text: string; error: string }

const maxMs = 30_000
const maxHits = 1_000
const maxOfFile = 200
/** Of a longer line, only the part around the hit is returned. */
const maxLineLength = 300

/** ripgrep exits with 1 when it found nothing and with 2 when it could not search. */
async function ripgrep(cwd: string, args: readonly string[], signal: AbortSignal): Promise<Found> {
  await refuseReplaced(cwd)
  if (args.some((arg) => arg.includes("\0")))
    return { text: "", error: "Nothing with a NUL character can be looked for." }
  const { exitCode, stdout, stderr, error } = await runProgram({
    file: rgPath,
    args,
    cwd,
    env: hostEnv(cleanEnv()),
    timeoutMs: maxMs,
    maxBytes: 32 * 1024 * 1024,
    signal,
  })
  const isDone = exitCode === 0 || exitCode === 1
  return {
    text: stdout.toString("utf8"),
    error: isDone ? "" : stderr.toString("utf8") || error || "The search was ended.",
  }
}

export function createLocalSearch(root: string): Search {
  return {
    async files(glob, signal = AbortSignal.timeout(maxMs)) {
      const args = ["--files", "--null", "--hidden", "--sort", "path", "--glob", "!.git"]
      const found = await ripgrep(root, [...args, ...(glob === undefined ? [] : ["--glob", glob])], signal)
      return { paths: found.text.split("\0").filter(Boolean), error: found.error }
    },
    async lines({ pattern, glob }, signal) {
      const args = [
        "--line-number",
        "--with-filename",
        "--null",
        "--no-heading",
        "--hidden",
        "--glob",
        "!.git",
        "--max-columns",
        String(maxLineLength),
        ...(glob === undefined ? [] : ["--glob", glob]),
        "--regexp",
        pattern,
        "--",
        ".",
      ]
      const found = await ripgrep(root, args, signal)
      return { hits: readHits(found.text), error: found.error }
    },
    text: async (query) => await findText(root, query),
  }
}

/** Each hit is PATH NUL LINE ":" TEXT: a path may hold line breaks and colons itself. */
function readHits(text: string): FoundLines["hits"] {
  const hits: FoundLines["hits"] = []
  let at = 0
  for (let end = text.indexOf("\0", at); end >= 0; end = text.indexOf("\0", at)) {
    const path = text.slice(at, end).replace(/^\.\//, "")
    const next = text.indexOf("\n", end)
    const hit = text.slice(end + 1, next < 0 ? text.length : next)
    const [line = ""] = hit.split(":", 1)
    hits.push({ path, line: Number(line), text: hit.slice(line.length + 1) })
    at = next < 0 ? text.length : next + 1
  }
  return hits
}

const Text = z.object({ text: z.string() })
const Match = z.object({
  type: z.literal("match"),
  data: z.object({
    path: Text,
    lines: Text,
    line_number: z.number(),
    submatches: z.array(z.object({ start: z.number(), end: z.number() })),
  }),
})

async function findText(root: string, query: TextQuery): Promise<{ items: TextHit[]; isCut: boolean }> {
  const args = [
    "--json",
    "--hidden",
    "--sort",
    "path",
    "--max-count",
    String(maxOfFile),
    "--glob",
    "!.git",
    query.isCased ? "--case-sensitive" : "--ignore-case",
    ...(query.isPattern ? [] : ["--fixed-strings"]),
    ...(query.isWord ? ["--word-regexp"] : []),
    "--regexp",
    query.text,
    "--",
    ".",
  ]
  const found = await ripgrep(root, args, AbortSignal.timeout(15_000))
  if (found.error && found.text === "") throw new AuraError("bad_request", explain(found.error))
  const items = found.text
    .split("\n")
    .flatMap((line) => (line.startsWith('{"type":"match"') ? toHits(line) : []))
  return { items: items.slice(0, maxHits), isCut: items.length > maxHits || found.error !== "" }
}

function explain(error: string): string {
  if (error.includes("regex parse error"))
    return "This is not a valid regular expression: check its brackets and special characters."
  if (error.includes("not allowed")) return "Only what stands in one line can be looked for."
  return error.trim().slice(0, 500)
}

function toHits(line: string): TextHit[] {
  // Skips paths and lines that are not UTF-8, which ripgrep returns as bytes.
  const match = Match.safeParse(JSON.parse(line)).data?.data
  if (!match) return []
  const whole = match.lines.text.replace(/\r?\n$/, "")
  const bytes = Buffer.from(whole)
  return match.submatches.map(({ start, end }) => {
    const column = bytes.subarray(0, start).toString().length
    const length = bytes.subarray(start, end).toString().length
    const from = whole.length > maxLineLength ? Math.max(0, column - 80) : 0
    return {
      path: match.path.text.replace(/^\.\//, ""),
      line: match.line_number,
      text: whole.slice(from, from + maxLineLength),
      at: column - from,
      length: Math.min(length, maxLineLength),
    }
  })
}
