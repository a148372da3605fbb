import type { Page } from "playwright-core"
import { describe, expect, it } from "vitest"
import { call, done, screenplayOf, type TestApp, tasksScene, testApp, work, write } from "./_app.ts"
import { findBarriers, shoot, signIn, tabTo, useBrowser } from "./_browser.ts"

const chrome = useBrowser()

const patient = { timeout: 15_000 }

const nine = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n"
const go = call("run_command", {
  command: "printf '\\033[31mred\\033[0m'; while [ ! -e go ]; do sleep 0.02; done; rm go",
})
const table =
  "# Core\n\nPurpose.\n\n| name | meaning |\n|---|---|\n| `a` | first |\n\n```js\nlet a = 1\n```\n"

const play = screenplayOf(
  {
    when: { phase: "specs" },
    replies: [
      {
        calls: [
          call("create_spec", { title: "Core", markdown: table }),
          call("create_spec", { title: "Report", markdown: "# Report\n\nPrints." }),
        ],
      },
      { text: "Done." },
    ],
  },
  tasksScene(
    { title: "Make a", checks: ["test -s a.txt"], requirements: ["R1"] },
    { title: "Make b", checks: ["test -s b.txt"], requirements: ["R2"] },
    { title: "Make c", depends_on: ["Make b"] },
  ),
  work("Make a", [{ text: "First a.", calls: [write("a.txt", nine)] }, { calls: [go] }, done()]),
  work("Make b", [
    { calls: [write("a.txt", nine.replace("one", "ONE").replace("nine", "NINE"))] },
    { calls: [call("task_blocked", { reason: "Nobody said what b is." })] },
  ]),
)

type Planned = { app: TestApp; params: { p: string }; at: (path: string) => string }

async function planned(): Promise<Planned> {
  const app = await testApp(play)
  const project = await app.createProject()
  await app.plan(project)
  return { app, params: { p: project.id }, at: (path) => `${app.running.url}/projects/${project.id}${path}` }
}

const live = (page: Page) => page.getByRole("region", { name: "Live" })

