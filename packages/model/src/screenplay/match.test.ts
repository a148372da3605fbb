import { describe, expect, test } from "vitest"
import type { Json } from "../json.ts"
import { findCue } from "./answer.ts"
import { readMoment } from "./match.ts"
import { parseScreenplay } from "./screenplay.ts"

const says = (text: string): Json => ({ role: "user", content: [{ type: "text", text }] })
const replies = (): Json => ({ role: "assistant", content: [{ type: "text", text: "…" }] })
const result = (content: unknown, text?: string): Json => ({
  role: "user",
  content: [
    { type: "tool_result", tool_use_id: "t", content },
    ...(text === undefined ? [] : [{ type: "text", text }]),
  ],
})
const asks = (tools: string[], ...messages: Json[]): Json => ({
  tools: tools.map((name) => ({ name })),
  messages,
})

describe("the phase of a request follows from its tools:", () => {
  test.each([
    [["read_file", "task_done", "task_blocked"], "work"],
    [["hand_off", "task_done"], "work"],
    [["hand_off"], "hand_off"],
    [["create_spec", "list_specs"], "specs"],
    [["create_task", "list_specs"], "tasks"],
    [["read_file"], "chat"],
    [[], "chat"],
  ])("%j is %s", (tools, phase) => {
    expect(readMoment(asks(tools, says("Hello"))).phase).toBe(phase)
  })

  test("and from being asked for a hand-off where it is offered beside the others", () => {
    expect(readMoment(asks(["hand_off", "task_done"], says("Call hand_off now."))).phase).toBe("hand_off")
    expect(readMoment(asks(["task_done"], says("Build the hand_off tool."))).phase).toBe("work")
  })
})

describe("the place in the play", () => {
  const brief = (title: string, line = "Attempt 2, part 3") => says(`# Task: ${title}\n${line}\n\nDo it.`)

  test("is counted from the brief of the last task", () => {
    const request = asks(
      ["task_done"],
      brief("First"),
      replies(),
      result("done", "# Task: Second one \nAttempt 1, part 1"),
      replies(),
      result("not ok 1"),
      replies(),
      result("ok", "Nobody answered. Go on."),
    )
    expect(readMoment(request)).toEqual({
      phase: "work",
      model: "",
      task: { title: "Second one", attempt: 1, part: 1 },
      position: 2,
      says: "Nobody answered. Go on.",
      hears: "Nobody answered. Go on.\nok",
    })
  })

  test("knows attempt and part, and takes them for the first where they are missing", () => {
    expect(readMoment(asks(["task_done"], brief("A"))).task).toEqual({ title: "A", attempt: 2, part: 3 })
    expect(readMoment(asks(["task_done"], brief("A", ""))).task).toEqual({ title: "A", attempt: 1, part: 1 })
  })

  test("of a hand-off is counted from the request for it, in whichever conversation", () => {
    const same = asks(
      ["hand_off"],
      brief("A"),
      replies(),
      result("ok", "Hand over now."),
      replies(),
      result("bad"),
    )
    expect(readMoment(same)).toMatchObject({ task: { title: "A", part: 3 }, position: 1 })
    expect(readMoment(asks(["hand_off"], brief("A"))).position).toBe(0)
  })

  test("of a plan is counted from its beginning", () => {
    expect(
      readMoment(asks(["create_spec"], says("a"), replies(), says("b"), replies(), result("c"))).position,
    ).toBe(2)
  })

  test("of a chat is counted from the last thing said", () => {
    const chat = asks([], says("a"), replies(), says("b"), replies(), result([{ type: "text", text: "c" }]))
    expect(readMoment(chat)).toMatchObject({ position: 1, says: "b", hears: "\nc" })
  })

  test("is found also where messages are plain text", () => {
    expect(readMoment(asks([], { role: "user", content: "Hi" }))).toMatchObject({ position: 0, says: "Hi" })
  })
})

describe("the scene", () => {
  const screenplay = parseScreenplay(`
    scenes:
      - { when: { phase: work }, replies: [{ text: any task }] }
      - { when: { phase: work, task: Build }, replies: [{ text: first, expect: { contains: Do it } }, { text: second }] }
      - { when: { phase: work, task: Build, attempt: 2 }, replies: [{ text: again }], then: repeat }
      - { when: { phase: chat, says: weather }, replies: [{ text: Rain., expect: { contains: [sun, moon] } }] }
  `)
  const work = (title: string, attempt: number, position: number) => ({
    phase: "work" as const,
    model: "m",
    task: { title, attempt, part: 1 },
    position,
    says: "Do it",
    hears: "Do it",
  })
  const textOf = (cue: ReturnType<typeof findCue>) => ("reply" in cue ? cue.reply.text : cue.unexpected)

  test("with the most conditions wins", () => {
    expect(textOf(findCue(screenplay, work("Other", 1, 0)))).toBe("any task")
    expect(textOf(findCue(screenplay, work("build ", 1, 1)))).toBe("second")
    expect(textOf(findCue(screenplay, work("Build", 2, 0)))).toBe("again")
  })

  test("answers for one model alone where it names one", () => {
    const when = { phase: "work", model: "m" }
    const scenes = [
      { when: { phase: "work" }, replies: [{ text: "any" }] },
      { when, replies: [{ text: "m" }] },
    ]
    const play = parseScreenplay(JSON.stringify({ scenes }))
    expect(textOf(findCue(play, work("Build", 1, 0)))).toBe("m")
    expect(textOf(findCue(play, { ...work("Build", 1, 0), model: "other" }))).toBe("any")
  })

  test("ends with a word of its own, or repeats its last reply", () => {
    expect(textOf(findCue(screenplay, work("Build", 1, 2)))).toBe("That is all I have to say in this scene.")
    expect(textOf(findCue(screenplay, work("Build", 2, 7)))).toBe("again")
  })

  test("that hears something else than it expects complains loudly", () => {
    const moment = {
      phase: "chat" as const,
      model: "m",
      position: 0,
      says: "How is the weather?",
      hears: "sun",
    }
    expect(findCue(screenplay, moment)).toEqual({
      unexpected:
        'Scene 4, reply 1 expects to hear "moon". It came in phase chat, position 0; the last text is "How is the weather?". Scenes: 1 work; 2 work "Build"; 3 work "Build" attempt 2; 4 chat says "weather".',
    })
  })

  test("that nobody wrote is complained about with all there is to know", () => {
    const cue = findCue(screenplay, { phase: "specs", model: "m", position: 3, says: "x", hears: "x" })
    expect(textOf(cue)).toContain("No scene fits this request. It came in phase specs, position 3")
  })
})
