/** Closes sockets and event streams when their login ends. */
import { type Aura, auth } from "@aura/domain"

const longestMs = 2 ** 31 - 1

/**
 * Calls `end` once, when the login expires or is ended, even if that happened before this call.
 * @returns stops waiting for that
 */
export function endWith(aura: Aura, login: auth.Login, end: (why: string) => void): () => void {
  let isOver = false
  const finish = (why: string) => {
    if (isOver) return
    release()
    end(why)
  }
  const timer = setTimeout(
    () => finish("the login has run out"),
    Math.min(Math.max(0, Date.parse(login.expiresAt) - aura.now()), longestMs),
  ).unref()
  const unsubscribe = aura.store.subscribe((event) => {
    if (auth.isEndedBy(login, event)) finish("signed out")
  })
  const release = () => {
    isOver = true
    clearTimeout(timer)
    unsubscribe()
  }
  // It was valid when it was checked, but may have ended before the subscription.
  auth.isGood(aura, login).then(
    (isGood) => isGood || finish("signed out"),
    () => finish("the login could not be looked up"),
  )
  return release
}
