import { expect, it } from "vitest"
import { setUp } from "./_processes.ts"

it("doctor finds the key that was entered in Settings", async () => {
  const aura = await setUp()
  const server = aura.startWith({ ANTHROPIC_API_KEY: "" }, "serve", "--port", "0")
  const client = await aura.connect()
  await client.call("setApiKey", { body: { key: "sk-entered-in-settings" } })
  server.child.kill("SIGTERM")
  await server.ended
  const ended = await aura.startWith({ ANTHROPIC_API_KEY: "" }, "doctor").ended
  expect(ended.stdout).toContain("An API key is stored in Settings")
})
