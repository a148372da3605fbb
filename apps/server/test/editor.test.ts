/** The editor window as a person uses it, in a real browser on real files. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Page } from "playwright-core"
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
import { findBarriers, shoot, signIn, tabTo, useBrowser } from "./_browser.ts"

const chrome = useBrowser()
const patient = { timeout: 15_000 }
const quiet = screenplayOf(specsScene("Core"))

type Opened = {
  app: TestApp
  page: Page
  faults: string[]
  projectId: string
  open: (search: string) => Promise<void>
  read: (path: string) => string
  status: (said: string) => Promise<void>
}

/** A folder with files in it, in its first commit. */
async function openFolder(files: Record<string, string>, screenplay: object = quiet): Promise<Opened> {
  const app = await testApp(screenplay)
  const project = await app.createProject({ name: "Word count" })
  for (const [path, text] of Object.entries(files)) app.write(path, text)
  app.git("init", "-q", "-b", "main")
  app.git("add", ".")
  app.git("-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "first")
  const { page, faults } = await signIn(chrome.browser, app)
  return {
    app,
    page,
    faults,
    projectId: project.id,
    async open(search) {
      await page.goto(`${app.running.url}/ide?project=${project.id}${search}`)
      await page.getByRole("tree", { name: "Files" }).waitFor(patient)
    },
    read: (path) => readFileSync(join(app.workspace, path), "utf8"),
    status: (said) => page.locator("footer").getByText(said, { exact: true }).waitFor(patient),
  }
}

const text = (page: Page) => page.locator(".cm-content").last()
/** A request that was refused is told in the console, by the browser and not by the page. */
const besides = (faults: string[]) => faults.filter((fault) => !fault.includes("409 (Conflict)"))

describe("the editor window", () => {
  it("opens from a project, marks what differs from the last commit, and saves what is typed", async () => {
    const at = await openFolder({ "src/a.ts": "const a = 1\n", "b.md": "# B\n", ".gitignore": "out/\n" })
    const { app, page } = at
    app.write("src/new.ts", "export const x = 1\n")
    app.write("out/built.js", "1\n")
    await page.goto(`${app.running.url}/projects/${at.projectId}`)
    const opening = page.waitForEvent("popup")
    await page.getByRole("link", { name: "Files" }).click()
    const ide = await opening
    await ide.getByRole("treeitem", { name: "src , holds changes" }).click(patient)
    await ide.getByRole("treeitem", { name: "new.ts , new" }).waitFor(patient)
    await ide.getByRole("treeitem", { name: "out , ignored by git" }).waitFor()
    await ide.getByRole("treeitem", { name: "a.ts" }).click()
    await text(ide).getByText("const a = 1").waitFor(patient)
    await text(ide).click()
    await ide.keyboard.press("Control+End")
    await ide.keyboard.type("const b = 2\n")
    await ide.getByRole("treeitem", { name: "a.ts , unsaved" }).waitFor(patient)
    await ide.keyboard.press("Control+s")
    await ide.locator("footer").getByText("Saved", { exact: true }).waitFor(patient)
    expect(at.read("src/a.ts")).toBe("const a = 1\nconst b = 2\n")
    await ide.getByRole("treeitem", { name: "a.ts , changed" }).waitFor(patient)
    await ide.close()
    expect(at.faults).toEqual([])
  }, 60_000)

  it("keeps unsaved work over a reload, asks before the tab closes, and drops it only when told", async () => {
    const at = await openFolder({ "a.txt": "one\n", "b.txt": "b\n" })
    const { page } = at
    await at.open("&path=a.txt")
    await text(page).click()
    await page.keyboard.press("Control+End")
    await page.keyboard.type("mine")
    await at.status("Unsaved")
    let asked = 0
    page.on("dialog", (dialog) => {
      asked += 1
      void dialog.accept()
    })
    await page.reload()
    await text(page).getByText("mine").waitFor(patient)
    expect([asked, at.read("a.txt")]).toEqual([1, "one\n"])
    // A save that does not reach the server loses nothing.
    await page.route("**/api/files", (route) => route.abort())
    await page.keyboard.press("Control+s")
    await page.getByText("a.txt was not saved: Aura's server cannot be reached").waitFor(patient)
    await at.status("Unsaved")
    await page.unroute("**/api/files")
    await page.getByRole("treeitem", { name: "b.txt" }).click()
    await text(page).getByText("b", { exact: true }).waitFor(patient)
    await page.getByRole("button", { name: "Close a.txt" }).click()
    const question = page.getByRole("dialog", { name: "Close without saving?" })
    await question.getByRole("button", { name: "Cancel" }).click(patient)
    await page.getByRole("button", { name: "Close a.txt" }).click()
    await question.getByRole("button", { name: "Save and close" }).click(patient)
    await page.getByRole("button", { name: "Close a.txt" }).waitFor({ state: "detached", ...patient })
    expect(at.read("a.txt")).toBe("one\nmine")
    await page.keyboard.press("F6")
    await page.keyboard.press("F6")
    await page.keyboard.type("x")
    await at.status("Unsaved")
    await page.keyboard.press("Alt+w")
    await question.getByRole("button", { name: "Throw it away" }).click(patient)
    await page.getByText("No file is open").waitFor(patient)
    expect(at.read("b.txt")).toBe("b\n")
    await page.reload()
    await page.getByText("No file is open").waitFor(patient)
    expect(asked).toBe(1)
    expect(at.faults.filter((fault) => !fault.includes("ERR_FAILED"))).toEqual([])
  }, 60_000)

  it("shows both texts when somebody else wrote meanwhile, and loses neither", async () => {
    const at = await openFolder({ "a.txt": "one\ntwo\nthree\n" })
    const { app, page } = at
    await at.open("&path=a.txt")
    await text(page).click()
    await page.keyboard.press("Control+End")
    await page.keyboard.type("mine\n")
    await at.status("Unsaved")
    app.write("a.txt", "ONE, theirs\ntwo\nthree\n")
    await page.keyboard.press("Control+s")
    const both = page.getByRole("region", { name: "Two texts of a.txt" })
    await both.waitFor(patient)
    await page.locator(".cm-merge-a").getByText("ONE, theirs").waitFor(patient)
    await page.locator(".cm-merge-b").getByText("mine").waitFor()
    expect(at.read("a.txt")).toBe("ONE, theirs\ntwo\nthree\n")
    expect(await findBarriers(page)).toEqual([])
    await shoot(page, "editor-join")
    await both.getByRole("button", { name: "Take this part" }).first().waitFor(patient)
    await both.getByRole("button", { name: "Take this part" }).first().focus()
    await page.keyboard.press("Enter")
    await page.locator(".cm-merge-b").getByText("ONE, theirs").waitFor(patient)
    app.write("a.txt", "ONE, theirs\ntwo\nthree, changed once more\n")
    await both.getByRole("button", { name: "Save the right side" }).click()
    await both.getByText("It has changed once more").waitFor(patient)
    await page.locator(".cm-merge-a").getByText("three, changed once more").waitFor(patient)
    await both.getByRole("button", { name: "Save the right side" }).click()
    await both.waitFor({ state: "detached", ...patient })
    expect(at.read("a.txt")).toBe("ONE, theirs\ntwo\nthree\nmine\n")
    expect(besides(at.faults)).toEqual([])
  }, 60_000)

  it("shows a narrow screen both texts in one, and drops one's own only when that is said twice", async () => {
    const at = await openFolder({ "a.txt": "one\n" })
    const { app, page } = at
    await page.setViewportSize({ width: 390, height: 800 })
    await page.goto(`${app.running.url}/ide?project=${at.projectId}&path=a.txt`)
    await text(page).click(patient)
    await page.keyboard.type("mine ")
    await at.status("Unsaved")
    app.write("a.txt", "theirs\n")
    await page.keyboard.press("Control+s")
    await page.getByRole("region", { name: "Two texts of a.txt" }).waitFor(patient)
    await page.locator(".cm-deletedChunk").getByText("theirs").waitFor(patient)
    expect(await findBarriers(page)).toEqual([])
    await page.getByRole("button", { name: "Take what is on disk" }).click()
    await page
      .getByRole("dialog", { name: "Give up your text?" })
      .getByRole("button", { name: "Take what is on disk" })
      .click(patient)
    await text(page).getByText("theirs").waitFor(patient)
    await page.getByRole("button", { name: "Files", exact: true }).click()
    await page.getByRole("treeitem", { name: "a.txt , changed" }).waitFor(patient)
    expect(await findBarriers(page)).toEqual([])
    await shoot(page, "editor-narrow")
    expect(besides(at.faults)).toEqual([])
  }, 60_000)

  it("shows a file against the last commit, puts a part back, and brings a removed file back", async () => {
    const at = await openFolder({ "a.ts": "const a = 1\nconst b = 2\n", "gone.txt": "precious\n" })
    const { app, page } = at
    app.write("a.ts", "const a = 10\nconst b = 2\nconst c = 3\n")
    app.git("rm", "-q", "gone.txt")
    await at.open("")
    await page.getByRole("button", { name: /^Changed/ }).click()
    await page
      .getByRole("list", { name: "Changed files" })
      .getByRole("button", { name: "a.ts" })
      .click(patient)
    await page.locator(".cm-deletedChunk").getByText("const a = 1").waitFor(patient)
    // Also what is gone has the colours of its language.
    expect(await page.locator(".cm-deletedLine span", { hasText: /^const$/ }).count()).toBe(1)
    expect(await findBarriers(page)).toEqual([])
    await shoot(page, "editor-changes")
    await page.getByRole("button", { name: "Put this back" }).first().click()
    await at.status("Unsaved")
    await page.getByRole("button", { name: "Save", exact: true }).click()
    await at.status("Saved")
    expect(at.read("a.ts")).toBe("const a = 1\nconst b = 2\nconst c = 3\n")
    await page.getByRole("button", { name: /gone.txt/ }).click()
    await page.getByRole("button", { name: "Bring it back" }).click(patient)
    await text(page).getByText("precious").waitFor(patient)
    expect(at.read("gone.txt")).toBe("precious\n")
    expect(at.faults.filter((fault) => !fault.includes("404"))).toEqual([])
  }, 60_000)

  it("goes along with the agent from file to file, and stays when somebody types", async () => {
    const lines = Array.from({ length: 80 }, (_, i) => `line ${i + 1}`).join("\n")
    const at = await openFolder(
      { "notes.txt": `${lines}\n` },
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "Write it", checks: ["test -f src/made.txt"] }),
        work("Write it", [
          { calls: [write("src/made.txt", "made by the agent\n")] },
          { calls: [call("run_command", { command: "while [ ! -f go-on ]; do sleep 0.1; done" })] },
          {
            calls: [
              call("edit_file", { path: "notes.txt", old_text: "line 70\n", new_text: "line seventy\n" }),
            ],
          },
          { calls: [call("run_command", { command: "while [ ! -f go-on-2 ]; do sleep 0.1; done" })] },
          { calls: [write("src/made.txt", "made again\n")] },
          done(),
        ]),
      ),
    )
    const { app, page } = at
    const project = { id: at.projectId }
    await app.client.call("generateSpecs", { params: { p: project.id } })
    await app.idle()
    await app.client.call("extractTasks", { params: { p: project.id } })
    await app.idle()
    await at.open("&follow=on")
    await page.getByText("Nobody is at work").waitFor(patient)
    await app.client.call("startLoop", { params: { p: project.id }, body: {} })
    await page.goto(`${app.running.url}/projects/${project.id}/run`)
    const link = page.getByRole("link", { name: "Follow in the editor" })
    expect(await link.getAttribute("href", patient)).toBe(`/ide?project=${project.id}&follow=on`)
    await at.open("&follow=on")
    await text(page).getByText("made by the agent").waitFor(patient)
    await page.getByText("The agent writes src/made.txt").waitFor(patient)
    app.write("go-on", "")
    await text(page).getByText("line seventy").waitFor(patient)
    await page.getByText("The agent edits notes.txt:70").waitFor()
    expect(await text(page).getByText("line seventy").isVisible()).toBe(true)
    await shoot(page, "editor-follow")
    await text(page).getByText("line seventy").click()
    await page.keyboard.press("End")
    await page.keyboard.type(", mine")
    await at.status("Unsaved")
    app.write("go-on-2", "")
    await app.idle()
    await page.waitForFunction("!location.search.includes('follow')")
    await text(page).getByText("line seventy, mine").waitFor(patient)
    await page.getByRole("treeitem", { name: "made.txt" }).click()
    await text(page).getByText("made again").waitFor(patient)
    expect(at.faults).toEqual([])
  }, 60_000)

  it("can be used without a mouse", async () => {
    const at = await openFolder({ "src/deep/a.ts": "const a = 1\n", "b.txt": "b b b\n" })
    const { page } = at
    await at.open("")
    await tabTo(page, "Files")
    await page.keyboard.press("ArrowRight")
    await page.getByRole("treeitem", { name: "deep" }).waitFor(patient)
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    await page.getByRole("treeitem", { name: "a.ts" }).waitFor(patient)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.locator(".cm-content:focus").getByText("const a = 1").waitFor(patient)
    await page.keyboard.press("Control+End")
    await page.keyboard.type("// end")
    await page.keyboard.press("Control+s")
    await at.status("Saved")
    expect(at.read("src/deep/a.ts")).toBe("const a = 1\n// end")
    await page.keyboard.press("Control+p")
    await page.getByRole("combobox", { name: "Go to a file" }).waitFor()
    await page.keyboard.type("b.t")
    await page.getByRole("option", { name: "b.txt" }).waitFor(patient)
    await page.keyboard.press("Enter")
    await page.locator(".cm-content:focus").getByText("b b b").waitFor(patient)
    await page.keyboard.press("Control+f")
    await page.keyboard.type("b")
    await page.getByRole("textbox", { name: "Replace" }).focus()
    await page.keyboard.type("c")
    await page.getByRole("button", { name: "Replace all" }).focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await text(page).getByText("c c c").waitFor(patient)
    await page.keyboard.press("Control+s")
    await at.status("Saved")
    expect(at.read("b.txt")).toBe("c c c\n")
    // Escape lets Tab leave the text instead of indenting it.
    await page.locator(".cm-content").focus()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Tab")
    expect(await page.evaluate<boolean>("document.activeElement.matches('.cm-content')")).toBe(false)
    await page.keyboard.press("Alt+PageUp")
    await text(page).getByText("const a = 1").waitFor(patient)
    await page.keyboard.press("Alt+w")
    await page.keyboard.press("Alt+w")
    await page.getByText("No file is open").waitFor(patient)
    expect(at.faults).toEqual([])
  }, 60_000)

  it("makes, moves and deletes files, with their unsaved work", async () => {
    const at = await openFolder({ "a.txt": "a\n" })
    const { app, page } = at
    await at.open("&path=a.txt")
    await text(page).click()
    await page.keyboard.press("Control+Home")
    await page.keyboard.type("mine ")
    await at.status("Unsaved")
    await page.getByRole("button", { name: "More about a.txt" }).click()
    await page.getByRole("menuitem", { name: "Rename or move…" }).click(patient)
    const path = page.getByRole("textbox", { name: "Path in the folder" })
    await path.fill("docs/c.txt")
    await page.keyboard.press("Enter")
    await page.getByRole("button", { name: "Close docs/c.txt" }).waitFor(patient)
    await text(page).getByText("mine a").waitFor(patient)
    expect(at.read("docs/c.txt")).toBe("a\n")
    await page.getByRole("button", { name: "New file" }).click()
    await path.fill("docs/c.txt")
    await page.keyboard.press("Enter")
    await page.getByText("There is a docs/c.txt already.").waitFor(patient)
    await path.fill("../out.txt")
    await page.keyboard.press("Enter")
    await page.getByText("outside the workspace").waitFor(patient)
    await path.fill("docs/d.txt")
    await page.keyboard.press("Enter")
    await page.getByRole("button", { name: "Close docs/d.txt" }).waitFor(patient)
    await page.getByRole("button", { name: "More about docs/d.txt" }).click(patient)
    await page.getByRole("menuitem", { name: "Delete…" }).click(patient)
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click(patient)
    await page.getByRole("button", { name: "Close docs/d.txt" }).waitFor({ state: "detached", ...patient })
    const kept = await app.client.call("listSnapshots", { params: { p: at.projectId }, query: {} })
    expect(kept.items.length).toBe(1)
    expect(at.faults.filter((fault) => !/\b40[349]\b/.test(fault))).toEqual([])
  }, 60_000)

  it("finds a text in all files, and goes to the line", async () => {
    const lines = Array.from({ length: 200 }, (_, i) => `const line${i + 1} = ${i + 1}`)
    const at = await openFolder({ "src/a.ts": lines.join("\n"), "b.txt": "line150, and LINE150\n" })
    const { page } = at
    await at.open("&path=b.txt")
    await page.keyboard.press("Control+Shift+F")
    await page.locator("input:focus").waitFor(patient)
    await page.keyboard.type("line150")
    await page.getByText("3 places in 2 files").waitFor(patient)
    await page.getByRole("button", { name: "Match case" }).click()
    await page.getByText("2 places in 2 files").waitFor(patient)
    expect(await findBarriers(page)).toEqual([])
    await shoot(page, "editor-find")
    await page.getByRole("button", { name: "150 const line150 = 150" }).click()
    await page.locator(".cm-content:focus").getByText("line150 = 150").waitFor(patient)
    await page.locator("footer").getByText("Line 150, column 1").waitFor(patient)
    expect(await text(page).getByText("line150 = 150").isVisible()).toBe(true)
    await page.getByRole("button", { name: "Pattern" }).click()
    await page.getByRole("searchbox", { name: "Find in all files" }).fill("line(")
    await page.getByText("not a valid regular expression").waitFor(patient)
    expect(at.faults.filter((fault) => !fault.includes("400"))).toEqual([])
  }, 60_000)

  it("leaves line ends as they are, and says what it cannot show", async () => {
    const at = await openFolder({ "dos.txt": "one\r\ntwo\r\n", "mixed.txt": "one\r\ntwo\n" })
    const { app, page } = at
    writeFileSync(join(app.workspace, "logo.png"), Buffer.from([0x89, 0x50, 0, 0x4e]))
    for (const [path, wanted] of [
      ["dos.txt", "one\r\ntwo\r\nnew\r\n"],
      ["mixed.txt", "one\r\ntwo\nnew\n"],
    ] as const) {
      await at.open(`&path=${path}`)
      await text(page).click()
      await page.keyboard.press("Control+End")
      await page.keyboard.type("new\n")
      await page.keyboard.press("Control+s")
      await at.status("Saved")
      expect(at.read(path)).toBe(wanted)
    }
    // Somebody else gives it other line ends: what is on screen follows.
    app.write("dos.txt", "unix\nnow\n")
    await at.open("&path=dos.txt")
    await text(page).getByText("unix").waitFor(patient)
    await page.getByText("LF", { exact: true }).waitFor(patient)
    await at.open("&path=logo.png")
    await page.getByText("logo.png is not a text file.").waitFor(patient)
    await page.getByRole("button", { name: "Open in your editor" }).waitFor()
    await at.open("&path=nothing.txt")
    await page.getByText("There is no such file").waitFor(patient)
    await page.goto(`${app.running.url}/ide`)
    await page.getByRole("link", { name: "Word count" }).click(patient)
    await page.getByRole("tree", { name: "Files" }).waitFor(patient)
    expect(at.faults.filter((fault) => !/\b40[04]\b/.test(fault))).toEqual([])
  }, 60_000)

  it("has no barrier in either theme", async () => {
    const at = await openFolder({
      "src/a.ts":
        "/** Says. */\nexport function say(name: string): string {\n  return 'hello ' + name + 42\n}\n",
    })
    const { app, page } = at
    app.write(
      "src/a.ts",
      "/** Says it. */\nexport function say(name: string): string {\n  return name + 42\n}\n",
    )
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme })
      await at.open("&path=src/a.ts&view=diff")
      await page.locator(".cm-deletedChunk").first().waitFor(patient)
      await text(page).click()
      await page.keyboard.press("Control+f")
      await page.keyboard.type("say")
      await page.locator(".cm-searchMatch").first().waitFor(patient)
      expect([colorScheme, await findBarriers(page)]).toEqual([colorScheme, []])
      await shoot(page, `editor-${colorScheme}`)
    }
    expect(at.faults).toEqual([])
  }, 60_000)
})
