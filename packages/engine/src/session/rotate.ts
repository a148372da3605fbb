/** Rotation: a full session ends, and the next begins from facts Aura knows plus the model's own words. */

import type { Effort, Entry, HandOff, Project, Session, Task } from "@aura/core"
import { sessions } from "@aura/domain"
import type { Model, ModelEvent } from "@aura/model"
import { allow } from "../budget.ts"
import { mark } from "../crash-points.ts"
import type { Engine } from "../engine.ts"
import { HandOffInput, handOff } from "../tools/outcome.ts"
import { refuseTool, type Tool } from "../tools/tool.ts"
import { type Journal, openJournal, tellLive } from "./journal.ts"
import { fillPrompt } from "./prompt.ts"
import { createTranscript, type Said, type Transcript } from "./transcript.ts"
import { runTurns, type TurnsEnd } from "./turns.ts"

const maxCommands = 15
const maxWords = 2000
const longestOutput = 1500
const handOffTokens = 16_000
/** How often the model is asked again when it only thought, or did something else. */
const maxAsks = 3

/** Past the threshold, and something was achieved since the last rotation. */
export function isDue(session: Session, entries: readonly Entry[]): boolean {
  return session.contextUsage >= session.rotateAt && hasProgress(session, entries)
}

/** A session that began with a hand-off has to change something before it may hand over again. */
export function hasProgress(session: Session, entries: readonly Entry[]): boolean {
  if (session.previousId === null) return true
  return entries.some(
    (entry) =>
      (entry.kind === "tool" &&
        ((entry.changes?.length ?? 0) > 0 || (entry.name === "run_command" && !entry.isError))) ||
      entry.kind === "check",
  )
}

/** A session that was asked for its hand-off is on its way out, also after a crash. */
export function isHandingOver(entries: readonly Entry[]): boolean {
  const last = entries.findLast((entry) => entry.kind === "prompt")
  return last?.kind === "prompt" && last.about === "hand_off"
}

type Handing = {
  journal: Journal
  model: Model
  project: Project
  task: Task | undefined
  system: string
  /** Those of the session: the request that asks for the hand-off continues it, so that the cache answers for all of it. */
  tools: readonly Tool[]
  effort: Effort
  signal: AbortSignal
  /** What the model's stream says besides the reply, such as that it has to be waited for. */
  onEvent?(event: ModelEvent): void
}

/**
 * Asks the model for its hand-off, joins it with the facts, ends the session and opens the next.
 * When the model cannot be asked, the facts alone are carried; when it is stopped, the session stays as it is.
 */
export async function rotate(
  engine: Engine,
  of: Handing & { specTitle: string | null },
): Promise<{ journal: Journal; carried: string } | undefined> {
  const { journal, task } = of
  const words = await askHandOff(engine, of)
  if (!words && of.signal.aborted) return undefined
  const facts = toHandOff(journal.entries, task, of.specTitle, words)
  const text = toText(facts, journal.session.number)
  const carried = { handOff: facts, text, n: journal.nextN(), taskId: task?.id }
  const next = await sessions.rollOver(engine.aura, journal.session, carried)
  mark(engine.aura, "session.rolled_over")
  return { journal: await openJournal(engine, next), carried: text }
}

/** Asks, or goes on asking where a crash cut it off. */
async function askHandOff(engine: Engine, of: Handing): Promise<HandOffInput | undefined> {
  const { journal } = of
  const said = findSaid(journal.entries)
  if (said) return said
  const canCall = of.tools.some((tool) => tool.spec.name === "hand_off")
  if (!isHandingOver(journal.entries)) {
    const url = canCall ? "./hand-off.md" : "./hand-off-words.md"
    const text = fillPrompt(new URL(url, import.meta.url))
    const own = of.task ? { taskId: of.task.id } : {}
    const prompt = { kind: "prompt", from: "aura", about: "hand_off", text, ...own } as const
    await journal.record(prompt)
    journal.transcript.add(prompt)
    mark(engine.aura, "hand_off.asked")
  }
  const first = await ask(engine, of, journal.transcript)
  if (first.said || !first.isTooLong) return first.said
  // It does not fit any more: asked once more with long outputs cut, which no cache answers for.
  return (await ask(engine, of, createTranscript(journal.entries.map(shorten)))).said
}

