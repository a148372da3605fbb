/** The twin of Claude: a screenplay played in this process, without a network. */

import { createReplyReader } from "../anthropic/reply.ts"
import { betasOf, encodeRequest } from "../anthropic/request.ts"
import {
  type Attempt,
  runAttempts,
  type Sleep,
  type StreamedEvent,
  sleep as sleepOnTimer,
} from "../attempts.ts"
import { findModel } from "../catalog.ts"
import type { Json } from "../json.ts"
import type { Model, ModelRequest } from "../model.ts"
import { joinPieces } from "../pieces.ts"
import { type Fault, patientPolicy, type RetryPolicy, toFailure } from "../policy.ts"
import { type Pace, pieceChars, visibleChars } from "./events.ts"
import type { Screenplay } from "./screenplay.ts"
import { createStage, eventsBefore, type Mishap, type StageOptions } from "./stage.ts"

export type ScreenplayModelOptions = StageOptions & {
  /** Milliseconds since 1970. */
  now: () => number
  /** A number in [0, 1); only spreads the waits after scripted faults. */
  random?: () => number
  sleep?: Sleep
  /** How fast replies appear; absent = at once. */
  pace?: Pace | undefined
  policy?: Partial<RetryPolicy>
}

export function createScreenplayModel(screenplay: Screenplay, options: ScreenplayModelOptions): Model {
  const { now, random = () => 0.5, sleep = sleepOnTimer, pace } = options
  const policy = { ...patientPolicy, ...options.policy }
  const stage = createStage(screenplay, options)
  let asked = 0

  const toAttempt = (request: ModelRequest): Attempt =>
    async function* attempt(signal) {
      asked += 1
      const requestId = `req_${asked.toString().padStart(6, "0")}`
      const startedAt = now()
      const fail = (fault: Fault) => ({
        failure: toFailure(
          { ...fault, requestId },
          { model: request.model, host: "the screenplay", nowMs: now() },
        ),
      })
      const body = encodeRequest(request).toString()
      const betas = betasOf(findModel(request.model), new Set())
      const performance = stage.perform(body, pieceChars(pace), betas)
      if (performance.kind === "refusal") {
        const { status, type, message, retryAfterSecs } = performance
        return fail({ status, type, message, retryAfter: retryAfterSecs?.toString() })
      }
      const { mishap } = performance
      const events = performance.events.slice(0, mishap ? eventsBefore(mishap) : undefined)
      const reader = createReplyReader(request.model)
      yield* play(events, reader.take, (ms) => sleep(ms, signal), pace)
      if (mishap?.kind === "stall") {
        await sleep(mishap.ms, signal)
        yield* play(performance.events.slice(events.length), reader.take, (ms) => sleep(ms, signal), pace)
      } else if (mishap) return fail(toFault(mishap))
      if (signal.aborted) return fail({ message: "called off" })
      return { reply: reader.finish(now() - startedAt, requestId) }
    }

  return {
    stream: (request, signal) => runAttempts(toAttempt(request), { now, random, sleep, policy }, signal),
    checkKey: async () => "unchecked",
  }
}

function toFault(mishap: Exclude<Mishap, { kind: "stall" }>): Fault {
  if (mishap.kind === "error") return { type: mishap.type, message: mishap.message }
  return { message: mishap.kind === "drop" ? "the connection broke" : "the reply broke off in the middle" }
}

async function* play(
  events: Json[],
  take: (event: Json) => StreamedEvent | undefined,
  wait: (ms: number) => Promise<void>,
  pace: Pace | undefined,
): AsyncGenerator<StreamedEvent> {
  if (!pace) return yield* joinPieces(events.flatMap((event) => take(event) ?? []))
  for (const event of events) {
    const piece = take(event)
    if (piece) yield* joinPieces([piece])
    const chars = visibleChars(event)
    if (chars > 0) await wait((chars / pace.charsPerSec) * 1000)
  }
}
