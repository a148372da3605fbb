/** The corpus on the server's screen: at once, and after it is drawn anew elsewhere. */
import { createRequire } from "node:module"
import type { ITerminalAddon } from "@xterm/headless"
import headless from "@xterm/headless"
import { afterAll, describe, expect, it } from "vitest"
import { corpus, size } from "../../test/terminal-corpus.ts"
import { createScreens, type Screen } from "./screens.ts"

const require = createRequire(import.meta.url)
const { Unicode11Addon }: { Unicode11Addon: new () => ITerminalAddon } = require("@xterm/addon-unicode11")

const screens = createScreens()
afterAll(() => screens.close())

function open(name: string) {
  const heard: { answers: string[]; title: string } = { answers: [], title: "" }
  const screen = screens.open(name, size, {
    onDrawn: () => undefined,
    onAnswer: (text) => heard.answers.push(text),
    onTitle: (title) => {
      heard.title = title
    },
    onLost: () => undefined,
  })
  return { screen, heard }
}

/** As a page would draw it. */
async function look(screen: Screen) {
  const page = new headless.Terminal({ ...size, allowProposedApi: true })
  page.loadAddon(new Unicode11Addon())
  page.unicode.activeVersion = "11"
  const text = await screen.show()
  await new Promise<void>((resolve) => page.write(text, resolve))
  const { active } = page.buffer
  const lines = Array.from({ length: size.rows }, (_, y) =>
    (active.getLine(active.baseY + y)?.translateToString(true) ?? "").trimEnd(),
  )
  while (lines.at(-1) === "") lines.pop()
  return { text, lines, cursor: [active.cursorX, active.cursorY] }
}

describe("a terminal's screen", () => {
  it.each(corpus)("$name", async ({ name, send, lines, cursor, then, answers = [], title = "" }) => {
    const first = open(`${name} 1`)
    first.screen.write(send)
    const seen = await look(first.screen)
    expect(seen.lines).toEqual(lines)
    if (cursor) expect(seen.cursor).toEqual(cursor)
    expect(first.heard).toEqual({ answers, title })

    const again = open(`${name} 2`)
    again.screen.write(seen.text)
    expect(await look(again.screen)).toEqual(seen)
    if (then) {
      again.screen.write(then.send)
      expect((await look(again.screen)).lines).toEqual(then.lines)
    }
    for (const { screen } of [first, again]) screen.close()
  })
})
