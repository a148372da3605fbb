/** Several windows of one process, with pages that only say what they are told. */
import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { drop } from "./_drop.ts"
import { openScreen, whyNoWindow } from "./_screen.ts"
import { openTestShell } from "./_shell.ts"

const why = whyNoWindow()
const patience = { timeout: 60_000, interval: 50 }

const setting = (verb: string) => [verb, "org.gnome.desktop.interface", "color-scheme"]

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
    await vi.waitFor(() => expect(shell.heard).toContainEqual({ type: "closed", window: one }), patience)
    await titled("/ide?project=two&path=a&drafts=1")

    // Quitting: one that stays keeps everything; when it lets go, it goes first.
    await screen.press("ctrl+q")
    await vi.waitFor(() => expect(countAsked()).toBe(3), patience)
    expect(closing()).toEqual([])
    await screen.press("ctrl+q")
    await vi.waitFor(() => expect(closing()).toEqual([{ type: "quit", window: main }]), patience)
    expect(shell.heard).toContainEqual({ type: "closed", window: two })
  })

  it("do what each entry of the menu says, and what its keys say, in the window in front", async () => {
    const screen = await openScreen()
    const shell = await openTestShell(
      screen.display,
      `say({ type: "ready" })
      const box = document.querySelector("textarea")
      box.addEventListener("input", () => tell("box " + box.value))
      const width = () => tell(location.pathname + " " + innerWidth)
      addEventListener("resize", width)
      addEventListener("keydown", (event) => location.pathname === "/terminal" && event.preventDefault())
      width()`,
    )
    await shell.open("/a")
    await shell.open("/b")
    await vi.waitFor(() => expect(shell.told).toContain("/b 1280"), patience)
    /** What is told next, once that has been done. */
    const next = async (act: () => Promise<void>, expected: unknown) => {
      const [told, heard] = [shell.told.length, shell.heard.length]
      await act()
      await vi.waitFor(
        () => expect([...shell.told.slice(told), ...shell.heard.slice(heard)]).toContainEqual(expected),
        patience,
      )
    }
    /** By the menu bar: so many steps to the right, and down. */
    const menu = (right: number, down: number) => async () => {
      const steps = [
        ...Array.from({ length: right }, () => "Right"),
        ...Array.from({ length: down }, () => "Down"),
      ]
      await screen.press("F10", ...steps, "Return")
    }
    const keys =
      (...all: string[]) =>
      async () =>
        await screen.press(...all)

    await next(async () => await screen.type("ab"), "box ab")
    await next(menu(1, 1), "box ")
    await next(menu(1, 2), "box ab")
    await menu(1, 6)()
    await menu(1, 4)()
    await next(keys("End", "c"), "box abc")
    await next(menu(1, 5), "box abcab")
    await next(keys("ctrl+z"), "box abc")
    await next(keys("ctrl+shift+z"), "box abcab")
    await menu(1, 6)()
    await next(menu(1, 3), "box ")
    await next(keys("ctrl+v"), "box abcab")

    await next(keys("ctrl+equal"), "/b 1163")
    await next(keys("ctrl+plus"), "/b 1024")
    await next(keys("ctrl+KP_Subtract"), "/b 1163")
    await next(menu(2, 4), "/b 1280")
    await next(menu(2, 2), "/b 1163")
    await next(keys("ctrl+0"), "/b 1280")
    await next(keys("ctrl+minus"), "/b 1422")
    await next(keys("ctrl+0"), "/b 1280")
    await next(keys("F11"), "/b 1440")
    await next(keys("F11"), "/b 1280")
    await next(keys("ctrl+r"), "/b 1280")
    await next(menu(2, 1), "/b 1280")
    await next(keys("ctrl+comma"), 'go "/settings"')
    await next(keys("ctrl+shift+n"), { type: "newWindow", path: "/" })
    await next(menu(0, 1), { type: "newWindow", path: "/" })
    await next(keys("ctrl+q"), expect.objectContaining({ type: "quit" }))

    // A page that has a use for a key keeps it; an editor's window is no place for the settings.
    const terminal = await shell.open("/terminal")
    await next(keys("ctrl+w", "ctrl+r", "ctrl+comma"), 'go "/settings"')
    expect(shell.heard).not.toContainEqual({ type: "closed", window: terminal })
    await next(menu(0, 3), { type: "closed", window: terminal })
    await shell.open("/ide?project=one")
    await next(keys("ctrl+comma"), 'go "/settings"')
    await screen.titled(/^Aura \/b$/)

    // The menu of one that was there before others were closed and opened.
    await next(menu(0, 1), { type: "newWindow", path: "/" })

    // Any but the last one closes without a question.
    await next(keys("ctrl+w"), expect.objectContaining({ type: "closed" }))
    await screen.titled("Aura")
    await next(keys("ctrl+w"), expect.objectContaining({ type: "closed" }))
    await screen.titled("Aura")
    await next(keys("ctrl+w"), expect.objectContaining({ type: "closing" }))
    expect(shell.heard.filter(({ type }) => type === "closed")).toHaveLength(3)
  })

  it("send links of others to the browser, open those of their own, and take a file that is dropped", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aura-drop-"))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, "a b.md")
    writeFileSync(file, "# Todo")
    const screen = await openScreen("1800x960")
    const links = ["https://example.com/blank", "https://example.com/same", "/own", "mailto:ada@example.com"]
    const shell = await openTestShell(
      screen.display,
      `const links = ${JSON.stringify(links)}
      links.forEach((href, i) => {
        const target = href.endsWith("/same") ? "" : "target=_blank"
        document.body.insertAdjacentHTML("beforeend", \`<a \${target} href="\${href}"
          style="position: fixed; left: 100px; top: \${100 + 100 * i}px; width: 200px; height: 60px">link</a>\`)
      })
      tell("drawn")
      setTimeout(() => { location.href = "file:///etc/passwd" })`,
    )
    await shell.open("/a")
    await vi.waitFor(() => expect(shell.told).toContain("drawn"), patience)
    const window = await screen.hand("getactivewindow")
    const hears = (message: object) => vi.waitFor(() => expect(shell.heard).toContainEqual(message), patience)
    /** In the page, below the menu bar. */
    const click = async (x: number, y: number) => {
      await screen.hand("mousemove", "--window", window, String(x), String(y + 25), "click", "1")
    }
    await click(150, 130)
    await hears({ type: "outside", url: links[0] })
    await click(150, 230)
    await hears({ type: "outside", url: links[1] })
    await click(150, 330)
    await hears({ type: "newWindow", path: "/own" })
    await click(150, 430)
    await hears({ type: "outside", url: links[3] })

    await drop(screen, file, () => expect(shell.heard).toContainEqual(expect.objectContaining({ file })))
    expect(shell.heard).not.toContainEqual(expect.objectContaining({ file: "/etc/passwd" }))
  })

  it.skipIf(spawnSync("gsettings", setting("get")).status !== 0)(
    "follow the system into the dark and back, as they are open",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "aura-settings-"))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      const env = { GSETTINGS_BACKEND: "keyfile", XDG_CONFIG_HOME: folder }
      const want = (scheme: string) =>
        execFileSync("gsettings", [...setting("set"), scheme], { env: { ...process.env, ...env } })
      const screen = await openScreen()
      want("prefer-dark")
      const shell = await openTestShell(
        screen.display,
        `const dark = matchMedia("(prefers-color-scheme: dark)")
        dark.addEventListener("change", () => tell("dark " + dark.matches))
        tell("dark " + dark.matches)`,
        env,
      )
      await shell.open("/a")
      const is = (text: string) => vi.waitFor(() => expect(shell.told.at(-1)).toBe(text), patience)
      await is("dark true")
      want("default")
      await is("dark false")
      want("prefer-dark")
      await is("dark true")
    },
  )

  it("come back where they were left, also from the full screen, and never out of sight", async () => {
    const screen = await openScreen()
    const shell = await openTestShell(screen.display, 'addEventListener("resize", () => tell(innerWidth))')
    const active = () => screen.hand("getactivewindow")
    const where = async () => await screen.hand("getwindowgeometry", await active())
    const placed = () =>
      shell.heard.flatMap((one) => (one.type === "placed" ? [one.places] : [])).at(-1) ?? {}
    await shell.open("/keep")
    await shell.open("/a")
    // A step beside the first, which is nothing that somebody chose.
    expect(placed()).toEqual({})
    await screen.hand("windowsize", await active(), "900", "600")
    await screen.hand("windowmove", await active(), "300", "200")
    await vi.waitFor(
      () => expect(placed()["1440x960+0+0"]).toMatchObject({ width: 900, height: 600 }),
      patience,
    )
    const places = placed()
    const left = (await where()).split("\n").slice(1)
    for (const width of ["1440", "900"]) {
      await screen.press("F11")
      await vi.waitFor(() => expect(shell.told.at(-1)).toBe(width), patience)
    }
    expect(placed()).toEqual(places)

    // Twice, for a frame that is counted wrongly would make it wander.
    for (const path of ["/once", "/twice"]) {
      const editor = await shell.open(`/ide?project=${path}`, {
        "editor 1440x960+0+0": places["1440x960+0+0"] ?? away,
      })
      await vi.waitFor(async () => expect((await where()).split("\n").slice(1)).toEqual(left), patience)
      await screen.press("ctrl+w")
      await vi.waitFor(() => expect(shell.heard).toContainEqual({ type: "closed", window: editor }), patience)
    }
    // Of a display that is gone.
    await shell.open("/ide?project=far", { "editor 1440x960+0+0": away })
    await vi.waitFor(async () => {
      const [, x = 0, y = 0] = /Position: (-?\d+),(-?\d+)/.exec(await where())?.map(Number) ?? []
      expect(x + 800).toBeLessThanOrEqual(1440 + 10)
      expect(y).toBeGreaterThanOrEqual(0)
    }, patience)
  })
})

const away = { x: 5000, y: -3000, width: 800, height: 500, isMaximized: false }
