import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import { readEnv } from "./env.ts"
import { createTokens, findServer } from "./join.ts"

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

it("a note of a server that was killed while writing it counts as none", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "aura-join-"))
  for (const text of ["", '{"url":"http://127.', "[]"]) {
    writeFileSync(join(dataDir, "server.json"), text)
    expect(await findServer(readEnv({ AURA_DATA_DIR: dataDir }, null))).toBeUndefined()
  }
  rmSync(dataDir, { recursive: true })
})
