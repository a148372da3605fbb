import { describe, expect, it } from "vitest"
import { call, done, screenplayOf, specsScene, tasksScene, testApp, work, write } from "./_app.ts"
import { findBarriers, shoot, signIn, useBrowser } from "./_browser.ts"

const chrome = useBrowser()
const patient = { timeout: 20_000 }
const until = (name: string) => `while [ ! -e ${name} ]; do sleep 0.05; done`
const bar = (percent: number) =>
  `printf '\\r\\033[32m%3d %%\\033[0m [%-20s]' ${percent} "$(printf '%*s' ${percent / 5} '' | tr ' ' '#')"`

const progress = [
  "echo 'Building 3 parts'; echo 'a needle in the beginning'",
  bar(20),
  until("half"),
  bar(50),
  until("whole"),
  bar(100),
  "echo; printf '\\033[31;1merror\\033[0m: one part is missing\\n'; exit 7",
].join("; ")

const play = screenplayOf(
  specsScene("Core"),
  tasksScene({ title: "Make a", checks: ["test -s a.txt"] }),
  work("Make a", [
    { calls: [call("run_command", { command: progress })] },
    { calls: [call("run_command", { command: `echo second; ${until("end")}` })] },
    { calls: [write("a.txt", "a")] },
    done(),
  ]),
)

describe("the agent's command on the page", () => {
  it("is watched live from its beginning, takes no key, and stays when it has ended", async () => {
    const app = await testApp(play)
    const project = await app.createProject()
    await app.plan(project)
    await app.client.call("startLoop", { params: { p: project.id }, body: {} })
    const { page, faults } = await signIn(chrome.browser, app, {
      permissions: ["clipboard-read", "clipboard-write"],
    })
    await page.goto(`${app.running.url}/projects/${project.id}/run`)
    await page.getByRole("link", { name: "Watch" }).waitFor(patient)
    await shoot(page, "watch-link")
    await page.getByRole("link", { name: "Watch" }).click(patient)
    const rows = page.locator(".xterm-rows")
    await rows.getByText("20 %").waitFor(patient)
    const tab = page.getByRole("link", { name: /^Agent · echo 'Building/ })
    expect(await tab.getAttribute("aria-current")).toBe("page")
    await page.getByText("The agent's command, read-only").waitFor(patient)
    await page.locator(".xterm-helper-textarea").focus()
    await page.keyboard.type("x")
    await page.getByText("hears nothing of what you type").waitFor(patient)
    expect(await page.locator(".xterm-cursor").count()).toBe(0)

    app.write("half", "")
    await rows.getByText("50 %").waitFor(patient)
    expect(await rows.getByText("20 %").count()).toBe(0)
    const green = await rows
      .locator("span", { hasText: "50 %" })
      .last()
      .evaluate("(it) => getComputedStyle(it).color")
    const ink = await page.evaluate<string>("getComputedStyle(document.body).color")
    expect(green).not.toBe(ink)
    await shoot(page, "watch")
    for (const theme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme: theme })
      // Colours take a moment to change.
      await expect.poll(async () => [theme, await findBarriers(page)], patient).toEqual([theme, []])
    }

    await page.keyboard.press("Control+Shift+F")
    await page.getByRole("searchbox", { name: "Find in the terminal" }).fill("needle")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+C")
    await expect.poll(() => page.evaluate<string>("navigator.clipboard.readText()"), patient).toBe("needle")

    app.write("whole", "")
    await page.getByText(/^Ended with exit code 7 after/).waitFor(patient)
    await rows.getByText("one part is missing").waitFor(patient)
    await shoot(page, "watch-ended")
    // The next one has a tab beside it; the one that has ended is still there after a reload.
    const next = page.getByRole("link", { name: /^Agent · echo second/ })
    await next.waitFor(patient)
    await page.reload()
    await rows.getByText("one part is missing").waitFor(patient)
    await page.getByText(/^Ended with exit code 7 after/).waitFor(patient)
    await page.getByRole("button", { name: "Follow the agent" }).click()
    await rows.getByText("second").waitFor(patient)
    expect(await next.getAttribute("aria-current")).toBe("page")
    await shoot(page, "watch-follow")
    await page.getByRole("button", { name: "Follow the agent" }).click()
    app.write("end", "")
    await page.getByText(/^Ended with exit code 0 after/).waitFor(patient)
    await page.getByRole("button", { name: "Close this tab" }).click()
    await page.getByText("No terminal is open").waitFor(patient)
    await page.goto(`${app.running.url}/projects/${project.id}/terminal/watch/one-of-last-week`)
    await page.getByText("That command has ended").waitFor(patient)
    await page.getByRole("link", { name: "See the run" }).click()
    await app.idle()
    expect(faults).toEqual([])
  }, 90_000)

  it("stays of use while 100 MB rush past", async () => {
    const flood = `echo begun; ${until("on")}; yes "$(seq -s ' ' 30)" | head -c 100000000; echo; echo o''ver`
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "Make a", checks: ["test -s a.txt"] }),
        work("Make a", [
          { calls: [call("run_command", { command: flood })] },
          { calls: [write("a.txt", "a")] },
          done(),
        ]),
      ),
    )
    const project = await app.createProject()
    await app.plan(project)
    await app.client.call("startLoop", { params: { p: project.id }, body: {} })
    const { page, faults } = await signIn(chrome.browser, app)
    await page.goto(`${app.running.url}/projects/${project.id}/terminal`)
    await page.getByRole("link", { name: /^Agent/ }).click(patient)
    const rows = page.locator(".xterm-rows")
    await rows.getByText("begun").waitFor(patient)
    app.write("on", "")
    await page.getByRole("button", { name: "Find" }).last().click(patient)
    await page.getByRole("searchbox", { name: "Find in the terminal" }).fill("27 28")
    await page.keyboard.press("Escape")
    await rows.getByText("over", { exact: true }).waitFor({ timeout: 60_000 })
    await page.getByText(/^Ended with exit code 0 after/).waitFor(patient)
    await app.idle()
    expect(faults).toEqual([])
  }, 120_000)
})
