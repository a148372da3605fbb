/** Somebody who has a document, a folder and a key, and has never seen Aura: few clicks to a run, also without a mouse. */
import type { Page } from "playwright-core"
import { expect, it } from "vitest"
import { done, screenplayOf, specsScene, type TestApp, tasksScene, testApp, work, write } from "./_app.ts"
import { findBarriers, shoot, signIn, tabTo, useBrowser } from "./_browser.ts"

const chrome = useBrowser()
const play = screenplayOf(
  specsScene("Core"),
  tasksScene({ title: "Make a", checks: ["test -s a.txt"] }),
  work("Make a", [{ calls: [write("a.txt", "a\n")] }, done()]),
)
const wanted = "# Two files\n\n- a.txt holds something\n- b.txt holds something\n"
const maxClicks = 8

async function open() {
  const app = await testApp(play, { env: { ANTHROPIC_API_KEY: "" } })
  return { app, ...(await signIn(chrome.browser, app)) }
}

async function expectDone(app: TestApp, page: Page, faults: string[]): Promise<void> {
  await page.getByText("Every task is done").first().waitFor()
  await app.idle()
  const { items } = await app.client.call("listProjects", { query: {} })
  expect(items).toMatchObject([{ name: "Two files", building: null }])
  const params = { p: items[0]?.id ?? "" }
  expect((await app.client.call("getLoop", { params })).loop).toMatchObject({ outcome: "done" })
  expect(faults).toEqual([])
}

it("leads from no key to a running project by mouse, with the plan shown first, in few clicks", async () => {
  const { app, page, faults } = await open()
  let clicks = 0
  const click = async (role: "button" | "link" | "textbox", name: string) => {
    clicks += 1
    await page.getByRole(role, { name, exact: true }).first().click()
  }
  const fill = async (label: string, text: string) => {
    clicks += 1
    await page.getByLabel(label, { exact: true }).click()
    await page.keyboard.insertText(text)
  }
  await page.getByText("Before the first run").waitFor()
  await shoot(page, "first-empty")
  expect(await findBarriers(page)).toEqual([])
  await click("button", "New project")
  await fill("Requirements", wanted)
  await fill("Workspace folder", app.workspace)
  await fill("API key", "a-key-of-theirs")
  await shoot(page, "first-new-project", 1200)
  expect(await findBarriers(page)).toEqual([])
  await click("button", "Build it")
  await page.getByRole("link", { name: "Look at the plan" }).waitFor()
  await shoot(page, "first-plan-ready")
  await click("link", "Look at the plan")
  await page.getByText("The plan:").waitFor()
  await shoot(page, "first-plan")
  expect(await findBarriers(page)).toEqual([])
  await click("button", "Start loop")
  await expectDone(app, page, faults)
  expect(clicks).toBeLessThanOrEqual(maxClicks)
  await page.goto(app.running.url)
  await page.getByText("2 of 2 proven").waitFor()
  await shoot(page, "first-home")
  expect(await findBarriers(page)).toEqual([])
  expect(faults).toEqual([])
  await page.close()
})

it("leads there by the keyboard alone, without a stop", async () => {
  const { app, page, faults } = await open()
  await tabTo(page, "New project")
  await page.keyboard.press("Enter")
  for (const [label, text] of [
    ["Requirements", wanted],
    ["Workspace folder", app.workspace],
    ["API key", "a-key-of-theirs"],
  ] as const) {
    await tabTo(page, label)
    await page.keyboard.insertText(text)
  }
  await tabTo(page, "Show me the plan first")
  await page.keyboard.press("Space")
  await tabTo(page, "Build it")
  await page.keyboard.press("Enter")
  await expectDone(app, page, faults)
  await page.close()
})

it("starts from a template by the keyboard alone, and builds nothing while blanks are left", async () => {
  const { app, page, faults } = await open()
  await tabTo(page, "New project")
  await page.keyboard.press("Enter")
  await tabTo(page, "Library")
  await shoot(page, "template-choice")
  expect(await findBarriers(page)).toEqual([])
  await page.keyboard.press("Enter")
  const field = page.getByLabel("Requirements", { exact: true })
  const readSelected = () => page.evaluate("String(getSelection())")
  expect(await readSelected()).toBe("{{Name of the library}}")
  await page.keyboard.insertText("Slugs")
  await tabTo(page, "Next blank")
  await page.keyboard.press("Enter")
  expect(await readSelected()).toBe("{{language}}")
  await tabTo(page, "Create project")
  await page.keyboard.press("Enter")
  await page.getByText("The document still has blanks to fill in: {{language}}").waitFor()
  await shoot(page, "template-blanks")
  expect(await findBarriers(page)).toEqual([])
  expect((await app.client.call("listProjects", { query: {} })).items).toEqual([])
  const filled = (await field.inputValue()).replace(/\{\{[^}]*\}\}/g, "text")
  await tabTo(page, "Requirements")
  await page.keyboard.press("ControlOrMeta+A")
  await page.keyboard.insertText(filled)
  await tabTo(page, "Project name")
  await page.keyboard.insertText("Slugs")
  await tabTo(page, "Workspace folder")
  await page.keyboard.insertText(app.workspace)
  await tabTo(page, "Create project")
  await page.keyboard.press("Enter")
  await page.waitForURL("**/requirements")
  expect((await app.client.call("listProjects", { query: {} })).items).toMatchObject([{ name: "Slugs" }])
  expect(faults).toEqual([])
  await page.close()
})
