import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { startServer } from "@aura/server"
import type { Page } from "playwright-core"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { screenplayOf, testApp, useBareHome } from "./_app.ts"
import { findBarriers, shoot, signIn, useBrowser } from "./_browser.ts"

useBareHome()
const chrome = useBrowser()
const patient = { timeout: 15_000 }

/** A page on a new terminal whose shell greets with `$` alone. */
async function opened() {
  vi.stubEnv("SHELL", "/bin/bash")
  writeFileSync(join(process.env.HOME ?? "", ".bashrc"), "PS1='$ '\nset +o history\n")
  const app = await testApp(screenplayOf({ when: { phase: "specs" }, replies: [{ text: "Done." }] }))
  const project = await app.createProject()
  const { page, faults } = await signIn(chrome.browser, app, {
    permissions: ["clipboard-read", "clipboard-write"],
    colorScheme: "light",
  })
  await page.goto(`${app.running.url}/projects/${project.id}/terminal`)
  await page.getByRole("button", { name: "Open a terminal" }).click()
  const rows = page.locator(".xterm-rows")
  await rows.getByText("$").first().waitFor(patient)
  const sees = (text: string | RegExp) => rows.getByText(text).first().waitFor(patient)
  const focus = () => page.locator(".xterm-helper-textarea").focus()
  const type = async (text: string) => {
    await focus()
    await page.keyboard.type(text)
  }
  return { app, project, page, faults, rows, sees, focus, type }
}

const copied = (page: Page) => page.evaluate<string>("navigator.clipboard.readText()")
const copy = (page: Page, text: string) =>
  page.evaluate<undefined>(`navigator.clipboard.writeText(${JSON.stringify(text)})`)
const look = (page: Page) =>
  page.evaluate<string[]>(
    `[...document.querySelectorAll(".xterm-rows > div")].map((row) => row.textContent.trimEnd())`,
  )

/** Clicks on a link, or twice on a word, at the last place it stands alone. */
async function point(page: Page, words: string, times: 1 | 2): Promise<void> {
  const box = await page
    .locator(".xterm-rows span", { hasText: new RegExp(`^${words}$`) })
    .last()
    .boundingBox()
  if (!box) throw new Error(`${words} is not on the screen`)
  await page.mouse.move(box.x + 12, box.y + 4)
  await page.mouse.move(box.x + 14, box.y + box.height / 2)
  if (times === 1) await page.locator(".xterm-cursor-pointer").waitFor(patient)
  await page.mouse.click(box.x + 14, box.y + box.height / 2, { clickCount: times })
}

/** Every page of it, from the newest up to the one with the first line. */
async function readAll(page: Page, first: string): Promise<string[][]> {
  const pages = [await look(page)]
  for (;;) {
    const last = pages.at(-1) ?? []
    if (last[0]?.startsWith(first)) return pages
    await page.keyboard.press("Shift+PageUp")
    await expect.poll(() => look(page), patient).not.toEqual(last)
    pages.push(await look(page))
  }
}