async function ask(
  engine: Engine,
  of: Handing,
  transcript: Transcript,
): Promise<{ said: HandOffInput | undefined; isTooLong: boolean }> {
  const { journal } = of
  let said: HandOffInput | undefined
  const taskId = of.task?.id
  const own = taskId ? { taskId } : {}
  let asked = sinceAsked(journal.entries).filter((entry) => entry.kind === "reply").length
  let maxTokens = handOffTokens
  const taking = handOff((input) => {
    said = input
  })
  const end: TurnsEnd<"enough"> = await runTurns({
    model: of.model,
    modelName: journal.session.model,
    system: of.system,
    maxTokens: () => maxTokens,
    effort: of.effort,
    tools: of.tools.map((tool) => (tool.spec.name === "hand_off" ? taking : refuseTool(tool, itEnds))),
    transcript,
    turn: journal.session.turns,
    signal: of.signal,
    record: (entry) => journal.record({ ...entry, ...own }),
    gate: async (next) => {
      if (next === "tool") return undefined
      if (asked++ >= maxAsks || of.signal.aborted) return "enough"
      const allowance = await allow(engine, of.project, { session: journal.session, addedChars: 4000 })
      if (allowance.kind === "refused") return "enough"
      maxTokens = Math.min(handOffTokens, allowance.maxTokens)
      return undefined
    },
    onRest: async (reply) => (wordsOf(reply) === "" && asked < maxAsks ? again : undefined),
    onEvent: (event) => {
      of.onEvent?.(event)
      tellLive(engine.aura, journal, journal.session.turns + 1, event, taskId)
    },
    onToolStart: () => undefined,
    onToolOutput: () => undefined,
    mark: (moment) => mark(engine.aura, `hand_off.${moment}`),
  })
  const words = end.kind === "rest" ? wordsOf(end.reply) : ""
  if (!said && words !== "") said = { summary: words }
  return { said, isTooLong: end.kind === "failed" && end.failure.kind === "too_long" }
}

const itEnds = "This session ends: call hand_off, nothing else is run."
const again = "Nothing was handed over yet: give the hand_off now."

function wordsOf({ blocks }: Said): string {
  return blocks
    .flatMap((block) => (block.type === "text" ? [block.text] : []))
    .join("\n")
    .trim()
}

function sinceAsked(entries: readonly Entry[]): readonly Entry[] {
  return isHandingOver(entries)
    ? entries.slice(entries.findLastIndex((entry) => entry.kind === "prompt"))
    : []
}

function findSaid(entries: readonly Entry[]): HandOffInput | undefined {
  const call = sinceAsked(entries).findLast(
    (entry) => entry.kind === "tool" && entry.name === "hand_off" && !entry.isError,
  )
  return call?.kind === "tool" ? HandOffInput.safeParse(call.input).data : undefined
}

function shorten(entry: Entry): Entry {
  if (entry.kind !== "tool" || entry.output.length <= longestOutput) return entry
  return { ...entry, output: `${entry.output.slice(0, longestOutput)}\n… cut …` }
}

/** What Aura knows of its own accord, with the model's words where it gave any. */
export function toHandOff(
  entries: readonly Entry[],
  task: Task | undefined,
  specTitle: string | null,
  words: HandOffInput | undefined,
): HandOff {
  const own = entries.filter((entry) => !task || entry.taskId === task.id)
  const files = new Set(
    own.flatMap((entry) => (entry.kind === "tool" ? (entry.changes ?? []).map((change) => change.path) : [])),
  )
  const commands = own.flatMap((entry) => {
    if (entry.kind === "check") return [{ command: entry.check.command, exitCode: entry.check.exitCode }]
    if (entry.kind !== "tool" || entry.name !== "run_command") return []
    const { command } = entry.input
    return [{ command: typeof command === "string" ? command : "", exitCode: entry.exitCode ?? null }]
  })
  const failedChecks = own.flatMap((entry) =>
    entry.kind === "check" && !entry.check.passed
      ? [`${entry.check.command} failed (exit ${entry.check.exitCode})`]
      : [],
  )
  return {
    taskId: task?.id ?? null,
    taskTitle: task?.title ?? null,
    specTitle,
    filesChanged: [...new Set([...files, ...(words?.files ?? [])])],
    commands: commands.slice(-maxCommands),
    failedApproaches: [
      ...new Set([...failedChecks, ...(task?.lessons ?? []), ...(words?.failed_approaches ?? [])]),
    ],
    decisions: words?.decisions ?? [],
    nextStep:
      words?.next_step ??
      (task ? `Go on with "${task.title}"; look at the files first.` : "Take the next task."),
    summary: (words?.summary ?? "The model left no summary; these are the facts Aura knows.").slice(
      0,
      maxWords * 6,
    ),
  }
}

function toText(of: HandOff, number: number): string {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? "" : `${title}:\n${lines.map((line) => `- ${line}`).join("\n")}`
  const sections = [
    `# Handed over from session ${number}`,
    of.taskTitle ? `Task: ${of.taskTitle}${of.specTitle ? ` (spec: ${of.specTitle})` : ""}` : "",
    of.summary,
    list("Decisions", of.decisions),
    list("Files changed so far", of.filesChanged),
    list(
      "Commands and how they ended",
      of.commands.map((row) => `${row.command} → ${row.exitCode ?? "no exit code"}`),
    ),
    list("Approaches that failed", of.failedApproaches),
    `Next step: ${of.nextStep}`,
  ]
  return sections.filter((section) => section !== "").join("\n\n")
}
