/** The agents of a simulated run: an honest one that always gets there, and one that does whatever comes. */

import type { Block } from "@aura/core"
import {
  type Failure,
  judgeRequest,
  type Model,
  type ModelEvent,
  type ModelRequest,
  malformedInput,
  think,
} from "@aura/model"
import { type Agent, contextWindow, pdfFile, priceIn, userFile, type World } from "./world.ts"

type Call = { name: string; input: Record<string, unknown> }
type Turn = {
  text?: string
  thinks?: boolean | "unsigned"
  /** The ids of its calls, where a server counts anew in each reply. */
  ids?: readonly string[]
  calls?: readonly Call[]
  stop?: string
  share?: number
}
type Says = (world: World, request: ModelRequest) => Turn | Failure["kind"]

/** Then the key is taken away, until the honest one comes. */
const maxRequests = 120
const call = (name: string, input: Record<string, unknown> = {}): Call => ({ name, input })

/** Writes what the task wants, says so, and hands over when asked. */
export const honest: Agent = (world) => toModel(world, { storms: false, says: sayHonestly })

/** Another one in every process. */
export const nasty: Agent = (world) => toModel(world, { storms: true, says: createAnything(world) })

const sayHonestly: Says = ({ files }, request) => {
  if (isHandingOver(request))
    return { calls: [call("hand_off", { summary: "Half way.", next_step: "Go on." })] }
  const target = targetOf(request)
  if (!files.get(target)?.includes("good"))
    return { calls: [call("write_file", { path: target, content: "good\n" })] }
  const checks = [`grep -q good ${target}`]
  // It was right before, and is told that its check shows nothing new.
  const isTold = JSON.stringify(request.messages.at(-1) ?? "").includes("keeps_behaviour")
  const more = isTold ? { keeps_behaviour: "It was there before." } : {}
  return { calls: [call("task_done", { notes: "Made.", no_changes_needed: true, checks, ...more })] }
}

/** Honest at times, bad in all ways at others, and in love with one of them. */
function createAnything({ random }: World): Says {
  const honesty = random.pick([0, 0.1, 0.3, 0.6])
  const love = random.pick([0, 0.3, 0.8])
  const fullness = random.pick([0, 0.2, 0.9])
  const beloved = random.weigh(manners, manners[0][1])
  return (world, request) => {
    const manner = random.chance(love) ? beloved : random.weigh(manners, beloved)
    const turn = random.chance(honesty) ? sayHonestly(world, request) : manner(world, targetOf(request))
    if (typeof turn === "string") return turn
    return {
      ...turn,
      ...(random.chance(0.2) ? { thinks: true } : {}),
      ...(random.chance(fullness) ? { share: 0.5 + random.next() / 2 } : {}),
    }
  }
}

type Manner = (world: World, target: string) => Turn | Failure["kind"]

const run = (command: string) => call("run_command", { command })
const put = (path: string, content: string) => call("write_file", { path, content })
const lie = call("task_done", { notes: "All done, believe me.", no_changes_needed: true })
const finish = ({ random }: World, target: string) =>
  call("task_done", {
    notes: "Made.",
    follow_ups: [{ title: `Follow ${random.below(1000)}`, description: "More." }],
    checks: [`test -e ${target}`],
  })
const spoil = ({ random }: World, target: string) => put(target, `bad ${random.below(5)}\n`)

const manners: readonly [readonly [number, Manner], ...(readonly [number, Manner])[]] = [
  [3, (world, target) => ({ calls: [spoil(world, target)] })],
  [4, () => ({ calls: [lie] })],
  [1, () => ({ calls: [call("task_done", { notes: "Believe me." })] })],
  [2, ({ random }) => ({ calls: [put(`notes/${random.below(3)}.txt`, "x\n")] })],
  [2, (world, target) => ({ calls: [run(`echo good > ${target}`), finish(world, target)] })],
  [1, (world, target) => ({ calls: [put(target, "good\n"), finish(world, target)] })],
  [1, (world, target) => ({ calls: [finish(world, target), spoil(world, target)] })],
  [1, (_, path) => ({ calls: [call("edit_file", { path, old_text: "bad", new_text: "good" })] })],
  [1, (_, path) => ({ calls: [call("delete_file", { path })] })],
  [1, (_, path) => ({ calls: [call("read_file", { path: "../outside" }), call("read_file", { path })] })],
  [1, () => ({ calls: [call("no_such_tool", { a: 1 })] })],
  [1, () => ({ calls: [call("write_file", { [malformedInput]: '{"path": "t' })] })],
  [1, (_, path) => ({ calls: [call("write_file", { path })] })],
  [1, () => ({ calls: [call("task_done", {})] })],
  [1, () => ({ calls: [call("read_file", { path: pdfFile })] })],
  [1, () => ({ calls: [put(userFile, "theirs\n")] })],
  [1, () => ({ calls: [run(`echo theirs > ${userFile}`)] })],
  [1, () => ({ calls: [run("true")] })],
  [1, () => ({ calls: [run("false")] })],
  [1, (_, target) => ({ calls: [run("sleep 5"), run(`rm -f ${target}`)] })],
  [1, () => ({ calls: [run("sleep 9999")] })],
  [1, () => ({ calls: [call("list_files"), call("task_blocked", { reason: "No idea." })] })],
  [1, () => ({ calls: [call("hand_off", { summary: "Enough." })] })],
  [1, () => ({ text: "Let me think about it." })],
  [1, () => ({})],
  [1, () => ({ text: "And so I went on and", stop: "max_tokens" })],
  [1, () => ({ calls: [call("write_file", { [malformedInput]: '{"pa' })], stop: "max_tokens" })],
  [0.5, () => ({ text: "I would rather not.", stop: "refusal" })],
  [0.5, () => ({ text: "One moment.", stop: "pause_turn" })],
  [0.5, () => ({ text: "The window is", stop: "model_context_window_exceeded", share: 1 })],
  [0.3, () => ({ calls: Array.from({ length: 70 }, () => call("list_files")) })],
  [1, () => ({ thinks: true })],
  [1, () => ({ thinks: "unsigned", calls: [call("list_files")] })],
  [1, () => ({ thinks: "unsigned", text: "Hm." })],
  [1, () => ({ text: " \n" })],
  [1, () => ({ calls: [call("list_files"), call("list_files")], ids: ["call_0", "call_0"] })],
  [1, (_, target) => ({ calls: [put(target, "good\n")], ids: ["call_0"] })],
  [1, () => ({ calls: [call("no such tool!")], ids: ["a:b.c"] })],
  [0.5, () => "too_long"],
  [0.2, () => "auth"],
  [0.1, () => "bad_request"],
]

