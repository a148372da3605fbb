/** A real browser on the real server, for the tests of what people see. */
import { mkdirSync } from "node:fs"
import axe from "axe-core"
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core"
import { afterAll, beforeAll } from "vitest"
import type { TestApp } from "./_app.ts"

/** One browser for all tests of a file. */
export function useBrowser(): { readonly browser: Browser } {
  const held: { browser?: Browser } = {}
  beforeAll(async () => {
    held.browser = await chromium.launch({
      executablePath: process.env.AURA_BROWSER ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    })
  })
  afterAll(async () => await held.browser?.close())
  return {
    get browser() {
      if (!held.browser) throw new Error("the browser is not open")
      return held.browser
    },
  }
}

/** Signs in on a device of its own; `faults` gathers what the page says went wrong. */
export async function signIn(
  browser: Browser,
  app: TestApp,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options })
  const faults: string[] = []
  page.on("pageerror", (error) => faults.push(error.message))
  page.on(
    "console",
    (message) => message.type() === "error" && faults.push(`${message.text()} ${message.location().url}`),
  )
  await page.goto(app.running.createSignInLink())
  await page.getByRole("button", { name: "New project" }).first().waitFor()
  return { page, faults }
}

/** Where screenshots go when someone wants to look: AURA_SHOTS=folder npm test. */
const shots = process.env.AURA_SHOTS

export async function shoot(page: Page, name: string, height = 900): Promise<void> {
  if (!shots) return
  mkdirSync(shots, { recursive: true })
  for (const width of [1440, 1024, 390]) {
    await page.setViewportSize({ width, height })
    await page.screenshot({ path: `${shots}/${name}-${width}.png` })
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}

/** Tabs until what has this name has the focus, as someone without a mouse would. */
export async function tabTo(page: Page, name: string | RegExp, most = 90): Promise<void> {
  const fits = (text: string) => (typeof name === "string" ? text === name : name.test(text))
  const seen: string[] = []
  for (let i = 0; i < most; i++) {
    const named = await page.evaluate<string>(`(() => {
      const on = document.activeElement
      const label = on?.labels?.[0]?.textContent ?? on?.getAttribute("aria-label") ?? on?.textContent ?? ""
      return label.trim()
    })()`)
    if (fits(named)) return
    seen.push(named.slice(0, 30))
    await page.keyboard.press("Tab")
  }
  throw new Error(`Tab never reached ${String(name)}; it went over ${seen.join(" | ")}`)
}

/** What axe finds serious on the page, in words. */
export async function findBarriers(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axe.source)
  const only = rules
    ? { type: "rule", values: rules }
    : { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21aa"] }
  const options = { runOnly: only, resultTypes: ["violations"] }
  return await page.evaluate<string[]>(`axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
    violations
      .filter((each) => each.impact === "serious" || each.impact === "critical")
      .map((each) => location.pathname + location.search + " " + each.id + ": " + each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + (node.any[0]?.message ? " (" + node.any[0].message + ")" : "")).join(" || ")))`)
}
