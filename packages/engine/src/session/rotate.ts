/** Rotation: a full session ends, and the next begins from facts Aura knows plus the model's own words. */

import type { Effort, Entry, HandOff, Project, Session, Task } from "@aura/core"
import { sessions } from "@aura/domain"
import type { Model, ModelEvent } from "@aura/model"
import { mark } from "../crash-points.ts"
import type { Engine } from "../engine.ts"
import { allow } from "../loop/budget.ts"
import { HandOffInput, handOff } from "../tools/outcome.ts"
import { type Journal, openJournal, tellLive } from "./journal.ts"
import { fillPrompt } from "./prompt.ts"
import { createTranscript } from "./transcript.ts"
import { runTurns, type TurnsEnd } from "./turns.ts"

const mostCommands = 15
const mostWords = 2000
const longestOutput = 1500
const handOffRoom = { most: 40_000, kept: 40_000 }

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
  return { journal: await openJournal(engine.aura, next), carried: text }
}

/** Asks, or goes on asking where a crash cut it off. */
async function askHandOff(engine: Engine, of: Handing): Promise<HandOffInput | undefined> {
  const { journal } = of
  let said = findSaid(journal.entries)
  if (said) return said
  const taskId = of.task?.id
  const own = taskId ? { taskId } : {}
  // Long outputs are cut: the request must fit into a window that is nearly full, and nobody pays for them twice.
  const transcript = createTranscript(journal.entries.map(shorten), handOffRoom)
  const prompt = {
    kind: "prompt",
    from: "aura",
    about: "hand_off",
    text: fillPrompt(new URL("./hand-off.md", import.meta.url)),
    ...own,
  } as const
  if (!isHandingOver(journal.entries)) {
    await journal.record(prompt)
    transcript.add(prompt)
    mark(engine.aura, "hand_off.asked")
  }
  let asked = sinceAsked(journal.entries).filter((entry) => entry.kind === "reply").length
  const end: TurnsEnd<"enough"> = await runTurns({
    model: of.model,
    modelName: journal.session.model,
    system: of.system,
    maxTokens: () => 4096,
    effort: of.effort,
    tools: [
      handOff((input) => {
        said = input
      }),
    ],
    transcript,
    turn: journal.session.turns,
    signal: of.signal,
    record: (entry) => journal.record({ ...entry, ...own }),
    gate: async (next) => {
      if (next === "tool") return undefined
      if (asked++ > 1 || of.signal.aborted) return "enough"
      const { session } = journal
      const allowance = await allow(engine, of.project, {
        session,
        addedChars: 4000,
      })
      return allowance.kind === "refused" ? "enough" : undefined
    },
    onRest: async () => undefined,
    onEvent: (event) => {
      of.onEvent?.(event)
      tellLive(engine.aura, journal, journal.session.turns + 1, event, taskId)
    },
    onToolStart: () => undefined,
    onToolOutput: () => undefined,
    mark: (moment) => mark(engine.aura, `hand_off.${moment}`),
  })
  if (end.kind === "rest" && !said) {
    const text = end.reply.blocks.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n")
    if (text.trim() !== "") return { summary: text }
  }
  return said
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
    commands: commands.slice(-mostCommands),
    failedApproaches: [
      ...new Set([...failedChecks, ...(task?.lessons ?? []), ...(words?.failed_approaches ?? [])]),
    ],
    decisions: words?.decisions ?? [],
    nextStep:
      words?.next_step ??
      (task ? `Go on with "${task.title}"; look at the files first.` : "Take the next task."),
    summary: (words?.summary ?? "The model left no summary; these are the facts Aura knows.").slice(
      0,
      mostWords * 6,
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
