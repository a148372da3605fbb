/** Reads off a request where in the play it stands; nothing is remembered, so a run may resume anywhere. */
import { type Json, objectOf, textOf } from "../json.ts"
import type { Phase } from "./screenplay.ts"

export type Moment = {
  phase: Phase
  /** The model that is asked. */
  model: string
  /** Title, attempt and part of the task at hand, while working, handing over and reviewing; of a whole-product proof its name and round. */
  task?: { title: string; attempt: number; part: number }
  /** Which reply of its scene is due, counted from 0. */
  position: number
  /** The last text the user's side wrote. */
  says: string
  /** All of the last user message: text and tool results. */
  hears: string
}

type Turn = { fromUser: boolean; text: string; results: string }

/** @param request the body of `POST /v1/messages` */
export function readMoment(request: Json): Moment {
  const turns = listOf(request.messages).map(toTurn)
  const tools = listOf(request.tools).map((tool) => textOf(objectOf(tool).name))
  const lastText = turns.findLastIndex(({ fromUser, text }) => fromUser && text !== "")
  const last = turns.at(-1)
  const says = turns[lastText]?.text ?? ""
  const heard = { says, hears: last ? `${last.text}\n${last.results}` : "" }
  const phase = toPhase(tools, says)
  const asked = { phase, model: textOf(request.model), ...heard }
  const repliesSince = (index: number) => turns.slice(index + 1).filter(({ fromUser }) => !fromUser).length

  if (phase === "specs" || phase === "tasks" || phase === "checks" || phase === "look_over")
    return { ...asked, position: repliesSince(-1) }
  if (phase === "product") {
    const product = turns.map(({ text }) => readProduct(text)).find((found) => found)
    return { ...asked, ...(product && { task: product }), position: repliesSince(-1) }
  }
  if (phase === "review") {
    const reviewed = turns.map(({ text }) => readTask(text)).find((found) => found)
    return { ...asked, ...(reviewed && { task: reviewed }), position: repliesSince(-1) }
  }
  if (phase === "chat") return { ...asked, position: repliesSince(lastText) }
  const briefing = turns.findLastIndex(({ fromUser, text }) => fromUser && taskLine.test(text))
  const task = readTask(turns[briefing]?.text ?? "")
  const position = repliesSince(phase === "work" ? briefing : lastText)
  return { ...asked, ...(task && { task }), position }
}

/** A session that may hand over at any time is asked to by name; so its tools, and its cache, can stay the same. */
function toPhase(tools: string[], says: string): Phase {
  if (tools.includes("hand_off") && says.includes("hand_off")) return "hand_off"
  if (tools.includes("task_done")) return "work"
  if (tools.includes("hand_off")) return "hand_off"
  if (tools.includes("create_spec")) return "specs"
  if (tools.includes("report_finding")) return "look_over"
  if (tools.includes("create_check")) return "checks"
  if (tools.includes("verdict")) return "review"
  if (tools.includes("report_failure")) return "product"
  return tools.includes("create_task") ? "tasks" : "chat"
}

const taskLine = /^# Task:(.+)$/m

/** Title, attempt and part from a brief; undefined when the text is none. */
export function readTask(briefing: string): Moment["task"] {
  const line = taskLine.exec(briefing)
  const title = line?.[1]?.trim()
  if (!line || !title) return undefined
  const next = briefing.slice(line.index + line[0].length)
  const numbers = /^\s*Attempt (\d+), part (\d+)/.exec(next)
  return { title, attempt: Number(numbers?.[1] ?? 1), part: Number(numbers?.[2] ?? 1) }
}

/** Name and round from what a whole-product proof begins with; undefined when the text is something else. */
export function readProduct(prompt: string): Moment["task"] {
  const [, title = "", round] = /^# Product:(.+)\nRound (\d+)$/m.exec(prompt) ?? []
  return round === undefined ? undefined : { title: title.trim(), attempt: 1, part: Number(round) }
}

function toTurn(message: unknown): Turn {
  const { role, content } = objectOf(message)
  const blocks =
    typeof content === "string" ? [{ type: "text", text: content }] : listOf(content).map(objectOf)
  const texts = blocks.filter(({ type }) => type === "text").map(({ text }) => textOf(text))
  const results = blocks
    .filter(({ type }) => type === "tool_result")
    .map((block) => resultText(block.content))
  return { fromUser: role === "user", text: texts.join("\n"), results: results.join("\n") }
}

function resultText(content: unknown): string {
  if (typeof content === "string") return content
  return listOf(content)
    .map((part) => textOf(objectOf(part).text))
    .join("\n")
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
