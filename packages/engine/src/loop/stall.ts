/**
 * Sees work that goes nowhere: progress is a change in the files or a check that passes for the first time, not words. A
 * change of the same files over and over is progress only so often, until something passes that did not before.
 */
import { createHash } from "node:crypto"
import type { Entry } from "@aura/core"
import type { NewEntry } from "@aura/domain"

export type Stall = {
  add(entry: NewEntry): void
  /** `ask`: another way is due, once for each reason. `over`: the task needs a person. */
  judge(): "fine" | "ask" | "over"
  /** What the model is told when it is asked. */
  ask(): string
  /** What was going on, for the person the task is left to. */
  diagnose(): string
  /** Worth a look at the whole folder: commands change it as well. */
  readonly isSuspicious: boolean
  /** The folder is found in this state; one that was not seen before is progress, whoever made it. */
  see(tree: string): void
}

const suspicious = 30
const idleAsk = 40
const idleOver = 80
/** How often a step, or a circle of steps, comes again: asked, and over. */
const repeatsAsk = 3
/** Changes of files that the attempt has changed before, and states found in the folder, until something passes. */
const maxRevisions = 30
const maxFound = 3
/** A command that fails and passes by turns shows little. */
const maxRecoveries = 10
const repeatsOver = 5
const longestCircle = 4
/** A call that took so long was worth waiting for: polling is not repeating. */
const patientMs = 10_000

const opening = "No progress: "
const closing =
  "Say in one sentence why it does not lead on, then take another way. If only a person can help, call task_blocked."

/** True for what `ask` says. */
export function isAsk(text: string): boolean {
  return text.startsWith(opening)
}

type Turn = { step: string; words: string; calls: string[] }

/** @param entries what happened in this attempt already: a restart or a rotation does not start the count anew */
export function createStall(entries: readonly Entry[]): Stall {
  let turns: Turn[] = []
  let asked = new Set<string>()
  const deeds = new Set<string>()
  const trees = new Set<string>()
  const touched = new Set<string>()
  const failing = new Set<string>()
  let [revisions, found, recoveries] = [0, 0, 0]
  /** True when tools changed files since the folder was looked at: they explain what is found there. */
  let isExplained = false

  function add(entry: NewEntry): void {
    if (entry.kind === "prompt" && isAsk(entry.text)) asked.add(toReason(entry.text))
    if (entry.kind === "reply") turns.push({ step: "", words: wordsOf(entry), calls: [] })
    if (entry.kind === "tool") addCall(entry)
    if (entry.kind === "check" && entry.check.passed && progress(`check ${entry.check.command}`)) advance()
  }

  function addCall(call: Extract<NewEntry, { kind: "tool" }>): void {
    const said = `${call.name} ${JSON.stringify(call.input)}`
    if (hasRecovered(call)) advance()
    addChanges(said, call.changes?.map(({ path }) => path) ?? [])
    const turn = turns.at(-1)
    if (!turn) return
    const outcome = call.durationMs < patientMs ? call.output : String(turns.length)
    turn.step = digest(turn.step + said + outcome)
    turn.calls.push(toLabel(call))
  }

  function addChanges(said: string, paths: readonly string[]): void {
    if (paths.length === 0) return
    isExplained = true
    if (paths.some((path) => !touched.has(path))) advance()
    for (const path of paths) touched.add(path)
    revisions += 1
    if (revisions <= maxRevisions) progress(said)
  }

  /** A command that failed before passes now. */
  function hasRecovered({ input, exitCode }: Extract<NewEntry, { kind: "tool" }>): boolean {
    if (typeof input.command !== "string" || exitCode === undefined) return false
    if (exitCode !== 0) failing.add(input.command)
    return exitCode === 0 && failing.delete(input.command) && recoveries++ < maxRecoveries
  }

  /** What was done before is none: edits that take each other back lead nowhere. */
  function progress(deed: string): boolean {
    const known = deeds.size
    const isNew = deeds.add(digest(deed)).size > known
    if (isNew) restart()
    return isNew
  }

  /** More than another version of the same: revisions count anew. */
  function advance(): void {
    ;[revisions, found] = [0, 0]
    restart()
  }

  function restart(): void {
    turns = []
    asked = new Set()
  }

  function reason(): "idle" | "circle" | "revisions" | undefined {
    if (findCircle(turns, repeatsAsk) > 0) return "circle"
    if (turns.length < idleAsk) return undefined
    return revisions > maxRevisions ? "revisions" : "idle"
  }

  for (const entry of entries) add(entry)
  return {
    add,
    judge() {
      if (turns.length >= idleOver || findCircle(turns, repeatsOver) > 0) return "over"
      const why = reason()
      return why === undefined || asked.has(why) ? "fine" : "ask"
    },
    ask() {
      const why = reason() ?? "idle"
      asked.add(why)
      return `${opening}${sentences[why]} ${closing}`
    },
    diagnose() {
      const length = findCircle(turns, repeatsOver)
      const steps = turns.slice(-length).map(({ calls }) => calls.join(", ") || "words without a call")
      const what =
        length > 0
          ? `the same ${length === 1 ? "step" : `${length} steps`} came ${repeatsOver} times with the same result: ${steps.join("; then ")}`
          : revisions > maxRevisions
            ? `the same files (${[...touched].slice(-3).join(", ")}) were changed ${revisions} times, and nothing passed that did not before`
            : `in ${turns.length} turns no file changed in a new way and no further check passed; most often there was ${maxOften(turns)}`
      const words = turns.findLast((turn) => turn.words !== "")?.words
      return `Aura stopped this, because it went nowhere: ${what}. Another way was asked for before.${words ? ` The agent's last words: "${words}"` : ""}`
    },
    get isSuspicious() {
      return turns.length >= suspicious || findCircle(turns, repeatsAsk) > 0
    },
    see(tree) {
      const isNew = trees.size > 0 && !trees.has(tree)
      if (isNew && !isExplained && found++ < maxFound) restart()
      isExplained = false
      trees.add(tree)
    },
  }
}

