/**
 * What a server refuses with a 400 that the next request can do without: a parameter it does not know, thoughts it
 * does not take back, a longer reply than it gives. The request is built anew and sent again; what was refused once
 * is left out from then on.
 */
import type { ModelFacts } from "../catalog.ts"
import type { Adapter } from "../client.ts"
import type { Message } from "../model.ts"
import { type Encoding, type Extra, extras } from "./request.ts"

type Known = { without: Set<Extra>; maxOutput?: number; isAdaptive?: boolean }

const signs: Record<Extra, RegExp> = {
  binding: /block_binding|prefix_mismatch|thinking-binding/i,
  interleaved: /interleaved/i,
  effort: /output_config|\beffort\b/i,
  streamed_input: /eager_input_streaming/i,
  hour_cache: /\bttl\b|extended-cache/i,
  media:
    /\b(image|document|pdf|vision|multimodal)\b.{0,200}(not (supported|permitted|allowed|enabled)|unsupported|invalid|could not|unable)|(does not support|doesn't support|unsupported|unknown|could not process|unable to process).{0,200}\b(image|document|pdf|vision|multimodal)/i,
  thinking:
    /\bthinking(\.(type|display|budget_tokens|enabled|adaptive))?\b.{0,200}(not (supported|permitted|allowed)|unknown|extra|unsupported|unrecognized|invalid (value|type))|(does not support|unsupported|unknown|unrecognized).{0,200}\bthinking\b/i,
}

/** A person's words for what is left out. */
const names: Record<Extra, string> = {
  binding: "the rule for thoughts that no longer fit",
  interleaved: "thinking between tool calls",
  effort: "the effort",
  streamed_input: "streamed tool inputs",
  hour_cache: "the cache of one hour",
  media: "pictures and PDFs",
  thinking: "thinking",
}

const aboutThoughts =
  /signature|thinking.{0,40}block|redacted_thinking|different conversation|must (start|begin) with a thinking|cannot be modified/i

export function createAdapter(find: (id: string) => ModelFacts): Adapter<Encoding> {
  const known = new Map<string, Known>()
  const bare = new WeakSet<Message>()
  const of = (model: string): Known => {
    const entry = known.get(model) ?? { without: new Set<Extra>() }
    known.set(model, entry)
    return entry
  }

  return {
    encoding({ model }) {
      const { without, maxOutput, isAdaptive } = of(model)
      const facts = find(model)
      return {
        facts: {
          ...facts,
          maxOutput: Math.min(facts.maxOutput, maxOutput ?? facts.maxOutput),
          ...(isAdaptive && { thinking: "adaptive" }),
        },
        without,
        isBare: (message) => bare.has(message),
      }
    },
    learn(request, fault) {
      const { message, status } = fault
      if (status !== undefined && status !== 400 && status !== 422) return undefined
      const entry = of(request.model)
      const most =
        /max_tokens:? *\d+ *> *(\d+)/.exec(message)?.[1] ??
        /max_tokens.{0,60}?(?:at most|less than or equal to|<=) *(\d+)/.exec(message)?.[1]
      if (most !== undefined && Number(most) > 0 && entry.maxOutput !== Number(most)) {
        entry.maxOutput = Number(most)
        return `${request.model} says at most ${most} tokens in a reply; the request was sent again with that.`
      }
      if (/thinking\.type\.enabled.{0,200}not supported/i.test(message) && !entry.isAdaptive) {
        entry.isAdaptive = true
        return `${request.model} decides by itself how much it thinks; the request was sent again that way.`
      }
      if (aboutThoughts.test(message) && !signs.binding.test(message.replace(/Remove the block.*/s, ""))) {
        const said = request.messages.filter(
          (one) => one.role === "assistant" && !bare.has(one) && hasThoughts(one),
        )
        for (const one of said) bare.add(one)
        if (said.length > 0)
          return `The provider refused thoughts of earlier replies (${message.slice(0, 200)}). The request was sent again without the thoughts of ${said.length} replies.`
      }
      const refused = extras.find((extra) => signs[extra].test(message) && !entry.without.has(extra))
      if (refused === undefined) return undefined
      entry.without.add(refused)
      return `The provider does not take ${names[refused]} for ${request.model} (${message.slice(0, 200)}). The request was sent again without it.`
    },
  }
}

function hasThoughts(message: Message): boolean {
  return message.content.some(({ type }) => type === "thinking" || type === "redacted_thinking")
}
