/** A session's entries and what streams meanwhile, as the items of one timeline. Pure. */
import type { Block, CheckResult, Entry, FileChange, HandOff, KeptMedia } from "@aura/core"

type LiveReply = { turn: number; text: string; thinking: string }
type LiveTool = {
  toolUseId: string
  name: string
  input: Record<string, unknown>
  output: string
  startedAt: number
}
type LiveCheck = { command: string; round: number; output: string; startedAt: number }
export type LivePart = { reply?: LiveReply; tools: readonly LiveTool[]; checks: readonly LiveCheck[] }

/** What the model saw beside the output. */
export type ShownMedia = KeptMedia & { projectId: string }

export type ToolItem = {
  kind: "tool"
  key: string
  toolUseId: string
  at?: string
  name: string
  input: Record<string, unknown>
  state: "running" | "waiting" | "ok" | "error" | "interrupted"
  output: string
  startedAt?: number
  durationMs?: number
  exitCode?: number | null
  diff?: string
  changes?: FileChange[]
  media?: ShownMedia[]
}

export type CheckItem = {
  kind: "check"
  key: string
  at?: string
  state: "running" | "passed" | "failed"
  command: string
  round: number
  output: string
  startedAt?: number
  result?: CheckResult
}

export type Item =
  | { kind: "session"; key: string; id: string }
  | { kind: "task"; key: string; id: string }
  | { kind: "prompt"; key: string; at: string; from: "aura" | "user"; about: string; text: string }
  | { kind: "thinking"; key: string; text: string; live: boolean }
  | { kind: "text"; key: string; text: string; live: boolean }
  | ToolItem
  | CheckItem
  | { kind: "note"; key: string; at: string; level: "info" | "warn" | "error"; text: string }
  | {
      kind: "hand_off"
      key: string
      at: string
      handOff: HandOff
      text: string
      nextSessionId: string | null
    }

/** The session at work, and whether its calls are running or wait for the loop to resume. */
export type AtWork = { sessionId: string; state: "running" | "waiting" }

/**
 * The stored part, in order. A tool call without a result runs or waits while its session is at work, and was
 * interrupted otherwise.
 * @param options.divide marks where another session, or work on another task, begins
 */
export function toItems(
  entries: readonly Entry[],
  options: { atWork?: AtWork | undefined; divide?: "session" | "task" } = {},
): Item[] {
  const items: Item[] = []
  const calls = new Map<string, number>()
  let part: string | undefined
  for (const entry of entries) {
    const id = options.divide === "session" ? entry.sessionId : entry.taskId
    if (options.divide && id && id !== part) {
      items.push({ kind: options.divide, key: `${options.divide}:${entry.id}`, id })
      part = id
    }
    if (entry.kind === "tool") {
      const place = calls.get(entry.toolUseId)
      const key = (place === undefined ? undefined : items[place]?.key) ?? entry.id
      items[place ?? items.length] = toToolItem(entry, key)
      calls.delete(entry.toolUseId)
    } else if (entry.kind === "reply") {
      const { atWork } = options
      addReply(items, calls, entry, atWork?.sessionId === entry.sessionId ? atWork.state : "interrupted")
    } else if (entry.kind !== "intent") {
      items.push(toItem(entry))
    }
  }
  return items
}

/** The stored items with what streams added: running calls filled in, words in the making at the end. */
export function addLive(
  items: readonly Item[],
  live: LivePart | undefined,
  sessionId: string,
): readonly Item[] {
  if (!live) return items
  const all = fillTools(items, live.tools)
  const reply = live.reply
  if (reply && !items.some((item) => item.key === textKey(sessionId, reply.turn, 0))) {
    const thinkingKey = `thinking:${sessionId}:${reply.turn}:0`
    if (reply.thinking && !items.some((item) => item.key === thinkingKey)) {
      all.push({ kind: "thinking", key: thinkingKey, text: reply.thinking, live: !reply.text })
    }
    if (reply.text)
      all.push({ kind: "text", key: textKey(sessionId, reply.turn, 0), text: reply.text, live: true })
  }
  for (const check of live.checks) {
    all.push({ kind: "check", key: `check:${sessionId}:${check.command}`, state: "running", ...check })
  }
  return all
}

