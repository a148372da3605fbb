import type { Entry, Plan, Session } from "@aura/core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type RecordedSession, recordTurns, toScreenplay } from "./record.ts"
import { parseScreenplay } from "./screenplay.ts"

type Block = Extract<Entry, { kind: "reply" }>["blocks"][number]
/** An entry as a test needs to say it. */
type Said =
  | { brief: string; attempt?: number; part?: number; taskId?: string }
  | { asks: "hand_off" }
  | { reply: Block[]; stop?: string; tokens?: number }
  | { result: string; output?: string; isError?: boolean }
  | { intent: string }
  | { check: string; tree?: string }
  | { handsOver: true }

const say = (text: string): Block => ({ type: "text", text })
const use = (id: string, name = "run_command", input = {}): Block => ({ type: "tool_use", id, name, input })

function toEntry(said: Said, n: number): Entry {
  const common = {
    id: `e${n}`,
    projectId: "p",
    sessionId: "s",
    instanceId: "i",
    taskId: "t",
    n,
    at: new Date(n * 2000).toISOString(),
  }
  if ("brief" in said) {
    const text = `# Task: ${said.brief}\nAttempt ${said.attempt ?? 1}, part ${said.part ?? 1}\n\nDo it.`
    return { ...common, taskId: said.taskId ?? "t", kind: "prompt", from: "aura", about: "task", text }
  }
  if ("asks" in said) return { ...common, kind: "prompt", from: "aura", about: "hand_off", text: "hand_off" }
  if ("reply" in said) {
    const [inputTokens, usual] = [said.tokens ?? 10, said.reply.some(({ type }) => type === "tool_use")]
    return {
      ...common,
      kind: "reply",
      turn: n,
      blocks: said.reply,
      stopReason: said.stop ?? (usual ? "tool_use" : "end_turn"),
      model: "m",
      usage: { inputTokens, cacheWriteTokens: 0, cacheReadTokens: 0, outputTokens: 1, costUsd: 0 },
      durationMs: 1,
    }
  }
  if ("result" in said) {
    const { result: toolUseId, output = "ok", isError = false } = said
    return { ...common, kind: "tool", toolUseId, name: "any", input: {}, output, isError, durationMs: 1 }
  }
  if ("intent" in said) return { ...common, kind: "intent", toolUseId: said.intent, name: "run_command" }
  if ("check" in said) {
    const { check: command, tree: treeHash = "a" } = said
    const ended = {
      source: "task",
      passed: true,
      exitCode: 0,
      durationMs: 1,
      output: "",
      outputDigest: "",
    } as const
    return { ...common, kind: "check", round: 1, check: { ...ended, command, treeHash } }
  }
  const handOff = {
    taskId: null,
    taskTitle: null,
    specTitle: null,
    filesChanged: [],
    commands: [],
    failedApproaches: [],
    decisions: [],
    nextStep: "",
    summary: "",
  }
  return { ...common, kind: "hand_off", handOff, text: "", nextSessionId: null }
}

function session(number: number, said: readonly Said[], more: Partial<Session> = {}): RecordedSession {
  const session: Session = {
    id: `s${number}`,
    projectId: "p",
    instanceId: "i",
    kind: "work",
    number,
    status: "completed",
    model: "m",
    contextTokens: 0,
    contextWindow: 1000,
    contextUsage: 0,
    rotateAt: 0.5,
    turns: 0,
    usage: { inputTokens: 0, cacheWriteTokens: 0, cacheReadTokens: 0, outputTokens: 0, costUsd: 0 },
    summary: null,
    handOff: null,
    previousId: null,
    startedAt: new Date(0).toISOString(),
    finishedAt: null,
    ...more,
  }
  return { session, entries: said.map((one, i) => toEntry(one, number * 100 + i)) }
}

const plan = (step: Plan["step"], sessionId: string, status: Plan["status"] = "finished"): Plan => ({
  id: sessionId,
  projectId: "p",
  step,
  status,
  sessionId,
  reason: null,
  outcome: null,
  waiting: null,
  startedAt: new Date(0).toISOString(),
  finishedAt: null,
})

/** What plays where: the scene's conditions, and what each reply says or calls. */
function scenesOf(sessions: readonly RecordedSession[], plans: readonly Plan[] = []) {
  return toScreenplay(recordTurns(sessions, plans)).scenes.map(({ when, replies }) => [
    [when.phase, when.task, when.attempt, when.part].filter((part) => part !== undefined).join(" "),
    ...replies.map(({ text, calls, fault }) =>
      fault ? "too long" : (text ?? calls.map(({ tool }) => tool).join(" ")),
    ),
  ])
}

