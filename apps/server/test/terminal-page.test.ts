import { describe, expect, it } from "vitest"
import { screenplayOf, testApp, useBareHome } from "./_app.ts"
import { findBarriers, shoot, signIn, useBrowser } from "./_browser.ts"

useBareHome()
const chrome = useBrowser()
const patient = { timeout: 15_000 }

describe("the page of terminals", () => {
  it("opens a shell, types into it, finds its screen again after a reload, and lets the keyboard leave", async () => {
    const app = await testApp(screenplayOf({ when: { phase: "specs" }, replies: [{ text: "Done." }] }))
    const project = await app.createProject()
    const { page, faults } = await signIn(chrome.browser, app)
    await page.goto(`${app.running.url}/projects/${project.id}/terminal`)
    await page.getByRole("button", { name: "Open a terminal" }).click()
    const rows = page.locator(".xterm-rows")
    await rows.waitFor(patient)
    await page.locator(".xterm-helper-textarea").focus()
    await page.keyboard.type("echo $((6*7))-ok; printf '\\033[32mgreen\\033[0m\\n'\n")
    await rows.getByText("42-ok").first().waitFor(patient)
    await page.reload()
    await rows.getByText("42-ok").first().waitFor(patient)
    await shoot(page, "terminal")
    expect(await findBarriers(page)).toEqual([])
    await page.locator(".xterm-helper-textarea").focus()
    await page.keyboard.press("Control+Shift+L")
    expect(await page.evaluate<string>("document.activeElement.id")).toMatch(/^tab-/)
    await page.getByRole("button", { name: "End this terminal" }).click()
    await page.getByText("No terminal is open").waitFor(patient)
    expect(faults).toEqual([])
  }, 60_000)
})
