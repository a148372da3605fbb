/** The seam of the model: one streamed reply. A failure is a final event, never a throw. */
import type { Block, Effort, MediaType, Usage } from "@aura/core"
import type { ListedFacts } from "./catalog.ts"

export type ToolSpec = {
  name: string
  description: string
  /** JSON Schema of the input object. */
  inputSchema: Record<string, unknown>
  /** Its input may be long: it is streamed while it is written, so that a silence is one. */
  isLong?: boolean
}

/** A picture or a PDF, in base64. */
export type MediaBlock = { type: "media"; mediaType: MediaType; data: string }

export type ToolResult = {
  type: "tool_result"
  toolUseId: string
  output: string
  isError: boolean
  /** Shown beside the output. */
  media?: readonly MediaBlock[]
}

/**
 * A message as the API wants it: roles alternate, the first is the user's. Once sent it must not be changed, only
 * replaced: its JSON is made once, and models refuse or forget what they thought about a past that was altered.
 */
export type Message =
  | { role: "user"; content: (ToolResult | MediaBlock | { type: "text"; text: string })[] }
  | { role: "assistant"; content: Block[] }

export type ModelRequest = {
  model: string
  system: string
  messages: readonly Message[]
  tools: readonly ToolSpec[]
  /** Above what the model can say, it counts as that. */
  maxTokens: number
  /** How hard it thinks; the strongest level the model takes that is not above it. */
  effort?: Effort
  /** How long the provider keeps the prompt for the next request: five minutes by default, for half the price. */
  cacheFor?: "1h"
}

export type Reply = {
  blocks: Block[]
  /** end_turn, tool_use, max_tokens, stop_sequence, refusal, pause_turn, model_context_window_exceeded … */
  stopReason: string
  /** The model that answered. */
  model: string
  usage: Usage
  durationMs: number
  requestId: string | null
}

/**
 * Why no reply came.
 * `auth` 401/403, `credit` 402, `not_allowed` unknown or forbidden model: stop and ask the person.
 * `bad_request`: a bug of ours. `too_long`: the request does not fit the window.
 * `overloaded` 429/529, `unavailable` 5xx or no connection or a broken stream: only seen by those who ask
 * for no retries; the policy waits these out. `aborted`: our signal.
 */
export type FailureKind =
  | "auth"
  | "credit"
  | "not_allowed"
  | "bad_request"
  | "too_long"
  | "overloaded"
  | "unavailable"
  | "aborted"

export type Failure = { kind: FailureKind; message: string; retryAfterMs?: number; requestId?: string }

export type ModelEvent =
  | { type: "text"; text: string }
  | { type: "thinking"; text: string }
  | { type: "tool_start"; index: number; id: string; name: string }
  /** A further piece of a tool's input, as raw JSON text. */
  | { type: "tool_input"; index: number; json: string }
  /** The provider cannot answer now; the same request goes out again at `untilMs` (since 1970). What was
   * streamed so far is void. */
  | { type: "waiting"; reason: string; untilMs: number; attempt: number }
  /** Something a person should be able to look up later, such as that the request was changed to be taken. */
  | { type: "notice"; text: string }
  | { type: "reply"; reply: Reply }
  | { type: "failed"; failure: Failure }

export interface Model {
  /** Streams one reply. The last event is `reply` or `failed`. */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>
  /** Asks the provider whether the key is good, at no cost. */
  checkKey(signal: AbortSignal): Promise<"valid" | "invalid" | "unchecked">
}

/** A model over the network, and its provider's own list. */
export interface Provider extends Model {
  /** The provider's own list of models, by id; undefined where it has none or cannot be asked. */
  listModels(signal: AbortSignal): Promise<ReadonlyMap<string, ListedFacts> | undefined>
}
