/**
 * How the main views look, against pictures kept beside this file: seven views, three widths, two themes.
 * AURA_BASELINES=update writes them anew; a difference leaves a picture of it in the temporary folder and says where.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Page } from "playwright-core"
import { expect, it } from "vitest"
import { screenplayOf, type TestApp, testApp, useBareHome } from "./_app.ts"
import { useBrowser } from "./_browser.ts"
import { compare, readPng, writePng } from "./_png.ts"
import { fillShowcase } from "./_showcase.ts"
import { fillFolder, useOwnPrompt, workInIt } from "./_terminal-scene.ts"

useBareHome()
const chrome = useBrowser()
const folder = fileURLToPath(new URL("./baselines", import.meta.url))
const found = join(tmpdir(), "aura-baselines")
const isUpdate = process.env.AURA_BASELINES === "update"

/** So much of a picture may differ: smoothing of letters, not a line that moved. */
const maxDiffering = 0.001

const still = `
  *, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important }
  :root { --font-sans: "DejaVu Sans" !important; --font-mono: "DejaVu Sans Mono" !important }
  * { scrollbar-width: none !important }
`

async function open(app: TestApp, theme: "light" | "dark"): Promise<Page> {
  const page = await chrome.browser.newPage({
    colorScheme: theme,
    reducedMotion: "reduce",
    locale: "en-US",
    timezoneId: "UTC",
  })
  await page.goto(app.running.createSignInLink())
  await page.getByRole("button", { name: "New project" }).first().waitFor()
  return page
}

/** Letters look alike only where the same font is: the one `.ci/run` installs. */
const hasFont = existsSync("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")

it.runIf(hasFont)(
  "looks as it did",
  async () => {
    useOwnPrompt()
    const app = await testApp(screenplayOf({ when: { phase: "chat" }, replies: [{ text: "x" }] }))
    const { projectId, specId } = await fillShowcase(app)
    const at = `${app.running.url}/projects/${projectId}`
    const go = (path: string) => async (page: Page) => void (await page.goto(at + path))
    const views = [
      { name: "requirements", shows: "Reads a file of words", open: go("/requirements") },
      { name: "spec", shows: "What it answers", open: go(`/specs/${specId}`) },
      { name: "tasks", shows: "Print the report", open: go("/tasks") },
      { name: "run", shows: "2 of 5 tasks are done.", open: go("/run?panel=checks") },
      { name: "proof", shows: "2 of 4 requirements are settled", open: go("/proof") },
      {
        name: "editor",
        shows: "Put this back",
        open: async (page: Page) => {
          const query = `project=${projectId}&path=src/count.ts&view=diff`
          await page.goto(`${app.running.url}/ide?${query}`)
        },
      },
      {
        name: "terminal",
        shows: "Yours, not sandboxed",
        open: (page: Page) => openTerminal(page, app, projectId),
      },
    ]
    commitFiles(app)
    const pages = [
      { theme: "light", page: await open(app, "light") },
      { theme: "dark", page: await open(app, "dark") },
    ] as const
    const differences: string[] = []
    mkdirSync(folder, { recursive: true })
    for (const view of views) {
      for (const { theme, page } of pages) {
        for (const width of [1440, 1024, 390]) {
          await page.setViewportSize({ width, height: width === 390 ? 780 : 720 })
          if (width === 1440) await view.open(page)
          await page.addStyleTag({ content: still })
          await page.getByText(view.shows).filter({ visible: true }).first().waitFor()
          await page.waitForLoadState("networkidle")
          differences.push(...(await judge(page, `${view.name}-${width}-${theme}`)))
        }
      }
    }
    expect(differences).toEqual([])
  },
  180_000,
)

const count = (words: string, result: string) => `/** How often each word of a text is in it. */
export function count(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of lines) {
    const word = ${words}
    if (word === "") continue
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return ${result}
}
`

/** A few files in their first commit, and what has changed since. */
function commitFiles(app: TestApp): void {
  app.write("README.md", "# Word count\n\nPrints the ten most frequent words of a file.\n")
  app.write("package.json", '{ "name": "word-count", "type": "module" }\n')
  app.write("src/count.ts", count("line.trim()", "counts"))
  app.write("src/read.ts", 'import { readFileSync } from "node:fs"\n')
  app.write("test/count.test.ts", 'import { count } from "../src/count.ts"\n')
  app.git("init", "-q", "-b", "main")
  app.git("add", ".")
  app.git("-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "first")
  app.write("src/count.ts", count("line.trim().toLowerCase()", "new Map([...counts].sort(byCount))"))
  app.write("src/report.ts", "export const rows = 10\n")
}

/** A screen measures its letters when it is made: it is gone to once they are chosen. Both themes look at one shell. */
async function openTerminal(page: Page, app: TestApp, projectId: string): Promise<void> {
  const isFirst = app.running.host.terminals.list().length === 0
  if (isFirst) fillFolder(app, projectId)
  await page.goto(`${app.running.url}/projects/${projectId}/requirements`)
  await page.addStyleTag({ content: still })
  await page.getByRole("link", { name: "Terminal" }).click()
  if (isFirst) await workInIt(page)
  else await page.locator(".xterm-rows").getByText("3 lines").waitFor()
}

/** Looks again before it complains: a page may need a moment to come to rest. */
async function judge(page: Page, name: string): Promise<string[]> {
  const file = join(folder, `${name}.png`)
  if (isUpdate) {
    await page.waitForTimeout(400)
    const picture = readPng(await page.screenshot())
    // One that differs in nothing that counts stays the file it is.
    const isSame = existsSync(file) && compare(readPng(readFileSync(file)), picture).share === 0
    if (!isSame) writeFileSync(file, writePng(picture))
    return []
  }
  if (!existsSync(file)) return [`${name}: there is no picture of it yet. AURA_BASELINES=update makes one.`]
  const before = readPng(readFileSync(file))
  let last = { share: 1, where: before }
  for (let looks = 0; looks < 8; looks++) {
    const picture = await page.screenshot()
    last = compare(before, readPng(picture))
    if (last.share <= maxDiffering) return []
    mkdirSync(found, { recursive: true })
    writeFileSync(join(found, `${name}-now.png`), picture)
    await page.waitForTimeout(250)
  }
  writeFileSync(join(found, `${name}-differs.png`), writePng(last.where))
  const share = (last.share * 100).toFixed(2)
  return [`${name}: ${share} % differs. See ${join(found, `${name}-differs.png`)} and …-now.png beside it.`]
}
