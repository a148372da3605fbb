import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it, onTestFinished } from "vitest"
import { readEnv } from "../src/env.ts"
import { startServer } from "../src/start.ts"

it.each([
  ["the audit log cannot be opened", "audit", {}],
  ["the address cannot be listened at", "unused", { AURA_SERVER_HOST: "nowhere.invalid" }],
])("a start that fails because %s gives the data directory back", async (_, file, variables) => {
  const dataDir = mkdtempSync(join(tmpdir(), "aura-start-"))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const env = readEnv({ AURA_DATA_DIR: dataDir, AURA_SERVER_PORT: "0" }, null)
  writeFileSync(join(dataDir, file), "")
  const failing = readEnv({ AURA_DATA_DIR: dataDir, AURA_SERVER_PORT: "0", ...variables }, null)
  await expect(startServer({ env: failing })).rejects.toThrow()
  rmSync(join(dataDir, file))
  const running = await startServer({ env })
  expect(running.url).toContain("http://")
  await running.stop()
})