describe("the page of terminals", () => {
  it("opens a shell, finds its screen and all that has scrolled away again after a reload, and lets the keyboard leave", async () => {
    const { page, faults, sees, type, focus } = await opened()
    await type(
      "seq -f 'line %g' 400; printf '\\033[32mgreen\\033[0m \\346\\274\\242\\345\\255\\227\\n'; echo $((6*7))-ok\n",
    )
    await sees("42-ok")
    const before = await readAll(page, "$ seq")
    expect(before.length).toBeGreaterThan(8)
    await page.reload()
    await sees("42-ok")
    await focus()
    expect(await readAll(page, "$ seq")).toEqual(before)
    await shoot(page, "terminal")
    expect(await findBarriers(page)).toEqual([])
    await focus()
    await page.keyboard.press("Control+Shift+L")
    expect(await page.evaluate<string>("document.activeElement.id")).toMatch(/^tab-/)
    await page.getByRole("button", { name: "End this terminal" }).click()
    await page.getByText("No terminal is open").waitFor(patient)
    expect(faults).toEqual([])
  }, 60_000)

  it("finds, copies, pastes without running what was pasted, and opens links outside", async () => {
    const { app, page, faults, rows, sees, type, focus } = await opened()
    await type("echo a nee''dle; seq 200; echo at-$((1+1))\n")
    await sees("at-2")
    await page.keyboard.press("Control+Shift+F")
    const field = page.getByRole("searchbox", { name: "Find in the terminal" })
    await field.fill("nowhere in it")
    await page.keyboard.press("Enter")
    await page.getByText("Not found").waitFor(patient)
    await field.fill("a needle")
    await page.keyboard.press("Enter")
    await sees("a needle")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+C")
    await expect.poll(() => copied(page), patient).toBe("a needle")

    await copy(page, "echo pas''ted-1\necho pas''ted-2")
    await focus()
    await page.keyboard.press("Control+Shift+V")
    await sees("echo pas''ted-2")
    expect(await rows.getByText("pasted-1").count()).toBe(0)
    await page.keyboard.press("Enter")
    await sees("pasted-2")
    // What was copied from a page may try to end the paste early, and to have the rest run.
    await copy(page, "echo saf''e\x1b[201~\necho ru''n\n")
    await page.keyboard.press("Control+Shift+V")
    await sees("echo ru''n")
    await type(" aft''er")
    await sees("aft''er")
    expect(await rows.getByText("safe").count()).toBe(0)
    await page.keyboard.press("Control+C")
    await sees("^C")
    // With the mouse, as people mark a word.
    await point(page, "pasted-2", 2)
    await page.keyboard.press("Control+C")
    await expect.poll(() => copied(page), patient).toContain("pasted")

    const [plain, hidden] = [`${app.running.url}/plain`, `${app.running.url}/hidden`]
    await type(
      `clear; printf '\\033]8;;${hidden}\\033\\\\words\\033]8;;\\033\\\\\\n'; echo ${plain}; echo lin''ks\n`,
    )
    await sees("links")
    for (const [words, leads] of [
      [plain, plain],
      ["words", hidden],
    ] as const) {
      const opens = page.context().waitForEvent("page", patient)
      await point(page, words, 1)
      const outside = await opens
      await expect.poll(() => outside.url(), patient).toBe(leads)
      expect(await outside.evaluate("window.opener")).toBeNull()
      await outside.close()
    }
    expect(faults).toEqual([])
  }, 60_000)

  it("obeys nothing that a program's output says about the clipboard, links, the page or other windows", async () => {
    const { app, page, faults, rows, type, sees } = await opened()
    await copy(page, "mine")
    const opens: string[] = []
    page.context().on("page", (one) => opens.push(one.url()))
    page.on("dialog", (dialog) => void dialog.dismiss().then(() => faults.push("a dialog")))
    const foreign: string[] = []
    page.on("request", (request) => {
      if (!request.url().startsWith(app.running.url)) foreign.push(request.url())
    })
    const link = (url: string, words: string) => `\x1b]8;;${url}\x1b\\${words}\x1b]8;;\x1b\\\n`
    const run = "document.documentElement.dataset.ran=1"
    const hostile = [
      `\x1b]52;c;${Buffer.from("theirs").toString("base64")}\x07`,
      `\x1b]52;p;${Buffer.from("theirs").toString("base64")}\x1b\\`,
      "\x1b]52;c;?\x07",
      "\x1b]50;x\x07\x1b[21t\x1b[8;2;2t\x1b[5t",
      "\x1b]1337;File=inline=1;size=4:AAAA\x07\x1bPq#0;2;0;0;0#0~~@@vv\x1b\\",
      `\x1b]0;<img src=x onerror=${run}>\x07`,
      "\x1b]9;4;1;50\x07\x1b]777;notify;a;b\x07\x1b]7;file://evil.invalid/\x07",
      link(`javascript:${run}`, "scripted"),
      link(`data:text/html,<script>${run}</script>`, "datalink"),
      link("file:///etc/passwd", "filelink"),
      link("vscode://file/etc/passwd", "schemelink"),
      `<img src=x onerror=${run}>\n`,
      "all-said\n",
    ]
    app.write("hostile.txt", hostile.join(""))
    await type("clear; cat hostile.txt\n")
    await sees("all-said")
    for (const words of ["scripted", "datalink", "filelink", "schemelink"]) {
      // The rows are drawn anew when the mouse moves over a link.
      const box = await vi.waitFor(async () => {
        const found = await rows.locator("span", { hasText: words }).last().boundingBox()
        return found ?? expect.fail(`${words} is not shown.`)
      }, patient)
      await page.mouse.click(box.x + 14, box.y + box.height / 2)
    }
    await type("echo still-''here\n")
    await sees("still-here")
    expect(await copied(page)).toBe("mine")
    expect(await page.locator("html").getAttribute("data-ran")).toBeNull()
    expect([opens, foreign, faults]).toEqual([[], [], []])
  })

  it("takes a paste of any length, and loses none of it", async () => {
    const { page, faults, sees, focus, type } = await opened()
    await type("stty -echo; wc -c\n")
    await copy(page, "😀 forty bytes of text in every line\n".repeat(40_000))
    await focus()
    await page.keyboard.press("Control+Shift+V")
    await page.keyboard.press("Control+D")
    await sees(/^1560000$/)
    expect(faults).toEqual([])
  }, 60_000)

  it("follows the theme and the size of the window while a program runs", async () => {
    const { page, faults, rows, sees, type } = await opened()
    await type("printf '\\033[31mred\\033[0m\\n'; echo $((1+1))-there\n")
    await sees("2-there")
    const colours = () =>
      page.evaluate<string[]>(`[".xterm-viewport, .xterm-scrollable-element", ".xterm-fg-1"].map((part) => {
        const at = document.querySelector(part)
        return getComputedStyle(at).backgroundColor + getComputedStyle(at).color
      })`)
    const light = await colours()
    await page.emulateMedia({ colorScheme: "dark" })
    const differs = async () => (await colours()).map((one, i) => one !== light[i])
    await expect.poll(differs, patient).toEqual([true, true])
    expect(await findBarriers(page)).toEqual([])
    await page.emulateMedia({ colorScheme: "light" })
    await expect.poll(colours, patient).toEqual(light)

    let asked = 0
    const size = async () => {
      const name = `size${++asked}`
      await type(`stty size | sed 's/^/${name} /'\n`)
      await sees(new RegExp(`^${name} \\d+ \\d+$`))
      return (await look(page)).find((row) => row.startsWith(`${name} `))?.slice(name.length + 1) ?? ""
    }
    const wide = await size()
    await page.setViewportSize({ width: 800, height: 500 })
    await expect.poll(size, patient).not.toBe(wide)
    const rowsNow = await rows.locator("> div").count()
    await expect.poll(async () => (await size()).split(" ")[0], patient).toBe(String(rowsNow))
    expect(faults).toEqual([])
  }, 60_000)

  it("has one size for all who look on: where it was worked in last", async () => {
    const { app, page, sees, type } = await opened()
    const size = async () => {
      const view = (await app.client.call("listTerminals", {})).items[0]
      return [view?.cols, view?.rows]
    }
    await type("echo wide-$((1+1))\n")
    await sees("wide-2")
    const wide = await size()
    const { page: phone } = await signIn(chrome.browser, app, { viewport: { width: 390, height: 700 } })
    await phone.goto(page.url())
    await phone.locator(".xterm-rows").getByText("wide-2").waitFor(patient)
    await expect.poll(size, patient).not.toEqual(wide)
    const narrow = await size()
    // 60 letters take two lines there, and so on every screen.
    await phone.locator(".xterm-helper-textarea").focus()
    await phone.keyboard.type("printf 'x%.0s' $(seq 60); echo; echo narrow-$((1+1))\n")
    await sees("narrow-2")
    const lines = (await look(page)).filter((row) => /^x+$/.test(row))
    expect(lines.map((row) => row.length)).toEqual([narrow[0], 60 - Number(narrow[0])])
    await page.locator(".xterm-helper-textarea").blur()
    await page.locator(".xterm-helper-textarea").focus()
    await expect.poll(size, patient).toEqual(wide)
    await sees("x".repeat(60))
  }, 60_000)

  it("keeps many, and says what became of one whose Aura was started anew", async () => {
    const { app, page, rows, sees, type } = await opened()
    await type("echo first-$((1+1))\n")
    await sees("first-2")
    await page.getByRole("button", { name: "New terminal" }).click()
    await page.locator("a[aria-current=page]", { hasText: "2 bash" }).waitFor(patient)
    await expect.poll(() => rows.getByText("first-2").count(), patient).toBe(0)
    await type("echo second-$((1+1))\n")
    await sees("second-2")
    await type("printf '\\033]0;my work\\007'\n")
    await page.getByRole("link", { name: "2 my work" }).waitFor(patient)
    await page.getByRole("link", { name: "1 bash" }).click()
    await sees("first-2")
    await page.getByText("Yours, not sandboxed").waitFor(patient)
    const { port } = new URL(app.running.url)
    await app.running.stop()
    await page.getByText("Aura was stopped, and this terminal with it.").waitFor(patient)
    // What is pointed at would be loaded ahead: while nobody answers that must not cost the page.
    await page.getByRole("link", { name: "Requirements" }).hover()
    await sees("first-2")
    const again = await startServer({ env: { ...app.env, port: Number(port) } })
    onTestFinished(() => again.stop())
    // What it knew of the shells is no more; the screen stays until it is closed.
    await expect.poll(() => page.getByRole("link", { name: "bash" }).count(), patient).toBe(1)
    await sees("first-2")
    await page.getByText("Aura was stopped, and this terminal with it.").waitFor(patient)
    await shoot(page, "terminal-over")
    await page.getByRole("button", { name: "Close this tab" }).click()
    await page.getByText("has ended").waitFor(patient)
    await page.getByRole("button", { name: "Open a terminal" }).click()
    await sees("$")
  }, 60_000)
})
