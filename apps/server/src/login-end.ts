/** What a login opened ends with it: sockets and event streams. */
import type { User } from "@aura/core"
import type { Aura, auth } from "@aura/domain"

const longestMs = 2 ** 31 - 1

/**
 * Calls `end` once, when the login runs out or is ended.
 * @returns stops waiting for that
 */
export function endWith(aura: Aura, login: auth.Login, end: (why: string) => void): () => void {
  const timer = setTimeout(
    () => finish("the login has run out"),
    Math.min(Math.max(0, Date.parse(login.expiresAt) - aura.now()), longestMs),
  ).unref()
  const unsubscribe = aura.store.subscribe((event) => {
    const isEnded = event.rows.revokedLogins?.some((row) => row.id === login.jti)
    const isOver = event.rows.users?.some((row) => row.id === login.user.id && isBefore(login.since, row))
    if (isEnded || isOver) finish("signed out")
  })
  const release = () => {
    clearTimeout(timer)
    unsubscribe()
  }
  const finish = (why: string) => {
    release()
    end(why)
  }
  return release
}

function isBefore(since: string, user: User): boolean {
  return user.signedOutAt !== null && since <= user.signedOutAt
}
