/** A done task that is reopened: what proved it stays to be seen, what builds on it learns of it, nothing says Done. */
import { expect, it } from "vitest"
import { done, screenplayOf, specsScene, tasksScene, testApp, work, write } from "./_app.ts"
import { signIn, useBrowser } from "./_browser.ts"

const chrome = useBrowser()

it("keeps its failed rounds and its earlier proof in sight, and tells its dependants", async () => {
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene(
        { title: "Make a", checks: ["grep -q two a.txt"], requirements: ["R1"] },
        { title: "Make b", checks: ["grep -q b b.txt"], requirements: ["R2"], depends_on: ["Make a"] },
      ),
      work("Make a", [
        { calls: [write("a.txt", "one\n")] },
        done(),
        { calls: [write("a.txt", "two\n")] },
        done(),
      ]),
      work("Make b", [{ calls: [write("b.txt", "b\n")] }, done()]),
    ),
  )
  const project = await app.createProject()
  const params = { p: project.id }
  await app.runAll(project)
  const tasks = async () => (await app.client.call("listTasks", { params, query: {} })).items
  const [a, b] = await tasks()
  const { page, faults } = await signIn(chrome.browser, app)
  const at = `${app.running.url}/projects/${project.id}`
  const header = page.locator("header")
  await page.goto(`${at}/tasks/${a?.id}`)
  await header.getByText("Done", { exact: true }).waitFor()
  const evidence = page.getByRole("region", { name: "Evidence" })
  await evidence.getByText("1 failed check before that").click()
  await evidence.getByRole("link", { name: "Round 1 in the session" }).waitFor()
  await evidence.getByRole("link", { name: "Round 2 in the session" }).click()
  await page.waitForURL("**/sessions/*?entry=*")
  const marked = page.locator('[aria-current="location"]')
  await marked.getByText("grep -q two a.txt").waitFor()
  await marked.getByText("passed").waitFor()

  await app.client.call("transitionTask", {
    params: { ...params, t: a?.id ?? "" },
    body: { status: "ready" },
  })
  await header.getByText("Not finished", { exact: true }).waitFor()
  await page.goto(`${at}/tasks/${a?.id}`)
  const earlier = page.getByRole("region", { name: "Earlier proofs" })
  await earlier.getByTitle(a?.commit ?? "none").waitFor()
  await page.goto(`${at}/tasks/${b?.id}`)
  await page.getByText("What it builds on is open again").waitFor()
  await page.getByText('"Make a", which this builds on, was reopened.').waitFor()
  expect((await tasks()).map(({ status }) => status)).toEqual(["ready", "done"])
  expect(faults).toEqual([])
}, 60_000)

it("makes a task that has not begun wait for what was reopened", async () => {
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene(
        { title: "Make a", checks: ["grep -q a a.txt"], requirements: ["R1"] },
        { title: "Make b", checks: ["grep -q b b.txt"], requirements: ["R2"], depends_on: ["Make a"] },
      ),
      work("Make a", [{ calls: [write("a.txt", "a\n")] }, done()]),
    ),
  )
  const project = await app.createProject()
  const params = { p: project.id }
  await app.plan(project)
  const tasks = async () => (await app.client.call("listTasks", { params, query: {} })).items
  const [a] = await tasks()
  await app.client.call("runTask", { params: { ...params, t: a?.id ?? "" } })
  await app.idle()
  expect((await tasks()).map(({ status }) => status)).toEqual(["done", "ready"])
  await app.client.call("transitionTask", {
    params: { ...params, t: a?.id ?? "" },
    body: { status: "ready" },
  })
  expect((await tasks()).map(({ status }) => status)).toEqual(["ready", "pending"])
}, 60_000)
