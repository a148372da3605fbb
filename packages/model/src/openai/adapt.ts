/**
 * What a server refuses that the next request can do without. The request is built anew and sent again; what was refused
 * once is left out from then on.
 */
import type { ProviderId } from "@aura/core"
import type { ModelFacts } from "../catalog.ts"
import type { Adapter } from "../client.ts"
import { type Encoding, type Extra, extras } from "./chat-request.ts"

type Known = {
  api?: Encoding["api"]
  without: Set<Extra>
  limitName?: Encoding["limitName"]
  maxOutput?: number
  contextWindow?: number
  /** What a prompt of so many messages left for the reply; a shorter prompt leaves more. */
  room?: { messages: number; tokens: number }
}

const signs: Record<Extra, RegExp> = {
  summary: /reasoning\.summary|reasoning summaries|organization must be verified/i,
  usage: /stream_options|include_usage/i,
  effort:
    /reasoning_effort|reasoning\.effort|'reasoning'|"reasoning"|unsupported.{0,200}\beffort\b|thinking.?(level|budget|config)/i,
  cache: /cache_control|prompt_cache_key/i,
  parallel: /single tool|parallel tool|one tool call|multiple tool calls/i,
  media:
    /image_url|image input|input_image|input_file|\b(image|vision|multimodal|pdf|file)\b.{0,200}(not supported|unsupported|not allowed|invalid)|(does not support|doesn't support|no endpoints found that support|unsupported|unknown).{0,200}\b(image|vision|multimodal|file)/i,
  thoughts:
    /encrypted.content|reasoning_content|reasoning_details|thought_?signature|extra_content|thinking block|signature/i,
}

/** A person's words for what is left out. */
const names: Record<Extra, string> = {
  summary: "summaries of its thoughts",
  usage: "counts of tokens in the stream",
  effort: "the effort",
  cache: "marks for the prompt cache",
  parallel: "several calls in one message",
  thoughts: "thoughts of earlier replies",
  media: "pictures and PDFs",
}

/** OpenAI names the API a model is not for; other servers know no such address. */
const aboutApi =
  /(supported|available|found|invalid|unknown).{0,120}v1\/(chat\/completions|responses)|v1\/(chat\/completions|responses).{0,120}(not|only) (supported|available|found)/i

/** What newer versions of vLLM say: of the prompt they count no more than is one too many. */
const aboutBareWindow = /requested \d{1,12} output tokens.{0,100}context length is only (\d{1,12})/is

/** What a server says that holds requests with more than `limit` tokens of reply to be too long. */
const aboutLimit =
  /max_(?:completion_)?tokens.{0,80}?(?:at most|less than or equal to|<=|supports at most|>) *(\d+)/is
const aboutWindow =
  /maximum context length (?:is|of) (\d{1,12})\D.{0,300}?(?:\((\d{1,12}) (?:in|of) the messages|has (\d+) input tokens|(\d+) of text input)/is

export function createAdapter(
  provider: ProviderId,
  isOwn: boolean,
  api: Encoding["api"],
  find: (id: string) => ModelFacts,
): Adapter<Encoding> {
  const known = new Map<string, Known>()
  const of = (model: string): Known => {
    const entry = known.get(model) ?? { without: new Set<Extra>() }
    known.set(model, entry)
    return entry
  }

  /** The prompt fits, but not with so long a reply: vLLM counts both. */
  const learnWindow = (entry: Known, message: string, messages: number): string | undefined => {
    const bare = Number(aboutBareWindow.exec(message)?.[1] ?? 0)
    if (bare > 0 && entry.contextWindow !== bare) {
      entry.contextWindow = bare
      return `The server has a window of ${bare} tokens; the request was sent again with a reply that fits.`
    }
    const found = aboutWindow.exec(message)
    const window = Number(found?.[1] ?? 0)
    const prompt = Number(found?.slice(2).find(Boolean) ?? window)
    const room = window - prompt
    if (room < 256 || roomFor(entry, messages) <= room) return undefined
    entry.contextWindow = window
    entry.room = { messages, tokens: room }
    return `The server has a window of ${window} tokens; the request was sent again with a reply of at most ${room}.`
  }

  return {
    encoding({ model, messages }) {
      const entry = of(model)
      const { without, limitName, contextWindow, api: learnt } = entry
      const facts = find(model)
      return {
        provider,
        api: learnt ?? api,
        facts: {
          ...facts,
          maxOutput: Math.min(facts.maxOutput, roomFor(entry, messages.length)),
          contextWindow: Math.min(facts.contextWindow, contextWindow ?? facts.contextWindow),
        },
        without,
        limitName: limitName ?? (provider === "openai" && isOwn ? "max_completion_tokens" : "max_tokens"),
        takesEffort: provider === "gemini" || (provider === "openai" && (isOwn || facts.efforts.length > 0)),
      }
    },
    learn(request, { message, status }) {
      const entry = of(request.model)
      if (provider === "openai" && entry.api === undefined && aboutApi.test(message)) {
        entry.api = api === "chat" ? "responses" : "chat"
        return `The provider offers ${request.model} by another of its APIs; the request was sent again that way.`
      }
      if (status !== undefined && status !== 400 && status !== 422) return undefined
      const { limitName } = this.encoding(request)
      const other = limitName === "max_tokens" ? "max_completion_tokens" : "max_tokens"
      if (
        entry.limitName === undefined &&
        /(unsupported|unknown|unrecognized|not supported|extra)/i.test(message)
      ) {
        if (new RegExp(`\\b${limitName}\\b`).test(message.replace(/Use '?max.*/s, ""))) {
          entry.limitName = other
          return `${request.model} calls the length of a reply ${other}; the request was sent again that way.`
        }
      }
      const window = learnWindow(entry, message, request.messages.length)
      if (window !== undefined) return window
      const most = Number(aboutLimit.exec(message)?.[1] ?? 0)
      if (most > 0 && entry.maxOutput !== most) {
        entry.maxOutput = most
        return `${request.model} says at most ${most} tokens in a reply; the request was sent again with that.`
      }
      const refused = extras.find((extra) => signs[extra].test(message) && !entry.without.has(extra))
      if (refused === undefined) return undefined
      entry.without.add(refused)
      return `The provider does not take ${names[refused]} for ${request.model} (${message.slice(0, 200)}). The request was sent again without it.`
    },
  }
}

function roomFor({ maxOutput = Number.POSITIVE_INFINITY, room }: Known, messages: number): number {
  return room && messages >= room.messages ? Math.min(maxOutput, room.tokens) : maxOutput
}
