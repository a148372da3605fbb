import { expect, it } from "vitest"
import { createTokens } from "./join.ts"

const hour = 60 * 60 * 1000

it("a command that runs for days never uses a token that has expired", async () => {
  let time = 0
  let made = 0
  const lifetimeMs = 12 * hour
  const getToken = createTokens(
    async (nowMs) => {
      made += 1
      return { access_token: String(nowMs), expiresAt: new Date(nowMs + lifetimeMs).toISOString() }
    },
    () => time,
  )
  for (; time < 72 * hour; time += hour / 4) expect(time - Number(await getToken())).toBeLessThan(lifetimeMs)
  expect(made).toBeLessThan(8)
})