const sentences = {
  idle: "nothing has changed in the folder for a long while.",
  revisions:
    "you change the same files again and again, and nothing passes that did not pass before. If the work is done, call task_done.",
  circle: "you do the same again and again, with the same result, and nothing changes in between.",
}

function toReason(text: string): string {
  if (text.includes(sentences.revisions)) return "revisions"
  return text.includes(sentences.circle) ? "circle" : "idle"
}

/** @returns how many steps the circle has that came so many times in a row, lately; 0 when there is none */
function findCircle(turns: readonly Turn[], times: number): number {
  for (let length = 1; length <= longestCircle; length++) {
    const lately = turns.slice(-length * times)
    if (lately.length < length * times) return 0
    if (lately.every(({ step }, i) => step === lately[i % length]?.step)) return length
  }
  return 0
}

function maxOften(turns: readonly Turn[]): string {
  const counts = new Map<string, number>()
  for (const label of turns.flatMap(({ calls }) => (calls.length > 0 ? calls : ["a reply without a call"])))
    counts.set(label, (counts.get(label) ?? 0) + 1)
  const top = [...counts].toSorted(([, a], [, b]) => b - a).slice(0, 3)
  return top.map(([label, count]) => `${label} (${count} times)`).join(", ")
}

/** The call in a few words: its name and what it was about. */
function toLabel({ name, input, exitCode }: Extract<NewEntry, { kind: "tool" }>): string {
  const about = input.command ?? input.path ?? input.pattern
  const text = typeof about === "string" ? ` ${shorten(about, 80)}` : ""
  return `${name}${text}${exitCode ? ` (exit code ${exitCode})` : ""}`
}

function wordsOf(reply: Extract<NewEntry, { kind: "reply" }>): string {
  const texts = reply.blocks.flatMap((block) => (block.type === "text" ? [block.text] : []))
  return shorten(texts.join(" "), 300)
}

function shorten(text: string, most: number): string {
  const line = text.replace(/\s+/g, " ").trim()
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}

function digest(text: string): string {
  return createHash("sha1").update(text).digest("base64")
}