function isHandingOver({ messages }: ModelRequest): boolean {
  const last = messages.at(-1)
  return (
    last?.role === "user" &&
    last.content.some((part) => part.type === "text" && part.text.includes("hand_off"))
  )
}

/** The file a task is about: the last word of its title, or "more" for a follow-up. */
function targetOf(request: ModelRequest): string {
  const texts = request.messages.flatMap((message) =>
    message.role === "user"
      ? message.content.flatMap((part) => (part.type === "text" ? [part.text] : []))
      : [],
  )
  const titles = texts.flatMap((text) => /^# Task: (.+)$/m.exec(text)?.[1] ?? [])
  const word = titles.at(-1)?.split(" ") ?? []
  return word[0] === "Make" ? `${word[1]}.txt` : `more-${word[1] ?? ""}.txt`
}

function toModel(world: World, { storms, says }: { storms: boolean; says: Says }): Model {
  const { random, life } = world
  let overspent = 0
  async function checkSpending(): Promise<void> {
    const row = await world.store.get("projects", world.project.id)
    const isOver = typeof row?.budgetUsd === "number" && row.usage.costUsd >= row.budgetUsd
    // One call may have been on its way when the budget was changed.
    overspent = isOver ? overspent + 1 : 0
    if (overspent > 1) world.problems.push("the model was asked again though the budget was spent")
  }
  async function* stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    world.asked += 1
    const body = judgeRequest(request)
    if ("violation" in body)
      world.problems.push(`an invalid request was sent to ${request.model}: ${body.violation}`)
    const fail = (kind: Failure["kind"]): ModelEvent => ({ type: "failed", failure: { kind, message: kind } })
    await checkSpending()
    if (storms && world.asked > maxRequests) return yield fail("auth")
    await life.reach("ask", async () => undefined)
    for (let n = 1; storms && random.chance(0.15); n++) {
      const untilMs = world.now() + 60_000
      yield { type: "waiting", reason: "It is overloaded.", untilMs, attempt: n }
      await world.sleep(60_000, signal)
    }
    if (signal.aborted) return yield fail("aborted")
    const turn = says(world, request)
    if (typeof turn === "string") return yield fail(turn)
    if (turn.text) yield { type: "text", text: turn.text }
    await life.reach("answer", async () => undefined)
    if (signal.aborted) return yield fail("aborted")
    yield toReply(world, turn, "request" in body ? body.request : {}, request.model)
  }
  return { stream, checkKey: async () => "unchecked" }
}

let count = 0

function toReply(
  world: World,
  { text, thinks, calls = [], ids = [], stop, share = 0.05 }: Turn,
  request: Record<string, unknown>,
  modelName: string,
): ModelEvent {
  const made: Block[] = calls.map(
    ({ name, input }, i) => ({ type: "tool_use", id: ids[i] ?? `toolu_${count++}`, name, input }) as const,
  )
  const unsigned = { type: "thinking", thinking: "Hm.", signature: "" } as const
  const thoughts = thinks === true ? think(modelName, request, "Hm.", made[0]) : thinks ? [unsigned] : []
  // Gemini's signature stands right in front of what it is for.
  const words: Block[] = text ? [{ type: "text", text }] : []
  const blocks: Block[] = [...thoughts.slice(0, 1), ...words, ...thoughts.slice(1), ...made]
  const outputTokens = 50 + world.random.below(200)
  const tokens = {
    inputTokens: Math.round(share * contextWindow),
    cacheWriteTokens: 0,
    cacheReadTokens: 0,
    outputTokens,
  }
  const usage = { ...tokens, costUsd: priceIn(modelName, tokens) }
  const stopReason = stop ?? (calls.length > 0 ? "tool_use" : "end_turn")
  return {
    type: "reply",
    reply: { blocks, stopReason, model: modelName, usage, durationMs: 1, requestId: null },
  }
}
