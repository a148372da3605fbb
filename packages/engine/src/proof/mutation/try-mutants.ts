/** Puts small faults into the lines a task changed and runs its checks: a fault that no check notices is named. */
import type { CheckResult, UnnoticedFault } from "@aura/core"
import type { Checkout, Git } from "@aura/workspace"
import { createTwoFilesPatch, parsePatch } from "diff"
import type { Command } from "../commands.ts"
import { prepare } from "../run-check.ts"
import { isGenerated, isGolden, isTestPath } from "../tamper/places.ts"
import { choose, findMutants, type Mutant } from "./mutants.ts"

const maxMutants = 3
/** Checks that take longer than this in all are too slow to be run again and again. */
const slowMs = 20_000
const minMs = 1_000
const maxMs = 60_000
const maxFiles = 20
const maxEdits = 2_000

export type Mutation = {
  git: Git
  checkout: Checkout
  base: string
  tree: string
  /** How the checks ended that proved the work. */
  checks: readonly CheckResult[]
  /** Files that are no part of the task. */
  except: ReadonlySet<string>
  signal: AbortSignal
  now(): number
}

/** Stops at its limits of time and number, and when it is stopped; what it has found by then counts. */
export async function tryMutants(of: Mutation): Promise<UnnoticedFault[]> {
  const { checks, checkout, now, signal } = of
  const tookMs = checks.reduce((sum, { durationMs }) => sum + durationMs, 0)
  const counting = checks
    .filter(({ source, passed }) => source !== "build" && passed)
    .toSorted((a, b) => a.durationMs - b.durationMs)
  if (counting.length === 0 || tookMs > slowMs) return []
  const untilMs = now() + Math.min(maxMs, Math.max(minMs, tookMs))
  const chosen = choose(await findAll(of), maxMutants)
  const unnoticed: UnnoticedFault[] = []
  try {
    for (const mutant of chosen) {
      if (signal.aborted || now() > untilMs) break
      if ((await survives(of, mutant, counting, untilMs)) && !signal.aborted) {
        const { path: file, line, was, becomes } = mutant
        unnoticed.push({ file, line, was: shorten(was), becomes: shorten(becomes) })
      }
    }
  } finally {
    if (chosen.length > 0) await checkout.remove()
  }
  return unnoticed
}

type Placed = Mutant & { path: string }

async function findAll({ git, base, tree, except }: Mutation): Promise<Placed[]> {
  const texts = await git.texts(base, tree, (path) => {
    const name = path.slice(git.prefix.length)
    return (
      path.startsWith(git.prefix) &&
      !except.has(path) &&
      !isTestPath(name) &&
      !isGolden(name) &&
      !isGenerated(name)
    )
  })
  const found: Placed[] = []
  for (const { path: whole, before, after } of texts.slice(0, maxFiles)) {
    if (after === null || before === after) continue
    const path = whole.slice(git.prefix.length)
    const lines = before === null ? undefined : findChangedLines(before, after)
    const mutants = await findMutants(path, after, (line) => lines?.has(line) ?? true)
    found.push(...mutants.map((mutant) => ({ ...mutant, path })))
  }
  return found
}

/** Lines of `after`, from 1, that `before` does not have; none where too much differs to say. */
export function findChangedLines(before: string, after: string): Set<number> {
  const lines = new Set<number>()
  const patch = createTwoFilesPatch("a", "a", before, after, "", "", { context: 0, maxEditLength: maxEdits })
  for (const hunk of patch === undefined ? [] : (parsePatch(patch)[0]?.hunks ?? [])) {
    let line = hunk.newStart
    for (const text of hunk.lines) {
      if (text.startsWith("+")) lines.add(line)
      if (!text.startsWith("-") && !text.startsWith("\\")) line += 1
    }
  }
  return lines
}

/** A fault that does not build, or makes a check run out of time, is noticed. */
async function survives(
  of: Mutation,
  { path, text }: Placed,
  counting: readonly CheckResult[],
  untilMs: number,
): Promise<boolean> {
  const { checkout, tree, signal, checks, now } = of
  const build = checks.find(({ source, passed }) => source === "build" && passed)
  const timeoutMs = (check: CheckResult) =>
    Math.max(1000, Math.min(untilMs - now(), check.durationMs * 3 + 5000))
  for (const check of counting) {
    if (now() > untilMs) return false
    await prepare({ checkout, tree, signal })
    await checkout.folder.write(path, text)
    if (build && !(await runBuildAgain(of, build, timeoutMs(build)))) return false
    const { exitCode } = await checkout.run(check.command, {
      timeoutMs: timeoutMs(check),
      signal,
      by: "check",
    })
    if (exitCode !== 0) return false
  }
  return true
}

async function runBuildAgain(
  { checkout, signal }: Mutation,
  build: Command,
  timeoutMs: number,
): Promise<boolean> {
  const { exitCode } = await checkout.run(build.command, { timeoutMs, signal, by: "check" })
  return exitCode === 0
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim()
  return line.length > 120 ? `${line.slice(0, 119).toWellFormed()}…` : line
}

export function describeFault({ file, line, was, becomes }: UnnoticedFault): string {
  const what =
    becomes === "" || becomes === ";" || becomes === "pass"
      ? `\`${was}\` is left out`
      : `\`${was}\` becomes \`${becomes}\``
  return `${file}:${line}: no check notices when ${what}.`
}
