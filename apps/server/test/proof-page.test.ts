/** The board of requirements in a real browser: it equals the ledger at every step. */
import type { Page } from "playwright-core"
import { expect, it } from "vitest"
import {
  call,
  done,
  screenplayOf,
  specsScene,
  type TestApp,
  tasksScene,
  testApp,
  work,
  write,
} from "./_app.ts"
import { findBarriers, shoot, signIn, tabTo, useBrowser } from "./_browser.ts"

const chrome = useBrowser()

const requirements = "# Thing\n\n- It has a file a.txt\n- It has a file b.txt\n- It has a file c.txt\n"

const play = screenplayOf(
  specsScene("Core"),
  tasksScene(
    { title: "Make a", checks: ["grep -q a a.txt"], requirements: ["R1"] },
    { title: "Make b", checks: ["grep -q b b.txt"], requirements: ["R2"] },
  ),
  work("Make a", [{ calls: [write("a.txt", "a\n")] }, done()]),
  work("Make b", [{ calls: [call("task_blocked", { reason: "Nobody said what b is." })] }]),
)

/** What the board says of each requirement, as `R1: proven`. */
async function board(page: Page): Promise<string[]> {
  const rows = await page.getByRole("list", { name: "Requirements and their proof" }).locator("> li").all()
  return await Promise.all(rows.map(async (row) => (await row.getAttribute("aria-label")) ?? ""))
}

async function expectBoard(app: TestApp, page: Page, p: string): Promise<string[]> {
  const { items } = await app.client.call("getLedger", { params: { p } })
  const said = items.map(({ id, state }) => `${id}: ${state.replace("_", " ")}`)
  await expect.poll(() => board(page)).toEqual(said)
  return said
}

it("shows how each requirement stands, live, and is the first thing seen after a run", async () => {
  const app = await testApp(play)
  const project = await app.createProject({ requirements })
  const params = { p: project.id }
  await app.plan(project)
  const { page, faults } = await signIn(chrome.browser, app)
  const at = `${app.running.url}/projects/${project.id}`
  await page.goto(`${at}/proof`)
  expect(await expectBoard(app, page, project.id)).toEqual(["R1: unproven", "R2: unproven", "R3: unproven"])
  await app.client.call("startLoop", { params, body: {} })
  await app.idle()
  expect(await expectBoard(app, page, project.id)).toEqual(["R1: proven", "R2: broken", "R3: unproven"])

  await page.goto(at)
  await page.waitForURL("**/proof")
  await page.getByText("1 of 3 requirements are settled; 2 still need proof.").waitFor()
  expect(await findBarriers(page)).toEqual([])
  await shoot(page, "proof")

  // From the requirement to its diff, and from the task back to the requirement: a click each.
  await page.getByRole("link", { name: /^[0-9a-f]{7,10}$/ }).click()
  await page.getByRole("complementary").or(page.getByRole("region")).getByText("a.txt").first().waitFor()
  await page.goto(`${at}/proof`)
  await page.getByRole("link", { name: "Make a" }).click()
  await page.getByRole("region", { name: "Evidence" }).getByRole("link", { name: "R1" }).click()
  await page.waitForURL("**/proof?r=R1")

  await page.getByRole("link", { name: /^broken/ }).click()
  expect(await board(page)).toEqual(["R2: broken"])
  await page.getByRole("link", { name: /^All/ }).click()

  // Waived with the keyboard alone.
  await tabTo(page, "Waive R3")
  await page.keyboard.press("Enter")
  await page.getByRole("textbox", { name: "Reason" }).fill("Not needed yet.")
  await page.keyboard.press("Tab")
  await page.keyboard.press("Tab")
  await page.keyboard.press("Enter")
  await page.getByText("Not needed yet.").waitFor()
  expect(await expectBoard(app, page, project.id)).toContain("R3: waived")
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole("button", { name: "Take back the waiver of R3" }).click()
  await page.getByText("No task is made for it.").waitFor()
  expect(await expectBoard(app, page, project.id)).toContain("R3: unproven")

  const markdown = requirements.replace("a file a.txt", "a file a.txt of two lines").replace(/.*c.txt\n/, "")
  await app.client.call("saveRequirements", { params, body: { markdown } })
  const said = await expectBoard(app, page, project.id)
  expect(said).toEqual(["R1: unproven", "R2: broken", "R3: closed"])
  await page.getByText("Reworded in version 2 of the document").click()
  await page.getByText("Version 1: It has a file a.txt").waitFor()

  await page.goto(`${at}/tasks?requirement=R1`)
  await page.getByRole("link", { name: "Make a" }).waitFor()
  expect(await page.getByRole("link", { name: "Make b" }).count()).toBe(0)
  expect(faults).toEqual([])
}, 120_000)

it("says on the run page which requirements are left, and leads to them", async () => {
  const tasks = tasksScene({ title: "Make a", checks: ["grep -q a a.txt"], requirements: ["R1", "R2"] })
  const app = await testApp(
    screenplayOf(specsScene("Core"), tasks, work("Make a", [{ calls: [write("a.txt", "a\n")] }, done()])),
  )
  const project = await app.createProject({ requirements })
  await app.runAll(project)
  const { page, faults } = await signIn(chrome.browser, app)
  await page.goto(`${app.running.url}/projects/${project.id}/run`)
  await page.getByText("Every task is done, but not every requirement is proven.").first().waitFor()
  await page.getByText("Not all proven").first().waitFor()
  await page.getByRole("link", { name: "R3" }).click()
  await page.getByRole("button", { name: "Make tasks for 1 requirement" }).waitFor()
  await page.getByRole("button", { name: "Waive R3" }).click()
  await page.getByRole("textbox", { name: "Reason" }).fill("Later.")
  await page.getByRole("button", { name: "Waive", exact: true }).click()
  await page.getByText("All 3 requirements are settled, 1 of them waived.").waitFor()
  await page.locator("header").getByText("Done", { exact: true }).waitFor()
  expect(faults).toEqual([])
}, 60_000)

