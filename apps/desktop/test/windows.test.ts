/** Several windows of one process, with pages that only say what they are told. */
import { describe, expect, it, vi } from "vitest"
import { openScreen, whyNoWindow } from "./_screen.ts"
import { openTestShell } from "./_shell.ts"

const why = whyNoWindow()
const patience = { timeout: 60_000, interval: 50 }

describe.skipIf(why !== undefined)(`the windows${why ? ` (${why})` : ""}`, () => {
  it("show a project's editor once, and ask its page before they close on unsaved work", async () => {
    const screen = await openScreen()
    // A page that holds what its address says, and is asked: no at first, then yes.
    const shell = await openTestShell(
      screen.display,
      `say({ type: "unsaved", count: Number(new URLSearchParams(location.search).get("drafts")) })
      let asked = 0
      addEventListener("aura:leaving", () => {
        say({ type: "asked" })
        say({ type: asked++ === 0 ? "stay" : "close" })
      })
      addEventListener("aura:go", ({ detail }) => {
        history.pushState(null, "", detail)
        document.title = "Aura " + detail
      })
      // Late, as a page is that has much to load.
      setTimeout(() => say({ type: "ready" }), 300)`,
    )
    const titled = (title: string) =>
      vi.waitFor(async () => expect(await screen.title()).toBe(`Aura ${title}`), patience)
    const main = await shell.open("/")
    const one = await shell.open("/ide?project=one&path=a&drafts=1")
    const two = await shell.open("/ide?project=two&path=a&drafts=1")
    await titled("/ide?project=two&path=a&drafts=1")

    // Opened once more while its page still loads: the window that is there goes on to the new path, in front.
    shell.send({
      type: "open",
      url: `${shell.home}/ide?project=one&path=b#code=x`,
      home: shell.home,
      places: {},
    })
    await titled("/ide?project=one&path=b")
    expect(shell.told.filter((text) => text.startsWith("go"))).toEqual(['go "/ide?project=one&path=b"'])

    const countAsked = () => shell.told.filter((text) => text.startsWith("leaving")).length
    const closing = () => shell.heard.filter(({ type }) => type === "closing" || type === "quit")
    await screen.press("ctrl+w")
    await vi.waitFor(() => expect(countAsked()).toBe(1), patience)
    await screen.press("ctrl+w")
    await vi.waitFor(
      () => expect(closing()).toEqual([{ type: "closing", window: one, isLast: false }]),
      patience,
    )
    shell.send({ type: "close", window: one })
    await vi.waitFor(() => expect(shell.heard).toContainEqual({ type: "closed", window: one }), patience)
    await titled("/ide?project=two&path=a&drafts=1")

    // Quitting: one that stays keeps everything; when it lets go, it goes first.
    await screen.press("ctrl+q")
    await vi.waitFor(() => expect(countAsked()).toBe(3), patience)
    expect(closing()).toHaveLength(1)
    await screen.press("ctrl+q")
    await vi.waitFor(() => expect(closing().at(-1)).toEqual({ type: "quit", window: main }), patience)
    expect(shell.heard).toContainEqual({ type: "closed", window: two })
  })
})
