import { type Entry, noUsage, type Session, type Task } from "@aura/core"
import type { NewEntry } from "@aura/domain"
import { describe, expect, it } from "vitest"
import { countNudges, findBlocked, isUnderWay } from "./standing.ts"
import { createTranscript } from "./transcript.ts"

const at = "2026-01-01T00:00:00.000Z"
const place = { projectId: "p", sessionId: "s", instanceId: "i", taskId: "t", at }
const entries = (...all: NewEntry[]): Entry[] =>
  all.map((entry, i) => ({ ...entry, ...place, id: `e${i}`, n: i + 1 }))
const brief = (attempt: number): NewEntry => ({
  kind: "prompt",
  from: "aura",
  about: "task",
  text: `# Task: T\nAttempt ${attempt}, part 1\n\nDo it.`,
})
const nudge = (text: string): NewEntry => ({ kind: "prompt", from: "aura", about: "nudge", text })
const note: NewEntry = { kind: "note", level: "info", text: "The folder has changes." }
const blocked: NewEntry = {
  kind: "tool",
  toolUseId: "c",
  name: "task_blocked",
  input: { reason: "no key" },
  output: "Noted.",
  isError: false,
  durationMs: 1,
}
const task = (attempts: number, baseTree?: string): Task => ({
  id: "t",
  projectId: "p",
  specId: "s",
  title: "T",
  description: "",
  status: "in_progress",
  order: 1,
  dependsOn: [],
  requirementIds: [],
  checks: [],
  attempts,
  lessons: [],
  filesChanged: [],
  usage: noUsage,
  createdAt: at,
  ...(baseTree ? { baseTree } : {}),
})
const session: Session = {
  id: "s",
  projectId: "p",
  instanceId: "i",
  kind: "work",
  number: 1,
  status: "active",
  model: "m",
  contextTokens: 0,
  contextWindow: 1,
  contextUsage: 0,
  rotateAt: 0.5,
  turns: 0,
  usage: noUsage,
  summary: null,
  handOff: null,
  previousId: null,
  startedAt: at,
  finishedAt: null,
}
const journal = (...all: NewEntry[]) => {
  const rows = entries(...all)
  const transcript = createTranscript(rows)
  return { session, transcript, entries: rows, record: async () => undefined, nextN: () => rows.length + 1 }
}

describe("where an attempt stands", () => {
  it.each([
    ["goes on below its own brief", journal(brief(1), nudge("on"), note), task(1, "tree"), true],
    ["does not go on below the brief of an earlier attempt", journal(brief(1)), task(2, "tree"), false],
    ["is briefed once when a crash came right after the brief", journal(brief(1), note), task(1), true],
    ["is briefed anew when a person had it tried again", journal(brief(1), blocked), task(1), false],
    ["is briefed in a session that holds only notes", journal(note), task(1, "tree"), false],
  ])("%s", (_, where, what, expected) => {
    expect(isUnderWay(where, what)).toBe(expected)
  })

  it("stays given up when a crash came before that was stored with the task, and only then", () => {
    expect(findBlocked(entries(brief(1), blocked, note), task(1))).toBe("no key")
    expect(findBlocked(entries(brief(1), blocked, brief(1)), task(1))).toBeUndefined()
  })

  it("counts the nudges since its brief, those of another kind aside", () => {
    expect(
      countNudges(entries(nudge("on"), brief(1), nudge("on"), nudge("turn")), (text) => text === "turn"),
    ).toBe(1)
  })
})
