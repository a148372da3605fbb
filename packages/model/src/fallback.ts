/**
 * Another model answers while the first cannot be reached, or where the first refuses: told to by the user, tried
 * beside the waiting, never instead.
 */
import type { Block } from "@aura/core"
import type { Message, Model, ModelEvent, ModelRequest, Reply } from "./model.ts"

export type Fallback = {
  /** The model that answers instead. */
  model: string
  /** Asks it once, without waiting anything out. */
  once: Model
  /** Milliseconds since 1970. */
  now: () => number
}

/** So often the first one has failed in a row before the other is asked. */
const after = 3
/** Then the other is asked first for so long. */
const restMs = 5 * 60_000

/** @param first waits its provider out; between two of its attempts the other is asked */
export function withFallback(first: Model, { model, once, now }: Fallback): Model {
  let restsUntil = 0

  async function* askOther(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, boolean> {
    for await (const event of once.stream(toRequest(request, model), signal)) {
      if (event.type === "failed") return false
      yield event.type === "reply" ? { type: "reply", reply: withoutThoughts(event.reply) } : event
    }
    return true
  }

  /** The refused reply stays where the other refuses as well, or cannot answer; what it cost is counted either way. */
  async function* askAfterRefusal(
    refused: Reply,
    request: ModelRequest,
    signal: AbortSignal,
  ): AsyncGenerator<ModelEvent> {
    yield {
      type: "waiting",
      reason: `${request.model} refuses; ${model} is asked.`,
      untilMs: now(),
      attempt: 0,
    }
    for await (const event of once.stream(toRequest(request, model), signal)) {
      if (event.type === "failed") break
      if (event.type !== "reply") {
        yield event
        continue
      }
      const text = `${request.model} refused to answer; ${model} answered instead.`
      if (event.reply.stopReason !== "refusal") yield { type: "notice", text }
      const reply = withoutThoughts(event.reply)
      // The tokens stay those of the answer: they say how full the context is.
      const usage = { ...reply.usage, costUsd: reply.usage.costUsd + refused.usage.costUsd }
      return yield { type: "reply", reply: { ...reply, usage } }
    }
    yield { type: "reply", reply: refused }
  }

  return {
    checkKey: (signal) => first.checkKey(signal),
    async *stream(request, signal) {
      if (request.model === model) return yield* first.stream(request, signal)
      if (now() < restsUntil) {
        if (yield* askOther(request, signal)) return
        // What it may have said is void, and so is the rest of the first one.
        restsUntil = 0
        yield { type: "waiting", reason: `${model} did not answer either.`, untilMs: now(), attempt: after }
      }
      for await (const event of first.stream(request, signal)) {
        if (event.type === "reply" && event.reply.stopReason === "refusal") {
          yield* askAfterRefusal(event.reply, request, signal)
          return
        }
        yield event
        if (event.type !== "waiting" || event.attempt < after || signal.aborted) continue
        if (yield* askOther(request, signal)) {
          restsUntil = now() + restMs
          return
        }
        yield event
      }
    },
  }
}

/** Thoughts are between a model and its provider: another one is not shown them. */
function toRequest(request: ModelRequest, model: string): ModelRequest {
  return {
    ...request,
    model,
    messages: request.messages.map(withoutThoughtsOf),
  }
}

/** One for each message, for as long as it lives: its JSON is made once. */
const bare = new WeakMap<Message, Message>()

function withoutThoughtsOf(message: Message): Message {
  if (message.role === "user" || !message.content.some(isThought)) return message
  const known = bare.get(message)
  if (known) return known
  const made: Message = { role: "assistant", content: message.content.filter((block) => !isThought(block)) }
  bare.set(message, made)
  return made
}

function withoutThoughts(reply: Reply): Reply {
  return { ...reply, blocks: reply.blocks.filter((block) => !isThought(block)) }
}

function isThought(block: Block): boolean {
  return block.type === "thinking" || block.type === "redacted_thinking"
}
