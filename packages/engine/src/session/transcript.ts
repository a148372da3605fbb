/** The conversation the model sees, built from entries: the same whether it goes on or is read back after a crash. */

import type { Entry } from "@aura/core"
import type { NewEntry } from "@aura/domain"
import type { Message, Reply, ToolResult } from "@aura/model"
import { maskOutput, type OutputRoom } from "./output-room.ts"

/** A reply as far as it matters for what follows from it. */
export type Said = Pick<Reply, "blocks" | "stopReason">

export type Transcript = {
  /** Valid for the API whenever `settle` was called last: roles alternate and every tool_use is answered. */
  readonly messages: readonly Message[]
  add(entry: NewEntry): void
  /** The last reply, while one of its calls has no result, or while it made none and nobody said anything since. */
  readonly unfinished: Said | undefined
  isOpen(toolUseId: string): boolean
  /** True when an intent was stored for this call of the last reply: it may have run. */
  hasBegun(toolUseId: string): boolean
  /** Answers tool calls that were cut off, in words the model can act on. */
  settle(reason: string): void
}

type UserMessage = Extract<Message, { role: "user" }>

/** @param room what old tool output may take up; without it all of it stays */
export function createTranscript(entries: readonly Entry[] = [], room?: OutputRoom): Transcript {
  const messages: Message[] = []
  /** Outputs that stand in full, oldest first, by the message they are in. */
  let shown: { message: number; toolUseId: string; chars: number }[] = []
  let open: string[] = []
  let last: Said | undefined
  const begun = new Set<string>()

  // A message that was sent once is never changed: its serialised form may be cached. It is replaced.
  function addToUser(content: UserMessage["content"]): void {
    const last = messages.at(-1)
    if (last?.role === "user")
      messages[messages.length - 1] = { role: "user", content: [...last.content, ...content] }
    else messages.push({ role: "user", content })
  }

  // What answers the last reply is never masked: the model has not read it yet.
  function makeRoom(room: OutputRoom): void {
    if (sum(shown) <= room.most) return
    const newest = messages.length - 1
    let kept = 0
    const old = shown.toReversed().filter(({ message, chars }) => {
      kept += chars
      return message < newest && kept > room.kept
    })
    for (const at of new Set(old.map(({ message }) => message))) {
      const ids = new Set(old.flatMap(({ message, toolUseId }) => (message === at ? [toolUseId] : [])))
      const message = messages[at]
      if (message?.role !== "user") continue
      const content = message.content.map((block) =>
        block.type === "tool_result" && ids.has(block.toolUseId)
          ? { ...block, output: maskOutput(block.output) }
          : block,
      )
      messages[at] = { role: "user", content }
    }
    shown = shown.filter((output) => !old.includes(output))
  }

  function settle(reason: string): void {
    const results = open.map(
      (toolUseId): ToolResult => ({ type: "tool_result", toolUseId, output: reason, isError: true }),
    )
    open = []
    last = undefined
    if (results.length > 0) addToUser(results)
  }

  function add(entry: NewEntry): void {
    switch (entry.kind) {
      case "prompt":
        settle("Interrupted before it ran.")
        addToUser([{ type: "text", text: entry.text }])
        return
      case "reply":
        last = entry
        begun.clear()
        if (entry.blocks.length === 0) return
        messages.push({ role: "assistant", content: entry.blocks })
        open = entry.blocks.flatMap((block) => (block.type === "tool_use" ? [block.id] : []))
        return
      case "tool":
        open = open.filter((id) => id !== entry.toolUseId)
        if (open.length === 0) last = undefined
        addToUser([
          { type: "tool_result", toolUseId: entry.toolUseId, output: entry.output, isError: entry.isError },
        ])
        shown.push({
          message: messages.length - 1,
          toolUseId: entry.toolUseId,
          chars: entry.output.length,
        })
        if (room) makeRoom(room)
        return
      case "intent":
        begun.add(entry.toolUseId)
        return
      default:
        return
    }
  }

  for (const entry of entries) add(entry)
  return {
    messages,
    add,
    get unfinished() {
      return last
    },
    isOpen: (id) => open.includes(id),
    hasBegun: (id) => begun.has(id),
    settle,
  }
}

function sum(outputs: readonly { chars: number }[]): number {
  return outputs.reduce((total, { chars }) => total + chars, 0)
}
