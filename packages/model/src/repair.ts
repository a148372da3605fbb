/**
 * Makes a conversation one that the API takes, whatever a provider sent and whatever was stored of it. What a message
 * becomes follows from it and from those before it alone, so that a request still begins with the bytes of the last.
 */
import type { Block } from "@aura/core"
import type { Message, ToolResult } from "./model.ts"

type UserMessage = Extract<Message, { role: "user" }>
type UserContent = UserMessage["content"]
type Made = { key: string; message: Message }

/** What a message became, for as long as it lives: its JSON is made once. */
const repaired = new WeakMap<Message, Made>()

/** OpenAI takes 64 characters, a number behind them included. */
const maxIdChars = 58

const noAnswer = "(no answer)"
const notRun = "This call has no result: it was not run."

/** @param isBare true for replies whose thoughts are left out */
export function repairMessages(
  messages: readonly Message[],
  isBare: (message: Message) => boolean = () => false,
): Message[] {
  const used = new Set<string>()
  const made: Message[] = []
  /** Calls of the last reply without a result yet: the id as it came → as it is sent, in order. */
  let open: [from: string, to: string][] = []
  for (const message of messages) {
    const last = made.at(-1)
    if (message.role === "user") {
      const mapping = open
      open = []
      const user = once(message, JSON.stringify(mapping), () => ({
        role: "user",
        content: repairUser(message.content, mapping),
      }))
      if (last?.role === "user" && user.role === "user") made[made.length - 1] = join(last, user)
      else made.push(user)
      continue
    }
    if (last?.role !== "user") made.push(answerTo(open))
    const names = nameCalls(message.content, used)
    for (const [, to] of names) used.add(to)
    open = names
    const bare = isBare(message)
    made.push(
      once(message, JSON.stringify([bare, names]), () => ({
        role: "assistant",
        content: repairReply(message.content, names, bare),
      })),
    )
  }
  if (made.at(-1)?.role !== "user") made.push(answerTo(open))
  return made
}

/** Made once for each way in which the messages before it were changed; the same object where nothing is. */
function once(message: Message, key: string, make: () => Message): Message {
  const known = repaired.get(message)
  if (known?.key === key) return known.message
  const made = make()
  const isSame =
    made.content.length === message.content.length &&
    made.content.every((block, i) => block === message.content[i])
  const result = isSame ? message : made
  repaired.set(message, { key, message: result })
  return result
}

const joined = new WeakMap<Message, { next: Message; message: Message }>()

function join(first: UserMessage, next: UserMessage): Message {
  const known = joined.get(first)
  if (known?.next === next) return known.message
  const content = [...first.content, ...next.content]
  const results = content.filter((block) => block.type === "tool_result")
  const others = content.filter((block) => block.type !== "tool_result")
  const message: Message = { role: "user", content: [...results, ...others] }
  joined.set(first, { next, message })
  return message
}

function answerTo(open: readonly [string, string][]): Message {
  if (open.length === 0) return { role: "user", content: [{ type: "text", text: "Go on." }] }
  return { role: "user", content: open.map(([, to]) => missing(to)) }
}

function missing(toolUseId: string): ToolResult {
  return { type: "tool_result", toolUseId, output: notRun, isError: true }
}

/** A valid id of its own for each call: some servers count anew in each reply, or use characters of their own. */
function nameCalls(blocks: readonly Block[], used: ReadonlySet<string>): [string, string][] {
  const names: [string, string][] = []
  const taken = (id: string) => used.has(id) || names.some(([, to]) => to === id)
  for (const block of blocks) {
    if (block.type !== "tool_use") continue
    const base = block.id.replace(/[^\w-]/g, "_").slice(0, maxIdChars) || "call"
    let id = base
    for (let n = 2; taken(id); n++) id = `${base}_${n}`
    names.push([block.id, id])
  }
  return names
}

/** Blank texts, unsigned thoughts and what a reply must not end with are taken out or filled up. */
function repairReply(blocks: readonly Block[], names: readonly [string, string][], bare: boolean): Block[] {
  let call = 0
  const kept = blocks.flatMap((block): Block[] => {
    if (block.type === "tool_use") return [rename(block, names[call++]?.[1] ?? block.id)]
    return isEmpty(block) || (bare && block.type !== "text") ? [] : [block]
  })
  const last = kept.at(-1)
  const isAnswer = last?.type === "text" || last?.type === "tool_use"
  return isAnswer ? kept : [...kept, { type: "text", text: noAnswer }]
}

function rename(block: Extract<Block, { type: "tool_use" }>, id: string): Block {
  const name = block.name.replace(/[^\w-]/g, "_").slice(0, 128) || "unnamed"
  return id === block.id && name === block.name ? block : { ...block, id, name }
}

function isEmpty(block: Exclude<Block, { type: "tool_use" }>): boolean {
  if (block.type === "text") return block.text.trim() === ""
  return block.type === "thinking" ? block.signature === "" : block.data === ""
}

/** Every call of the reply before has one result, in front; what belongs to no call is words. */
function repairUser(content: UserContent, open: readonly [string, string][]): UserContent {
  const left = [...open]
  const results: ToolResult[] = []
  const others: UserContent = []
  for (const block of content) {
    if (block.type !== "tool_result") {
      if (block.type === "media" || block.text !== "") others.push(block)
      continue
    }
    const at = left.findIndex(([from]) => from === block.toolUseId)
    const name = left[at]?.[1]
    if (name === undefined) {
      if (!open.some(([from]) => from === block.toolUseId))
        others.push(
          { type: "text", text: `A result of a call that is not shown:\n${block.output}` },
          ...(block.media ?? []),
        )
      continue
    }
    left.splice(at, 1)
    results.push(name === block.toolUseId ? block : { ...block, toolUseId: name })
  }
  results.push(...left.map(([, to]) => missing(to)))
  const all = [...results, ...others]
  return all.length > 0 ? all : [{ type: "text", text: "(empty)" }]
}
