import { expect, it } from "vitest"
import { screenplayOf, testApp, useBareHome } from "./_app.ts"
import { findBarriers, shoot, signIn, useBrowser } from "./_browser.ts"
import { fillShowcase } from "./_showcase.ts"
import { fillFolder, useOwnPrompt, workInIt } from "./_terminal-scene.ts"

useBareHome()
const chrome = useBrowser()

it("shows one's own shells and what runs for the agent side by side, for everyone, light and dark", async () => {
  useOwnPrompt()
  const app = await testApp(screenplayOf({ when: { phase: "chat" }, replies: [{ text: "x" }] }))
  const { projectId } = await fillShowcase(app)
  fillFolder(app, projectId)
  const { page, faults } = await signIn(chrome.browser, app)
  await page.goto(`${app.running.url}/projects/${projectId}/terminal`)
  await workInIt(page)
  const tabs = page.getByRole("navigation", { name: "Open terminals" }).getByRole("link")
  expect(await tabs.allInnerTexts()).toEqual(["1 bash", expect.stringMatching(/^Check · npm test/)])
  // At 1440 this is docs/terminal.png.
  await shoot(page, "terminal-look", 560)
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme })
    await expect
      .poll(async () => [colorScheme, await findBarriers(page)], { timeout: 15_000 })
      .toEqual([colorScheme, []])
  }
  expect(faults).toEqual([])
}, 60_000)
