import { describe, expect, it } from "vitest"
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
import { shoot, signIn, useBrowser } from "./_browser.ts"

const chrome = useBrowser()

const open = (app: TestApp) => signIn(chrome.browser, app)

const play = screenplayOf(
  specsScene("Core", "Report"),
  tasksScene(
    { title: "Make a", checks: ["test -s a.txt"], requirements: ["R1"] },
    { title: "Make b", depends_on: ["Make a"], checks: ["grep -q right b.txt"], requirements: ["R2"] },
  ),
  work("Make a", [
    { text: "First the file a.", calls: [write("a.txt", "alpha\n")], usage: { share: 0.2 } },
    done(),
  ]),
  work("Make b", [
    { calls: [write("b.txt", "wrong\n")] },
    done(),
    { calls: [call("edit_file", { path: "b.txt", old_text: "wrong", new_text: "right" })] },
    { calls: [call("run_command", { command: "cat b.txt; while [ ! -e go ]; do sleep 0.05; done; rm go" })] },
    done(),
  ]),
)

describe("the interface", () => {
  it("does the whole job by clicking, and shows the same after a reload", async () => {
    const app = await testApp(play)
    const { page, faults } = await open(app)
    await page.getByRole("button", { name: "New project" }).first().click()
    await page.getByLabel("Project name").fill("Two files")
    await page
      .getByLabel("Requirements", { exact: true })
      .fill("# Two files\n\n- a.txt holds something\n- b.txt is right\n")
    await page.getByLabel("Workspace folder").fill(app.workspace)
    await shoot(page, "new-project")
    await page.getByRole("button", { name: "Create project" }).click()

    await page.getByText("b.txt is right").first().waitFor()
    await shoot(page, "requirements")
    await page.getByRole("button", { name: "Generate specs" }).click()
    await page.getByText("Report").first().waitFor()
    await page.getByRole("link", { name: "Specs" }).click()
    await page.getByRole("button", { name: "Extract tasks" }).click()
    await page.getByText("Make b").first().waitFor()
    await page.getByRole("link", { name: "Tasks" }).click()
    await page.getByText("pending").first().waitFor()
    await shoot(page, "tasks")

    await page.getByRole("link", { name: "Run" }).click()
    await page.getByRole("button", { name: "Start loop" }).click()
    const live = page.getByRole("region", { name: "Live" })
    await live.getByText("cat b.txt").first().waitFor()
    expect(await page.getByRole("button", { name: "Pause" }).isVisible()).toBe(true)
    await shoot(page, "run")

    await page.reload()
    await live.getByText("cat b.txt").first().waitFor()
    expect(await live.getByText("First the file a.").count()).toBeLessThanOrEqual(1)
    app.write("go", "")
    await app.idle()
    await page.getByRole("link", { name: "Tasks" }).click()
    await page.getByText("done").nth(1).waitFor()
    expect(await page.getByText("Make a").count()).toBeGreaterThan(0)
    await page.getByText("Make b").first().click()
    await page.getByText("grep -q right b.txt").first().waitFor()
    await shoot(page, "task")
    await page.getByRole("link", { name: "Sessions" }).click()
    await shoot(page, "sessions")
    await page.getByRole("link", { name: "Requirements" }).click()
    await page.getByText("b.txt is right").first().waitFor()
    expect(faults).toEqual([])
    expect(app.git("log", "--format=%s").split("\n")).toEqual(["Make b", "Make a"])
    await page.close()
  })

  it("pauses, resumes and stops as its buttons say", async () => {
    const app = await testApp(play)
    const project = await app.createProject()
    const params = { p: project.id }
    await app.plan(project)
    const { page, faults } = await open(app)
    await page.goto(`${app.running.url}/projects/${project.id}/run`)
    await page.getByRole("button", { name: "Start loop" }).click()
    await page.getByRole("region", { name: "Live" }).getByText("cat b.txt").first().waitFor()
    await page.getByRole("button", { name: "Pause" }).click()
    const status = async () => (await app.client.call("getLoop", { params })).status
    await expect.poll(status, { timeout: 20_000 }).toBe("pausing")
    app.write("go", "")
    await page.getByRole("button", { name: "Resume" }).waitFor()
    await page.getByRole("button", { name: "Stop" }).click()
    await app.idle()
    await page.getByRole("button", { name: "Start loop" }).waitFor()
    expect((await app.client.call("getLoop", { params })).loop).toMatchObject({ outcome: "stopped" })
    expect(faults).toEqual([])
    await page.close()
  })

  it("says what is wrong with an entry beside it, and loses nothing of it", async () => {
    const app = await testApp(play)
    const { page } = await open(app)
    await page.getByRole("button", { name: "New project" }).first().click()
    await page.getByLabel("Project name").fill("Nowhere")
    await page.getByLabel("Requirements", { exact: true }).fill("- something")
    await page.getByLabel("Workspace folder").fill("/does/not/exist")
    await page.getByRole("button", { name: "Create project" }).click()
    await page.getByText("does not exist").first().waitFor()
    expect(await page.getByLabel("Requirements", { exact: true }).inputValue()).toBe("- something")
    await page.reload()
    expect(await page.getByLabel("Project name").inputValue()).toBe("Nowhere")
    await page.close()
  })

  it("lets nobody in without a link, and uses a link once", async () => {
    const app = await testApp(play)
    const page = await chrome.browser.newPage()
    await page.goto(`${app.running.url}/projects`)
    await page.getByRole("button", { name: "Sign in" }).waitFor()
    const link = app.running.createSignInLink()
    await page.goto(link)
    await page.getByRole("button", { name: "New project" }).first().waitFor()
    expect(page.url()).not.toContain("code=")
    const other = await (await chrome.browser.newContext()).newPage()
    await other.goto(link)
    await other.getByRole("button", { name: "Sign in" }).waitFor()
    await page.close()
    await other.context().close()
  })
})
