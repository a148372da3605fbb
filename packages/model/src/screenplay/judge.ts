/** Judges a request as the strict server of its provider's API does, without a connection; and thinks as that API has it. */
import { type Block, type Sight, sights, splitModelId } from "@aura/core"
import { betasOf, encodeRequest } from "../anthropic/request.ts"
import { findModel } from "../catalog.ts"
import { encodeGemini, thoughtOfSignature } from "../gemini/request.ts"
import type { Json } from "../json.ts"
import { malformedInput } from "../malformed.ts"
import type { ModelRequest } from "../model.ts"
import { type Encoding, encodeChat } from "../openai/chat-request.ts"
import { encodeResponses, thoughtOfItem } from "../openai/responses-request.ts"
import { type Api, dialects } from "./dialects.ts"
import { signPart } from "./gemini-validate.ts"
import { encrypt } from "./responses-validate.ts"
import { signThought } from "./thoughts.ts"
import type { Judged } from "./validate.ts"

function apiOf(model: string): Api {
  const { provider } = splitModelId(model)
  if (provider === "openai") return "responses"
  return provider === "openrouter" || provider === "ollama" ? "openai" : provider
}

const names = { openai: "chat", responses: "responses", gemini: "gemini" } as const
const encoders = { openai: encodeChat, responses: encodeResponses, gemini: encodeGemini } as const

/** @param sees what the model sees, where the table does not say */
export function judgeRequest(request: ModelRequest, sees: readonly Sight[] = sights): Judged {
  const api = apiOf(request.model)
  const facts = findModel(request.model)
  if (api === "anthropic")
    return dialects.anthropic.read(encodeRequest(request).toString(), betasOf(facts, new Set()), undefined)
  const encoding: Encoding = {
    provider: splitModelId(request.model).provider,
    api: names[api],
    facts: { ...facts, sees },
    without: new Set(),
    limitName: "max_tokens",
    takesEffort: true,
  }
  return dialects[api].read(encoders[api](request, encoding), [], undefined)
}

let made = 0

/**
 * A thought as the model of this request would send it.
 * @param request as it was judged
 * @param next the first call of the reply, where it makes one
 */
export function think(model: string, request: Json, text: string, next: Block | undefined): Block[] {
  switch (apiOf(model)) {
    case "anthropic":
      return [{ type: "thinking", thinking: text, signature: signThought(request, [], text) }]
    case "openai":
      return [{ type: "thinking", thinking: text, signature: "reasoning_content" }]
    case "responses":
      return thoughtOfItem(`rs_${++made}`, [text], encrypt(text))
    case "gemini": {
      const shown: Block = { type: "thinking", thinking: text, signature: "gemini" }
      // Of itself it sends no call whose name or input it could not take back.
      if (next?.type !== "tool_use" || !/^[\w-]+$/.test(next.name) || malformedInput in next.input)
        return [shown]
      const functionCall = { name: next.name, args: next.input }
      return [shown, thoughtOfSignature(signPart({ functionCall }))]
    }
  }
}