it("shows what an edit of the document does to the plan, to trim and accept, and asks what is unsure", async () => {
  const task = { title: "Make a", checks: ["grep -q a a.txt"], requirements: ["R1", "R2"] }
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene(task),
      work("Make a", [{ calls: [write("a.txt", "a\n")] }, done()]),
    ),
  )
  const project = await app.createProject({
    requirements: "# Thing\n\n- It has a file a.txt\n- It sends a mail to each customer at night\n",
  })
  await app.runAll(project)
  const agent = await app.client.call("createAgent", { body: { name: "Strict reviewer" } })
  const { page, faults } = await signIn(chrome.browser, app)
  const at = `${app.running.url}/projects/${project.id}`
  await page.goto(`${at}/requirements`)
  const edit = async (text: string) => {
    await page.getByRole("button", { name: "Edit" }).click()
    await page.getByRole("textbox", { name: "Document" }).fill(text)
    await page.getByRole("button", { name: "Save" }).click()
  }
  const message = "It sends each customer one message every hour"
  await edit(`# Thing\n\n- It has a file a.txt of two lines\n- ${message}\n- It encrypts everything\n`)
  const review = page.getByRole("region", { name: "What the change does to the plan" })
  await review.getByRole("list", { name: "To be done again" }).getByText("Make a").waitFor()
  await review.getByRole("list", { name: "New" }).getByText("R4 It encrypts everything").waitFor()
  await review.getByText(/^3 tasks for about/).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await shoot(page, "replan")
  await review.getByRole("button", { name: "Leave out R4" }).click()
  await review
    .getByRole("list", { name: /^Left out/ })
    .getByText("R4 It encrypts everything")
    .waitFor()
  await review.getByText(/^2 tasks for about/).waitFor()
  await review.getByRole("button", { name: "Accept" }).click()
  await review.waitFor({ state: "detached" })
  // What was not decided in the review is asked in the list, and holds.
  await page.getByRole("button", { name: "R3 is R2 in other words" }).click()
  await expect
    .poll(async () =>
      (await app.client.call("getLedger", { params: { p: project.id } })).items.map(
        ({ id, state }) => `${id} ${state}`,
      ),
    )
    .toEqual(["R1 unproven", "R2 unproven", "R4 waived", "R3 closed"])
  await edit(`# Thing\n\n- It has a file a.txt of two lines\n- It encrypts everything\n- ${message}\n`)
  await page.getByText("3 requirements in version 4").waitFor()
  expect(await page.getByRole("button", { name: /in other words$/ }).count()).toBe(0)

  await page.getByRole("button", { name: "More about this project" }).click()
  await page.getByRole("menuitem", { name: /Proof/ }).click()
  const settings = page.getByRole("dialog", { name: "Proof" })
  await settings.getByRole("group", { name: "Held-out checks" }).getByLabel("Always").check()
  await settings.getByRole("group", { name: "Whole-product proof" }).getByLabel("Never").check()
  await settings.getByRole("group", { name: "Independent review" }).getByLabel("On").check()
  await settings.getByLabel("Reviewer").selectOption("Strict reviewer")
  await settings.getByRole("button", { name: "Save" }).click()
  await settings.waitFor({ state: "detached" })
  expect(await app.client.call("getProject", { params: { p: project.id } })).toMatchObject({
    heldOut: "on",
    productProof: "off",
    review: "on",
    reviewerAgentId: agent.id,
  })
  expect(faults).toEqual([])
}, 120_000)

it("sums up what happened while nobody looked, until it is dismissed", async () => {
  const app = await testApp(play)
  const project = await app.createProject({ requirements })
  const params = { p: project.id }
  await app.plan(project)
  const { page, faults } = await signIn(chrome.browser, app)
  const at = `${app.running.url}/projects/${project.id}/proof`
  await page.goto(at)
  await page.getByRole("list", { name: "Requirements and their proof" }).waitFor()
  const card = page.getByRole("region", { name: "While you were away" })
  expect(await card.count()).toBe(0)
  await page.goto(`${app.running.url}/usage`)
  await app.client.call("startLoop", { params, body: {} })
  await app.idle()
  await page.evaluate(
    (key) => localStorage.setItem(key, String(Date.now() - 3_600_000)),
    `aura-looked-${project.id}`,
  )
  await page.goto(at)
  await card.getByText("Proven: R1").waitFor()
  await card.getByText("1 task done · 1 file changed (+1 −0)").waitFor()
  await card.getByText("Not proven: R2 It has a file b.txt – ").waitFor()
  await card.getByRole("link", { name: "Make b" }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await shoot(page, "while-away")
  await page.reload()
  await card.getByRole("button", { name: "Dismiss" }).press("Enter")
  await card.waitFor({ state: "detached" })
  await page.reload()
  await page.getByRole("list", { name: "Requirements and their proof" }).waitFor()
  expect(await card.count()).toBe(0)
  expect(faults).toEqual([])
})
