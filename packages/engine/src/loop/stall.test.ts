import type { Entry } from "@aura/core"
import type { NewEntry } from "@aura/domain"
import { describe, expect, it } from "vitest"
import { createStall, isAsk, type Stall } from "./stall.ts"

const usage = { inputTokens: 0, cacheWriteTokens: 0, cacheReadTokens: 0, outputTokens: 0, costUsd: 0 }
const reply = (text = ""): NewEntry => ({
  kind: "reply",
  turn: 1,
  blocks: text ? [{ type: "text", text }] : [],
  stopReason: "tool_use",
  model: "m",
  usage,
  durationMs: 1,
})

type Did = { name?: string; input?: Record<string, unknown>; output?: string; ms?: number; exit?: number }
const tool = ({ name = "x", input = {}, output = "", ms = 1, exit }: Did): NewEntry => ({
  kind: "tool",
  toolUseId: "t",
  name,
  input,
  output,
  isError: false,
  durationMs: ms,
  ...(exit === undefined ? {} : { exitCode: exit }),
})
const passed = (command: string): NewEntry => ({
  kind: "check",
  round: 1,
  check: {
    command,
    source: "task",
    passed: true,
    exitCode: 0,
    durationMs: 1,
    output: "",
    outputDigest: "",
    treeHash: "t",
  },
})
const run = (command: string, more: Did = {}) => tool({ name: "run_command", input: { command }, ...more })
const editOf = (path: string, content: string): NewEntry => ({
  kind: "tool",
  toolUseId: "t",
  name: "write_file",
  input: { path, content },
  output: "",
  isError: false,
  durationMs: 1,
  changes: [{ path, op: "modified", additions: 1, deletions: 0 }],
})
const edit = (content: string) => editOf("a", content)

/** One turn after the other; what was judged after each, the asking done where it was due. */
function judge(stall: Stall, turns: readonly (readonly NewEntry[])[]): string[] {
  return turns.map((did) => {
    for (const entry of [reply(), ...did]) stall.add(entry)
    const verdict = stall.judge()
    if (verdict === "ask") stall.ask()
    return verdict
  })
}

const times = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i))
/** Where in the story each verdict but "fine" came, counted from 1. */
const verdicts = (seen: readonly string[]) =>
  seen.flatMap((verdict, i) => (verdict === "fine" ? [] : [`${verdict} ${i + 1}`])).slice(0, 2)

const look = (i: number) => [tool({ name: "read_file", input: { path: `f${i}` } })]

describe("a stall", () => {
  it("is asked out of once, then it is over: other words and other arguments are no progress", () => {
    const seen = judge(createStall([]), times(80, look))
    expect(verdicts(seen)).toEqual(["ask 40", "over 80"])
  })

  it("is seen at the third time the same call has the same result, and over at the fifth", () => {
    const seen = judge(
      createStall([]),
      times(5, () => [run("npm test", { output: "1 failed" })]),
    )
    expect(verdicts(seen)).toEqual(["ask 3", "over 5"])
  })

  it("is seen in steps that alternate, with and without calls", () => {
    const steps = [[run("ls")], [], [run("cat a")]]
    const seen = judge(
      createStall([]),
      times(15, (i) => steps[i % 3] ?? []),
    )
    expect(verdicts(seen)).toEqual(["ask 9", "over 15"])
  })

  it("is seen in edits that take each other back", () => {
    const seen = judge(
      createStall([]),
      times(14, (i) => [edit(i % 2 === 0 ? "A" : "B")]),
    )
    expect(verdicts(seen)).toEqual(["ask 8", "over 12"])
  })

  it("is seen in new versions of the same files without end, whatever the folder looks like", () => {
    const polish = (make: (i: number) => NewEntry[]) => {
      const stall = createStall([])
      stall.see("base")
      const seen = times(130, (i) => {
        if (stall.isSuspicious) stall.see(`tree ${i}`)
        return judge(stall, [make(i)])[0] ?? ""
      })
      return { seen: verdicts(seen), said: stall.diagnose() }
    }
    const one = polish((i) => [edit(`version ${i}`)])
    expect(one.seen).toEqual(["ask 70", "over 110"])
    expect(one.said).toContain("the same files (a) were changed")
    expect(polish((i) => [editOf(`f${i % 3}`, `version ${i}`)]).seen).toEqual(["ask 72", "over 112"])
    // A command that always passes shows nothing new.
    expect(polish((i) => [edit(`version ${i}`), run("npm test", { exit: 0 })]).seen[1]).toBe("over 110")
  })

  it("is not seen while versions of one file make failing commands pass", () => {
    const turns = times(200, (i) => [
      edit(`version ${i}`),
      run(`test ${Math.floor(i / 20)}`, { exit: i % 20 === 19 ? 0 : 1 }),
    ])
    expect(verdicts(judge(createStall([]), turns))).toEqual([])
  })

  it("is told with what was going on, the last words, and that another way was asked for", () => {
    const stall = createStall([])
    judge(
      stall,
      times(5, () => [run("npm test", { output: "1 failed" })]),
    )
    stall.add(reply("I will run the tests again."))
    stall.add(run("npm test", { output: "1 failed" }))
    expect(stall.diagnose()).toBe(
      'Aura stopped this, because it went nowhere: the same step came 5 times with the same result: run_command npm test. Another way was asked for before. The agent\'s last words: "I will run the tests again."',
    )
    const idle = createStall([])
    judge(
      idle,
      times(80, (i) => (i % 4 === 0 ? [run("make")] : look(i))),
    )
    expect(idle.diagnose()).toContain("in 80 turns no file changed")
    expect(idle.diagnose()).toContain("run_command make (20 times)")
  })

  it("goes on counting where a restart or a rotation interrupted it, and does not ask twice", () => {
    const entries: Entry[] = []
    const keep = (entry: NewEntry) => {
      const n = entries.length + 1
      const place = { id: `e${n}`, projectId: "p", sessionId: "s", instanceId: "i", n }
      entries.push({ ...entry, ...place, at: "2026-01-01T00:00:00.000Z" })
    }
    for (const i of times(45, (at) => at)) for (const entry of [reply(), ...look(i)]) keep(entry)
    const before = createStall(entries)
    expect(before.judge()).toBe("ask")
    const text = before.ask()
    expect(isAsk(text)).toBe(true)
    keep({ kind: "prompt", from: "aura", about: "nudge", text })
    const seen = judge(createStall(entries), times(35, look))
    expect(verdicts(seen)).toEqual(["over 35"])
  })

  it("is not seen in long honest work, in polling that waits, or while checks come to pass", () => {
    const fine = (turns: readonly (readonly NewEntry[])[]) => verdicts(judge(createStall([]), turns))
    expect(fine(times(2000, (i) => (i % 20 === 0 ? [editOf(`f${i}`, "x")] : look(i))))).toEqual([])
    expect(fine(times(20, () => [run("sleep 60; cat build.log", { ms: 60_000 })]))).toEqual([])
    expect(fine(times(60, (i) => (i % 30 === 29 ? [passed(`check ${i}`)] : look(i))))).toEqual([])
  })

  it("is not seen while commands change the folder, but a state that was there before is none", () => {
    const stall = createStall([])
    stall.see("base")
    judge(
      stall,
      times(3, () => [run("echo x >> log")]),
    )
    expect([stall.isSuspicious, stall.judge()]).toEqual([true, "fine"])
    stall.see("base+x")
    expect(stall.isSuspicious).toBe(false)
    judge(
      stall,
      times(5, () => [run("git checkout .")]),
    )
    stall.see("base")
    expect(stall.judge()).toBe("over")
  })
})
