/** Expires asks: one timer, set to the next expiry. */
import { type Aura, asks } from "@aura/domain"

const longestMs = 2 ** 31 - 1

/** @returns stops it */
export function keepAskClock(aura: Aura, onProblem: (thrown: unknown) => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const look = () => {
    clearTimeout(timer)
    asks
      .expire(aura)
      .then((next) => {
        if (next === undefined) return
        timer = setTimeout(look, Math.min(Math.max(0, next - aura.now()), longestMs)).unref()
      })
      .catch(onProblem)
  }
  const unsubscribe = aura.store.subscribe((event) => {
    if (event.type === "ask.opened") look()
  })
  look()
  return () => {
    clearTimeout(timer)
    unsubscribe()
  }
}
