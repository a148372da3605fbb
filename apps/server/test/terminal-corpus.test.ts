/** The corpus of sequences, drawn by the page: at once, and drawn anew after a reload. */
import { existsSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { corpus, size } from "@aura/workspace/test/terminal-corpus"
import type { Page } from "playwright-core"
import { expect, it } from "vitest"
import { screenplayOf, testApp, useBareHome } from "./_app.ts"
import { signIn, useBrowser } from "./_browser.ts"

useBareHome()
const chrome = useBrowser()
const patient = { timeout: 20_000, interval: 30 }

/** Writes each file it is given a name for to the terminal, byte for byte. */
const feeder = `stty raw -echo
i=0
while :; do
  i=$((i+1))
  while [ ! -e "in/$i" ]; do sleep 0.02; done
  cat "in/$i"
  : > "out/$i"
done
`

const look = `[...document.querySelectorAll(".xterm-rows > div")].map((row) => row.textContent.trimEnd())`

async function readRows(page: Page): Promise<string[]> {
  const rows = await page.evaluate<string[]>(look)
  while (rows.at(-1) === "") rows.pop()
  return rows
}

/** Makes the screen as large as the corpus is meant for. @returns how */
async function findStyle(page: Page, at: string, isRight: () => Promise<boolean>): Promise<string> {
  await page.goto(at)
  await page.locator(".xterm-rows > div").first().waitFor(patient)
  const line = await page.evaluate<number>(`document.querySelector(".xterm-rows > div").offsetHeight`)
  for (let step = 0; step < 100; step++) {
    // Ever more patient: a slow machine may not have taken the size over when it is looked at.
    const [width, waitMs] = [120 + (step % 34) * 4, 60 * 2 ** Math.floor(step / 34)]
    const style = `div:has(> .xterm) { flex: none !important; padding: 0 !important; width: ${width}px; height: ${line * 6.5}px }`
    await page.evaluate(addStyle(style))
    await page.waitForTimeout(waitMs)
    if (await isRight()) return style
  }
  throw new Error("the screen never had the size of the corpus")
}

/** A script that does so now, or once the page is there. */
function addStyle(style: string): string {
  return `(() => {
    const add = () => {
      const found = document.getElementById("corpus") ?? document.head.appendChild(document.createElement("style"))
      found.id = "corpus"
      found.textContent = ${JSON.stringify(style)}
    }
    if (document.head) add()
    else document.addEventListener("DOMContentLoaded", add)
  })()`
}

it("draws every sequence of the corpus as the server's screen has it, and again after a reload", async () => {
  const app = await testApp(screenplayOf({ when: { phase: "specs" }, replies: [{ text: "Done." }] }))
  const project = await app.createProject()
  app.write("feed.sh", feeder)
  for (const folder of ["in", "out"]) app.write(`${folder}/0`, "")
  const { id } = await app.client.call("createTerminal", { body: { projectId: project.id, ...size } })
  const { page, faults } = await signIn(chrome.browser, app)

  const at = `${app.running.url}/projects/${project.id}/terminal/${id}`
  const style = await findStyle(page, at, async () => {
    const view = (await app.client.call("listTerminals", {})).items[0]
    return view?.cols === size.cols && view.rows === size.rows
  })
  await page.addInitScript(addStyle(style))
  await page.locator(".xterm-helper-textarea").focus()
  await page.keyboard.type("exec sh feed.sh\n")

  let sent = 0
  const send = async (text: string) => {
    sent += 1
    const name = String(sent)
    writeFileSync(join(app.workspace, "draft"), text)
    renameSync(join(app.workspace, "draft"), join(app.workspace, "in", name))
    await expect.poll(() => existsSync(join(app.workspace, "out", name)), patient).toBe(true)
  }
  const shows = async (name: string, lines: readonly string[]) =>
    await expect.poll(async () => ({ name, lines: await readRows(page) }), patient).toEqual({ name, lines })
  for (const { name, send: text, lines, then } of corpus) {
    await send(`\x1bc\x1b[3J${text}`)
    await shows(name, lines)
    if (!then) continue
    const attached = page
      .waitForEvent("websocket", (socket) => socket.url().includes("/ws/terminal/"))
      .then((socket) => socket.waitForEvent("framereceived"))
    await page.reload()
    await attached
    await shows(`${name}, after a reload`, lines)
    await send(then.send)
    await shows(`${name}, and on`, then.lines)
  }
  expect(faults).toEqual([])
}, 120_000)
