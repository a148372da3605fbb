/** What the clients of all providers share: their options, and a request that is built anew after it was refused. */
import type { Attempt, Outcome, Sleep, StreamedEvent } from "./attempts.ts"
import type { ModelFacts } from "./catalog.ts"
import type { Json } from "./json.ts"
import type { Heard } from "./listen.ts"
import type { Failure, ModelRequest, Reply } from "./model.ts"
import { joinPieces } from "./pieces.ts"
import { type Fault, type RetryPolicy, redact } from "./policy.ts"

export type ClientOptions = {
  apiKey: string | null
  /** Any server that speaks the provider's API; the provider's own when absent. */
  baseUrl?: string | null
  /** Why nothing may be sent, for a person; every request then fails with `auth`. */
  refusal?: string | null
  /** Milliseconds since 1970. */
  now: () => number
  /** A number in [0, 1). */
  random: () => number
  sleep?: Sleep
  /** How long a reply may fall silent before it is given up and asked for again. */
  stallMs?: number
  policy?: Partial<RetryPolicy>
  /** What is known about a model, by the id people enter; the table's facts by default. */
  findModel?: (id: string) => ModelFacts
}

/** Learns from refusals how a server wants its requests. */
export type Adapter<Encoding> = {
  /** How a request to this model is made now. */
  encoding(request: ModelRequest): Encoding
  /** What is changed because of this answer, for a person; undefined = nothing can be. */
  learn(request: ModelRequest, fault: Fault): string | undefined
}

export type Answer = { reply: Reply } | { fault: Fault }

/** What is measured, and how long silence lasts, does not depend on a clock that people and networks set. */
export const elapsed = () => Math.round(performance.now())

/** Turns the events of an answer into what is streamed on, and at the end into a reply. */
export type Reader = {
  take(event: Json): StreamedEvent | StreamedEvent[] | undefined
  isComplete(): boolean
  finish(durationMs: number, requestId: string | null): Reply
}

/** What is heard of an answer, to its end; `startedAt` is when the request went out. */
export async function* readAnswer(
  heard: AsyncIterable<Heard> | Iterable<Heard>,
  reader: Reader,
  { startedAt, requestId }: { startedAt: number; requestId: string | null },
): AsyncGenerator<StreamedEvent, Answer> {
  for await (const one of heard) {
    if ("fault" in one) return { fault: { ...(requestId !== null && { requestId }), ...one.fault } }
    yield* joinPieces(one.events.flatMap((event) => reader.take(event) ?? []))
  }
  if (!reader.isComplete()) return { fault: { message: "the reply broke off in the middle" } }
  return { reply: reader.finish(elapsed() - startedAt, requestId) }
}

/**
 * One attempt: the request as the adapter makes it, and again after each refusal that it learns from.
 * @param of.obstacle why no request can go out at all
 * @param of.learn undefined when nothing can be changed
 */
export function createAttempt(of: {
  obstacle: Failure | undefined
  apiKey: string
  maxRebuilds: number
  ask(signal: AbortSignal): AsyncGenerator<StreamedEvent, Answer>
  learn(fault: Fault): string | undefined
  toFailure(fault: Fault): Failure
}): Attempt {
  return async function* attempt(signal): AsyncGenerator<StreamedEvent, Outcome> {
    if (of.obstacle) return { failure: of.obstacle }
    for (let rebuilds = 0; ; rebuilds++) {
      const answer = yield* of.ask(signal)
      if ("reply" in answer) return answer
      const fault = hideKey(answer.fault, of.apiKey)
      const text = rebuilds < of.maxRebuilds ? of.learn(fault) : undefined
      if (text === undefined) return { failure: of.toFailure(fault) }
      yield { type: "notice", text: redact(text) }
    }
  }
}

function hideKey(fault: Fault, apiKey: string): Fault {
  return apiKey.length < 6 ? fault : { ...fault, message: fault.message.replaceAll(apiKey, "…") }
}

/** True for text that a header can carry. */
export function isHeaderText(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text)
}
