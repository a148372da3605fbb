/** Settings in a real browser: a provider gets its key, is asked for its models, and one of them is taken for a role. */
import { createServer } from "node:http"
import { expect, it, onTestFinished } from "vitest"
import { screenplayOf, specsScene, testApp } from "./_app.ts"
import { findBarriers, shoot, signIn, useBrowser } from "./_browser.ts"

const chrome = useBrowser()

const models = {
  data: [
    { id: "big/coder", context_length: 262_144, pricing: { prompt: "0.000001", completion: "0.000004" } },
    { id: "small/chat", context_length: 8_192, pricing: { prompt: "0", completion: "0" } },
  ],
}

async function openRouter() {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(models))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`
}

it("a provider gets a key, says that it works, and lends a model to a role", async () => {
  const app = await testApp(screenplayOf(specsScene("Core")), {
    env: { OPENROUTER_BASE_URL: await openRouter() },
  })
  const { page, faults } = await signIn(chrome.browser, app)
  await page.getByRole("link", { name: "Settings" }).first().click()
  const region = page.getByRole("region", { name: "Providers" })
  await region.getByRole("heading", { name: "OpenRouter" }).click()
  const key = region.getByRole("form", { name: "Key of OpenRouter" })
  await key.getByLabel("Key").fill("sk-or-0123456789abcdef")
  await key.getByRole("button", { name: "Save and check" }).click()
  const row = region.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "OpenRouter" }) })
  await row.getByText("sk-o").waitFor()
  expect(await row.getByText("Works").count()).toBeGreaterThan(0)
  await row.getByRole("button", { name: "Test" }).click()
  await row.getByRole("button", { name: "Show its models" }).click()
  await row.getByLabel("Models of OpenRouter").fill("coder")
  await row.getByText("262k tokens · $1 in, $4 out per million").waitFor()
  await row.getByRole("button", { name: "Fallback: use openrouter:big/coder" }).click()
  await page.getByText("Fallback model: openrouter:big/coder").waitFor()
  expect((await app.client.call("getSettings", {})).fallbackModel).toBe("openrouter:big/coder")
  expect(faults).toEqual([])
  await shoot(page, "settings")
  expect(await findBarriers(page)).toEqual([])
})
