/** The conversation the model sees, built from entries: the same whether it goes on or is read back after a crash. */

import type { Block, Entry, KeptMedia } from "@aura/core"
import type { NewEntry } from "@aura/domain"
import type { MediaBlock, Message, Reply, ToolResult } from "@aura/model"

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
  /** The reply with an id of its own for each call: some servers count anew in each reply. */
  withOwnIds(blocks: readonly Block[]): Block[]
  /** Answers tool calls that were cut off, in words the model can act on. */
  settle(reason: string): void
}

type UserMessage = Extract<Message, { role: "user" }>

/**
 * What was said once stays as it is, old output too: a changed beginning is paid for anew, and the model loses what it
 * thought about it. A session that holds too much turns over (`rotation-point.ts`).
 */
export function createTranscript(
  entries: readonly Entry[] = [],
  readMedia: (name: string) => string | undefined = () => undefined,
): Transcript {
  const messages: Message[] = []
  let open: string[] = []
  let last: Said | undefined
  const begun = new Set<string>()
  const used = new Set<string>()

  // A message that was sent once is never changed: its serialised form may be cached. It is replaced.
  function addToUser(content: UserMessage["content"]): void {
    const last = messages.at(-1)
    if (last?.role === "user")
      messages[messages.length - 1] = { role: "user", content: [...last.content, ...content] }
    else messages.push({ role: "user", content })
  }

  /** What is shown, and a sentence for what is not kept any more. */
  function toMedia(kept: readonly KeptMedia[] = []): { media: MediaBlock[]; lost: string } {
    const media = kept.flatMap(({ name, mediaType }): MediaBlock[] => {
      const data = readMedia(name)
      return data === undefined ? [] : [{ type: "media", mediaType, data }]
    })
    const isWhole = media.length === kept.length
    return { media, lost: isWhole ? "" : "\n(What was shown here is not kept any more.)" }
  }

  function settle(reason: string): void {
    const results = open.map(
      (toolUseId): ToolResult => ({ type: "tool_result", toolUseId, output: reason, isError: true }),
    )
    open = []
    last = undefined
    if (results.length > 0) addToUser(results)
  }

  function withOwnIds(blocks: readonly Block[]): Block[] {
    const own = new Set<string>()
    return blocks.map((block) => {
      if (block.type !== "tool_use") return block
      let id = block.id || "call"
      for (let n = 2; used.has(id) || own.has(id); n++) id = `${block.id || "call"}_${n}`
      own.add(id)
      return id === block.id ? block : { ...block, id }
    })
  }

  function add(entry: NewEntry): void {
    switch (entry.kind) {
      case "prompt": {
        settle("Interrupted before it ran.")
        const { media, lost } = toMedia(entry.media)
        addToUser([...media, { type: "text", text: entry.text + lost }])
        return
      }
      case "reply":
        last = entry
        begun.clear()
        if (entry.blocks.length === 0) return
        messages.push({ role: "assistant", content: entry.blocks })
        open = entry.blocks.flatMap((block) => (block.type === "tool_use" ? [block.id] : []))
        for (const id of open) used.add(id)
        return
      case "tool": {
        const { toolUseId, output, isError } = entry
        open = open.filter((id) => id !== toolUseId)
        if (open.length === 0) last = undefined
        const { media, lost } = toMedia(entry.media)
        const shown = media.length > 0 ? { media } : {}
        addToUser([{ type: "tool_result", toolUseId, output: output + lost, isError, ...shown }])
        return
      }
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
    withOwnIds,
    settle,
  }
}
