/** Asks until there is a reply: the waiting between attempts, the same for every model. */
import type { Failure, ModelEvent, Reply } from "./model.ts"
import { passes, type RetryPolicy, waitMs } from "./policy.ts"

/** What an attempt tells while it runs. */
export type StreamedEvent = Extract<
  ModelEvent,
  { type: "text" | "thinking" | "tool_start" | "tool_input" | "notice" }
>
export type Outcome = { reply: Reply } | { failure: Failure }
/** One request and its answer. Never throws; its last word is what it returns. */
export type Attempt = (signal: AbortSignal) => AsyncGenerator<StreamedEvent, Outcome>

/** Waits; ends early, without a throw, when the signal is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

export type Waiting = { now: () => number; random: () => number; sleep: Sleep; policy: RetryPolicy }

export async function* runAttempts(
  attempt: Attempt,
  { now, random, sleep, policy }: Waiting,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  for (let n = 1; ; n++) {
    if (signal.aborted) return yield { type: "failed", failure: aborted }
    const outcome = yield* attempt(signal)
    if ("reply" in outcome) return yield { type: "reply", reply: outcome.reply }
    const { failure } = outcome
    if (signal.aborted) return yield { type: "failed", failure: aborted }
    if (!passes(failure.kind) || n >= policy.attempts) return yield { type: "failed", failure }
    const ms = waitMs(n, failure.retryAfterMs, random, policy)
    yield { type: "waiting", reason: failure.message, untilMs: now() + ms, attempt: n }
    await sleep(ms, signal)
  }
}

const aborted: Failure = { kind: "aborted", message: "The request was called off." }

const stepMs = 10_000

/**
 * Sleeps until so much time has passed by the timer or by the clock, whichever says so first: timers stand still
 * while the machine sleeps, and a clock that is set back must not prolong the wait.
 */
export async function sleep(
  ms: number,
  signal: AbortSignal,
  { now = Date.now, step = stepMs }: { now?: () => number; step?: number } = {},
): Promise<void> {
  const untilMs = now() + ms
  for (let left = ms; left > 0 && now() < untilMs && !signal.aborted; left -= step)
    await pause(Math.min(left, step), signal)
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener("abort", end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener("abort", end, { once: true })
  })
}