function fillTools(items: readonly Item[], tools: readonly LiveTool[]): Item[] {
  const all = [...items]
  for (const tool of tools) {
    const place = all.findLastIndex((item) => item.kind === "tool" && item.toolUseId === tool.toolUseId)
    const known = all[place]
    const item: ToolItem = {
      kind: "tool",
      key: known?.key ?? `tool:${tool.toolUseId}`,
      toolUseId: tool.toolUseId,
      name: tool.name || (known?.kind === "tool" ? known.name : "tool"),
      input: tool.name || known?.kind !== "tool" ? tool.input : known.input,
      state: "running",
      output: tool.output,
      startedAt: tool.startedAt,
    }
    if (known) all[place] = item
    else all.push(item)
  }
  return all
}

function addReply(
  items: Item[],
  calls: Map<string, number>,
  entry: Extract<Entry, { kind: "reply" }>,
  unfinished: ToolItem["state"],
): void {
  const seen = { text: 0, thinking: 0 }
  for (const block of entry.blocks) {
    if (block.type === "tool_use") {
      calls.set(block.id, items.length)
      items.push(toPendingCall(block, entry.id, unfinished))
    } else if (block.type === "text" && block.text.trim()) {
      const key = textKey(entry.sessionId, entry.turn, seen.text++)
      items.push({ kind: "text", key, text: block.text, live: false })
    } else if (block.type === "thinking" && block.thinking.trim()) {
      const key = `thinking:${entry.sessionId}:${entry.turn}:${seen.thinking++}`
      items.push({ kind: "thinking", key, text: block.thinking, live: false })
    }
  }
}

function toPendingCall(
  block: Extract<Block, { type: "tool_use" }>,
  entryId: string,
  state: ToolItem["state"],
): ToolItem {
  return {
    kind: "tool",
    key: `tool:${entryId}:${block.id}`,
    toolUseId: block.id,
    name: block.name,
    input: block.input,
    state,
    output: "",
  }
}

function toToolItem(entry: Extract<Entry, { kind: "tool" }>, key: string): ToolItem {
  return {
    kind: "tool",
    key,
    toolUseId: entry.toolUseId,
    at: entry.at,
    name: entry.name,
    input: entry.input,
    state: entry.isError ? "error" : "ok",
    output: entry.output,
    durationMs: entry.durationMs,
    ...(entry.exitCode === undefined ? {} : { exitCode: entry.exitCode }),
    ...(entry.diff ? { diff: entry.diff } : {}),
    ...(entry.changes ? { changes: entry.changes } : {}),
    ...(entry.media ? { media: entry.media.map((one) => ({ ...one, projectId: entry.projectId })) } : {}),
  }
}

function toItem(entry: Exclude<Entry, { kind: "reply" | "tool" | "intent" }>): Item {
  const { at } = entry
  switch (entry.kind) {
    case "prompt":
      return { kind: "prompt", key: entry.id, at, from: entry.from, about: entry.about, text: entry.text }
    case "check":
      return {
        kind: "check",
        key: entry.id,
        at,
        state: entry.check.passed ? "passed" : "failed",
        command: entry.check.command,
        round: entry.round,
        output: entry.check.output,
        result: entry.check,
      }
    case "note":
      return { kind: "note", key: entry.id, at, level: entry.level, text: entry.text }
    case "hand_off":
      return {
        kind: "hand_off",
        key: entry.id,
        at,
        handOff: entry.handOff,
        text: entry.text,
        nextSessionId: entry.nextSessionId,
      }
  }
}

function textKey(sessionId: string, turn: number, index: number): string {
  return `text:${sessionId}:${turn}:${index}`
}
