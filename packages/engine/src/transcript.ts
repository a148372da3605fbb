/** The conversation the model sees, built from entries: the same whether it goes on or is read back after a crash. */
import type { Message, ToolResult } from "@aura/claude"
import type { Entry } from "@aura/core"
import type { NewEntry } from "@aura/domain"

export type Transcript = {
  /** Valid for the API whenever `settle` was called last: roles alternate and every tool_use is answered. */
  readonly messages: readonly Message[]
  add(entry: NewEntry): void
  /** Answers tool calls that were cut off, in words the model can act on. */
  settle(reason: string): void
}

type UserMessage = Extract<Message, { role: "user" }>

export function createTranscript(entries: readonly Entry[] = []): Transcript {
  const messages: Message[] = []
  let open: string[] = []

  // A message that was sent once is never changed: its serialised form may be cached. It is replaced.
  function addToUser(content: UserMessage["content"]): void {
    const last = messages.at(-1)
    if (last?.role === "user")
      messages[messages.length - 1] = { role: "user", content: [...last.content, ...content] }
    else messages.push({ role: "user", content })
  }

  function settle(reason: string): void {
    const results = open.map(
      (toolUseId): ToolResult => ({ type: "tool_result", toolUseId, output: reason, isError: true }),
    )
    open = []
    if (results.length > 0) addToUser(results)
  }

  function add(entry: NewEntry): void {
    switch (entry.kind) {
      case "prompt":
        settle("Interrupted before it ran.")
        addToUser([{ type: "text", text: entry.text }])
        return
      case "reply":
        if (entry.blocks.length === 0) return
        messages.push({ role: "assistant", content: entry.blocks })
        open = entry.blocks.flatMap((block) => (block.type === "tool_use" ? [block.id] : []))
        return
      case "tool":
        open = open.filter((id) => id !== entry.toolUseId)
        addToUser([
          { type: "tool_result", toolUseId: entry.toolUseId, output: entry.output, isError: entry.isError },
        ])
        return
      default:
        return
    }
  }

  for (const entry of entries) add(entry)
  return { messages, add, settle }
}