describe("a recorded run", () => {
  test("has a scene for the plan that was kept and each part of each attempt; chats are none of it", () => {
    const sessions = [
      session(2, [{ reply: [say("second try")] }], { kind: "plan" }),
      session(1, [{ reply: [say("first try")] }], { kind: "plan" }),
      session(3, [{ reply: [say("tasks")] }], { kind: "plan" }),
      session(4, [{ reply: [say("hello")] }], { kind: "chat" }),
      session(5, [
        { brief: "A" },
        { reply: [say("a1")], tokens: 600 },
        { asks: "hand_off" },
        { reply: [say("words")] },
        { handsOver: true },
      ]),
      session(6, [{ brief: "A", part: 2 }, { reply: [say("a2")] }, { brief: "A", attempt: 2 }]),
      session(7, [{ brief: "A", attempt: 2 }, { reply: [say("again")] }]),
    ]
    const plans = [plan("specs", "s1", "stopped"), plan("specs", "s2"), plan("tasks", "s3")]
    expect(scenesOf(sessions, plans)).toEqual([
      ["specs", "second try"],
      ["tasks", "tasks"],
      ["work A 1 1", "a1"],
      ["hand_off A 1 1", "words"],
      ["work A 1 2", "a2"],
      ["work A 2 1", "again"],
    ])
  })

  test("goes on after a stop where a run without it would be, also in another session", () => {
    const sessions = [
      session(1, [{ brief: "A" }, { reply: [say("one")] }]),
      session(2, [{ brief: "A", part: 2 }, { reply: [say("two")] }]),
    ]
    expect(scenesOf(sessions)).toEqual([["work A 1 1", "one", "two"]])
  })

  test("leaves out what a stop kept from running, and ends a command when the stop did", () => {
    const turns = recordTurns(
      [
        session(1, [
          { brief: "A" },
          { reply: [use("never")] },
          { reply: [use("ran"), use("not", "read_file")] },
          { intent: "ran" },
          { result: "ran", output: "was stopped by the user\n", isError: true },
          { reply: [use("done", "task_done")] },
          { check: "one" },
          { result: "done", output: "The checks were interrupted by the user.", isError: true },
          { reply: [use("again", "task_done")] },
          { check: "one" },
          { check: "one" },
          { check: "one", tree: "b" },
          { result: "again" },
        ]),
      ],
      [],
    )
    expect(
      turns.map(({ nth, calls }) => [nth, ...calls.map(({ tool, isCut }) => `${tool} ${isCut}`)]),
    ).toEqual([
      [1, "run_command true"],
      [2, "task_done false"],
    ])
    expect(turns[0]?.reply.calls[0]?.input).toEqual({ timeout_secs: 2 })
    expect(turns[1]?.checks.map(({ treeHash }) => treeHash)).toEqual(["a", "b"])
  })

  test("says a little where nothing was said, and that the window was full where nothing else explains it", () => {
    const said: Said[] = [
      { brief: "A" },
      { reply: [], stop: "refusal" },
      { reply: [say("b")] },
      { asks: "hand_off" },
    ]
    expect(scenesOf([session(1, said)])).toEqual([["work A 1 1", "…", "b", "too long"]])
    expect(recordTurns([session(1, said)], [])[0]?.reply.stop).toBe("refusal")
  })

  test("is refused when its story has a second beginning", () => {
    const again: Said[] = [{ brief: "A" }, { reply: [say("a")] }]
    expect(() =>
      recordTurns([session(1, [...again, ...again.map((one) => ({ ...one, taskId: "u" }))])], []),
    ).toThrow('"A" was tried again by hand')
    const later = { ...plan("specs", "s2"), startedAt: new Date(1e9).toISOString() }
    expect(() => recordTurns([session(1, again)], [later])).toThrow("planned again after work had begun")
    expect(() => toScreenplay([])).toThrow("said nothing")
  })

  test("is a screenplay that reads back the same, whatever was said and called", () => {
    const text = fc.string({ unit: "binary" })
    const block = fc.oneof(
      fc.record({ type: fc.constant("text" as const), text }),
      fc.record({ type: fc.constant("thinking" as const), thinking: text, signature: text }),
      fc.record({
        type: fc.constant("tool_use" as const),
        id: fc.constantFrom("a", "b", "c"),
        name: fc.string({ minLength: 1 }),
        input: fc.dictionary(fc.string({ maxLength: 50 }), fc.jsonValue(), { noNullPrototype: true }),
      }),
    )
    const said: fc.Arbitrary<Said> = fc.oneof(
      fc.record({
        reply: fc.array(block, { maxLength: 4 }),
        stop: fc.constantFrom("end_turn", "max_tokens"),
      }),
      fc.record({ result: fc.constantFrom("a", "b", "c"), output: text, isError: fc.boolean() }),
      fc.record({ asks: fc.constant("hand_off" as const) }),
      fc.record({ handsOver: fc.constant(true as const) }),
    )
    const start: Said[] = [{ brief: "A" }, { reply: [say("a")] }]
    fc.assert(
      fc.property(fc.array(said, { maxLength: 12 }), (more) => {
        const screenplay = toScreenplay(recordTurns([session(1, [...start, ...more])], []), "Any")
        const written = JSON.stringify(screenplay)
        expect(parseScreenplay(written)).toEqual(JSON.parse(written))
      }),
    )
  })
})
