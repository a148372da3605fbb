/** What a login opened ends with it: sockets and event streams. */
import { type Aura, auth } from "@aura/domain"

const longestMs = 2 ** 31 - 1

/**
 * Calls `end` once, when the login runs out or is ended, also when that was before anybody listened for it.
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
  // It was good when it was shown; it may have ended between then and the subscription.
  auth.isGood(aura, login).then(
    (isGood) => isGood || finish("signed out"),
    () => finish("the login could not be looked up"),
  )
  return release
}
