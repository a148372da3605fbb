/** A brake on guessing: after so many failures within a window, a key has to wait. Kept in memory. */
import { AuraError } from "@aura/core"

export type Brake = {
  /** @throws AuraError `too_many_requests` with `details.retryAfterSecs` */
  check(key: string): void
  failed(key: string): void
  forget(key: string): void
}

export function createBrake(now: () => number, most = 5, windowMs = 15 * 60 * 1000): Brake {
  const failures = new Map<string, number[]>()
  const recent = (key: string) => (failures.get(key) ?? []).filter((at) => at > now() - windowMs)
  return {
    check(key) {
      const times = recent(key)
      const oldest = times[0]
      if (times.length < most || oldest === undefined) return
      const retryAfterSecs = Math.ceil((oldest + windowMs - now()) / 1000)
      const minutes = Math.ceil(retryAfterSecs / 60)
      throw new AuraError("too_many_requests", `Too many failed sign-ins. Try again in ${minutes} minutes.`, {
        retryAfterSecs,
      })
    },
    failed(key) {
      if (failures.size > 10_000) failures.clear()
      failures.set(key, [...recent(key), now()])
    },
    forget: (key) => void failures.delete(key),
  }
}