describe("the cockpit", () => {
  it("is steered while it runs: seen comments, a pause after the task, a skipped one, the same on a second device", async () => {
    const { app, at } = await planned()
    const { page, faults } = await signIn(chrome.browser, app)
    await page.goto(at("/run"))
    const waits = app.toolStarted("run_command")
    await page.getByRole("button", { name: "Start loop" }).click()
    await waits
    await live(page).getByText("First a.").waitFor()
    const diff = page.getByRole("region", { name: "Diff" })
    await diff.getByText("seven").waitFor()
    await page.getByRole("button", { name: "Side by side" }).click()
    await page.waitForURL(/view=split/)
    await page.getByRole("link", { name: "Checks" }).click()
    await page.waitForURL(/panel=checks/)
    await page.getByRole("complementary", { name: "Changes and checks" }).getByText("test -s a.txt").waitFor()

    const { page: other } = await signIn(chrome.browser, app, { viewport: { width: 390, height: 800 } })
    await other.goto(page.url())
    await other.getByText("test -s a.txt").first().waitFor()
    await page.getByLabel("Comment for the agent").fill("Mind the last line.")
    await page.keyboard.press("Enter")
    await page.getByText("waiting for the next turn").waitFor()
    await other.getByRole("link", { name: "Now" }).click()
    await other.getByText("waiting for the next turn").waitFor()
    await page.getByRole("button", { name: "More ways to steer" }).click()
    await page.getByRole("menuitem", { name: "Pause after this task" }).click()
    await page.getByText("will pause once it has finished").first().waitFor()
    await shoot(page, "cockpit-live")
    app.write("go", "")
    await page.getByRole("button", { name: "Resume" }).waitFor()
    await page.getByText(/^seen /).waitFor()
    await other.getByText(/^seen /).waitFor()
    await page.getByRole("button", { name: "Resume" }).click()
    await app.idle()

    await page.getByRole("link", { name: /Needs you/ }).click()
    await page.getByText("Nobody said what b is.").waitFor()
    await expect.poll(() => page.title(), patient).toMatch(/^\(1\) /)
    await shoot(page, "inbox")
    await page.getByRole("button", { name: "Retry" }).click()
    await page.getByText("Nothing needs you").waitFor()

    await page.getByRole("link", { name: "Log" }).click()
    await page.getByLabel("Only problems").check()
    await page.getByLabel("Kind").selectOption("Tasks")
    await page.getByLabel("Project", { exact: true }).selectOption("Thing")
    await page.waitForURL(/kind=task/)
    await page.reload()
    const events = page.getByRole("region", { name: "Events" })
    await events.getByText("Make b (blocked)").waitFor()
    expect(await events.getByText("Make a").count()).toBe(0)
    await shoot(page, "log-filtered")
    expect(faults).toEqual([])
  })

  it("shows what a task changed, takes a part of it back, and is accepted", async () => {
    const { app, params, at } = await planned()
    const waits = app.toolStarted("run_command")
    await app.client.call("startLoop", { params, body: {} })
    await waits
    app.write("go", "")
    await app.idle()
    const { page, faults } = await signIn(chrome.browser, app)
    await page.goto(at("/run"))
    await page.getByRole("button", { name: "Make a done" }).click()
    await page.waitForURL(/task=/)
    await page.getByRole("button", { name: "Open a.txt in your editor" }).waitFor()
    await page.getByRole("button", { name: "Accept" }).click()
    await page.getByText("Accepted").waitFor()
    await page.getByRole("button", { name: "Take back a.txt" }).click()
    await page.getByRole("button", { name: "Take back", exact: true }).click()
    await expect.poll(() => app.git("status", "--porcelain"), patient).toContain("D a.txt")
    await page.getByRole("button", { name: "More about this project" }).click()
    await page.getByRole("menuitem", { name: "History" }).click()
    await page
      .getByRole("link", { name: /^Make a/ })
      .getByText("1 check passed")
      .waitFor()
    await page.getByText(/^Run ended after .*: \d tasks? done$/).waitFor()
    await shoot(page, "history")
    await page.goto(at("/run"))
    await page.getByRole("button", { name: "Start loop" }).or(page.getByText("needs you")).first().waitFor()
    expect(faults).toEqual([])
  })

  it("lets the plan be reviewed: read, moved, split, merged, as list, board and graph", async () => {
    const { app, params, at } = await planned()
    const { page, faults } = await signIn(chrome.browser, app)
    await page.goto(at("/specs"))
    await page.getByRole("link", { name: "Report", exact: true }).focus()
    await page.keyboard.press("Alt+ArrowUp")
    const order = async () =>
      (await app.client.call("listSpecs", { params, query: {} })).items.map((spec) => spec.title)
    await expect.poll(order, patient).toEqual(["Report", "Core"])
    await page.getByRole("link", { name: "Core", exact: true }).click()
    await page.getByRole("cell", { name: "first" }).waitFor()
    await shoot(page, "spec")

    await page.getByRole("link", { name: "Tasks" }).click()
    await page
      .getByRole("region", { name: "Review of the plan" })
      .getByText("The plan: 2 specs, 3 tasks")
      .waitFor()
    await page.getByRole("link", { name: "Graph" }).click()
    await page.waitForURL(/view=graph/)
    await page.getByRole("link", { name: /^2\. Make b/ }).focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await page.getByRole("heading", { name: "Make c" }).waitFor()
    await page.getByRole("button", { name: "More about this task" }).click()
    await page.getByRole("menuitem", { name: "Split…" }).click()
    await page.getByLabel("Titles of the parts").fill("Begin c\nEnd c")
    await page.getByRole("button", { name: "Split", exact: true }).click()
    await page.getByRole("heading", { name: "Begin c" }).waitFor()
    await page.getByRole("link", { name: "Tasks" }).click()
    await page.getByRole("link", { name: "Board" }).click()
    await page.getByRole("region", { name: "pending" }).getByText("End c").waitFor()
    await page.getByRole("button", { name: "Add a task" }).click()
    await page.getByLabel("Title").fill("Make d")
    await page.getByRole("button", { name: "Add task" }).click()
    await page.getByRole("region", { name: "ready" }).getByText("Make d").waitFor()
    expect(faults).toEqual([])
  })

  it("is used from the first link to the proof without a mouse", async () => {
    const app = await testApp(play)
    const { page, faults } = await signIn(chrome.browser, app)
    const press = async (name: string | RegExp) => {
      await tabTo(page, name)
      await page.keyboard.press("Enter")
    }
    await page.keyboard.press("n")
    await page.getByRole("textbox", { name: "Project name" }).waitFor()
    await tabTo(page, "Project name")
    await page.keyboard.type("Keys alone")
    await tabTo(page, "Requirements")
    await page.keyboard.insertText("# Keys\n\n- It has a.txt\n- It has b.txt\n")
    await tabTo(page, "Workspace folder")
    await page.keyboard.insertText(app.workspace)
    await press("Create project")
    await page.getByText("It has b.txt").first().waitFor()
    await press("Generate specs")
    await app.idle()
    await page.keyboard.press("Escape")
    await page.evaluate("document.activeElement?.blur()")
    await page.keyboard.press("g")
    await page.keyboard.press("s")
    await page.getByText("Report").first().waitFor()
    await press("Extract tasks")
    await app.idle()
    await page.evaluate("document.activeElement?.blur()")
    await page.keyboard.press("g")
    await page.keyboard.press("u")
    const waits = app.toolStarted("run_command")
    await page.keyboard.press("Control+k")
    await page.getByRole("combobox").waitFor()
    await page.keyboard.type("start lo")
    await page.getByRole("option", { name: "Start loop" }).waitFor()
    await page.keyboard.press("Enter")
    await waits
    app.write("go", "")
    await app.idle()
    await page.keyboard.press("/")
    await page.keyboard.type("make a")
    await page
      .getByRole("option", { name: /^Make a/ })
      .first()
      .waitFor()
    await page.keyboard.press("Enter")
    await page.getByRole("region", { name: "Evidence" }).getByText("test -s a.txt").waitFor()
    await page.keyboard.press("?")
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor()
    await page.keyboard.press("Escape")
    expect(faults).toEqual([])
  }, 300_000)

  it("has no serious barrier on any page, in light, dark and high contrast, and none that scrolls sideways", async () => {
    const { app, params, at } = await planned()
    const waits = app.toolStarted("run_command")
    await app.client.call("startLoop", { params, body: {} })
    await waits
    app.write("go", "")
    await app.idle()
    const { items } = await app.client.call("listTasks", { params, query: {} })
    const specs = (await app.client.call("listSpecs", { params, query: {} })).items
    const { page } = await signIn(chrome.browser, app, { reducedMotion: "reduce" })
    const host = app.running.url
    const routes = [
      ...[
        "/projects",
        "/projects/new",
        "/inbox",
        "/usage",
        "/log",
        "/log?kind=task",
        "/design",
        "/settings",
      ].map((path) => host + path),
      ...["/requirements", "/specs", `/specs/${specs[0]?.id}`, "/tasks", "/tasks?view=board"].map(at),
      ...[
        "/tasks?view=graph",
        `/tasks/${items[0]?.id}`,
        `/tasks/${items[1]?.id}`,
        "/proof",
        "/sessions",
        "/history",
        "/snapshots",
        "/terminal",
      ].map(at),
      ...["/run", "/run?panel=checks", "/run?panel=context", `/run?task=${items[0]?.id}&view=split`].map(at),
      ...["", "&path=go", "&path=nothing.txt"].map((path) => `${host}/ide?project=${params.p}${path}`),
    ]
    const found: string[] = []
    for (const route of routes) {
      await page.goto(route)
      await page.getByRole("main").waitFor()
      await expect.poll(() => page.locator("main [role=status] .animate-breathe").count(), patient).toBe(0)
      await page.evaluate(
        "delete document.documentElement.dataset.contrast; document.documentElement.dataset.theme = 'light'",
      )
      found.push(...(await findBarriers(page)))
      await page.evaluate("document.documentElement.dataset.theme = 'dark'")
      found.push(...(await findBarriers(page, ["color-contrast"])).map((text) => `dark ${text}`))
      // What the design page shows is what all others are made of.
      if (route.endsWith("/design")) {
        await page.evaluate("document.documentElement.dataset.contrast = 'more'")
        found.push(
          ...(await findBarriers(page, ["color-contrast-enhanced"])).map((text) => `contrast ${text}`),
        )
      }
      // 1440 pixels at 200 % zoom leave 720; a phone has 390.
      for (const width of [720, 390]) {
        await page.setViewportSize({ width, height: 800 })
        const over = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth")
        if (over > 0) found.push(`${route} is ${over} pixels too wide at ${width}`)
      }
      await page.setViewportSize({ width: 1440, height: 900 })
    }
    expect(found).toEqual([])
  }, 240_000)
})
