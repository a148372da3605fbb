/** The points at which a crash is tried: their names, in the order a run first passes them. */
import type { Aura } from "@aura/domain"

const turn = ["request", "stream", "reply", "reply_stored", "tool", "ran", "result_stored"] as const
/** What `runTurns` goes through; each phase has these under its own name. */
export type TurnMoment = (typeof turn)[number]

export const crashPoints = [
  "plan.opened",
  "plan.prompted",
  ...turn.map((moment) => `plan.${moment}` as const),
  "plan.drafted",
  "plan.stored",
  "loop.opened",
  "side.opened",
  "side.prompted",
  ...turn.map((moment) => `side.${moment}` as const),
  "held_out.stored",
  "work.claimed",
  "work.briefed",
  "work.based",
  ...turn.map((moment) => `work.${moment}` as const),
  "work.intent_stored",
  "boot.recovered",
  "boot.gone_on",
  "check.begun",
  "check.ran",
  "check.stored",
  "evidence.stored",
  "commit.made",
  "commit.recorded",
  "task.finished",
  "hand_off.asked",
  ...turn.map((moment) => `hand_off.${moment}` as const),
  "session.rolled_over",
  "session.briefed",
  "attempt.lost",
  "held_out.ran",
  "product.stored",
  "loop.ending",
  "loop.finished",
] as const
export type CrashPoint = (typeof crashPoints)[number]

/** Does nothing, unless the server was started to be crashed here. */
export function mark(aura: Pick<Aura, "mark">, point: CrashPoint): void {
  aura.mark?.(point)
}
