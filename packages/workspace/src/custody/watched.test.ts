import { createRedactor, removed } from "@aura/core"
import { describe, expect, it } from "vitest"
import { createWatched, type Ending, type Watched } from "./watched.ts"

const secret = "marker-value-1234"
const ending = { exitCode: 0, reason: "Ended with exit code 0 after 0.1 s." }

function open() {
  return createWatched(createRedactor([secret]))
}

/** What a viewer has on its screen, in order. */
function look(watched: Watched) {
  const seen: { text: string; screens: number; ending?: Ending } = { text: "", screens: 0 }
  const seat = watched.watch({
    onScreen(text) {
      seen.text = text
      seen.screens += 1
    },
    onOutput(text) {
      seen.text += text
    },
    onEnd(how) {
      seen.ending = how
    },
  })
  return { seen, seat }
}

describe("a watched command", () => {
  it("shows the same output to early and late viewers, also after its end", () => {
    const watched = open()
    const early = look(watched)
    watched.add("\x1b[32mone\x1b[0m\n", 0)
    const late = look(watched)
    watched.add("\r[##  ] 50 %", 0)
    watched.end(ending)
    const after = look(watched)
    for (const { seen } of [early, late, after])
      expect(seen).toEqual({ text: "\x1b[32mone\x1b[0m\n\r[##  ] 50 %", screens: 1, ending })
  })

  it("shows no secret, wherever the output is split", () => {
    for (let cut = 1; cut < secret.length; cut++) {
      const watched = open()
      const { seen } = look(watched)
      watched.add(`key=${secret.slice(0, cut)}`, 0)
      watched.add(`${secret.slice(cut)} on`, 0)
      expect(seen.text).toBe(`key=${removed} on`)
      watched.end(ending)
    }
  })

  it("shows a held-back prefix of a secret when it ends", () => {
    const watched = open()
    const { seen } = look(watched)
    watched.add("mark", 0)
    expect(seen.text).toBe("")
    watched.end(ending)
    expect(seen.text).toBe("mark")
  })

  it("skips a viewer that does not draw, and redraws its screen later", () => {
    const watched = open()
    const { seen, seat } = look(watched)
    const line = `${"x".repeat(999)}\n`
    for (let sent = 0; sent < 3000; sent++) watched.add(line, 0)
    watched.add("newest\n", 0)
    expect(seen.text.length).toBeLessThanOrEqual(1_000_000)
    const received = seen.text.length
    seat.drawn(received)
    expect(seen.screens).toBe(2)
    expect(seen.text).toMatch(/^.{4}\n… \d+ characters left out …\nx/)
    expect(seen.text.endsWith("newest\n")).toBe(true)
    watched.add("and on\n", 0)
    expect(seen.text.endsWith("newest\nand on\n")).toBe(true)
  })

  it("marks where output was omitted, and stops sending after a viewer has left", () => {
    const watched = open()
    const stays = look(watched)
    const leaves = look(watched)
    watched.add("a\n", 0)
    leaves.seat.leave()
    watched.add("z\n", 70_000)
    expect(stays.seen.text).toBe("a\n\x1b[0m\n… 70000 characters left out …\nz\n")
    expect(leaves.seen.text).toBe("a\n")
  })
})
