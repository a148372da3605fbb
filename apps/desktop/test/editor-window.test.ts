/** The editor in a window of its own, on real files: typed into by the keyboard, and asked when it closes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { patience, startApp } from "./_app.ts"
import { openScreen, whyNoWindow } from "./_screen.ts"

const why = whyNoWindow()

describe.skipIf(why !== undefined)(`the editor window${why ? ` (${why})` : ""}`, () => {
  it("keeps what is unsaved when it closes, and saves it when that is said", async () => {
    const screen = await openScreen()
    const app = await startApp(screen)
    await screen.titled(/^Projects · Aura$/)
    const client = await app.client()
    const workspacePath = mkdtempSync(join(tmpdir(), "aura-notes-"))
    onTestFinished(() => rmSync(workspacePath, { recursive: true, force: true }))
    writeFileSync(join(workspacePath, "a.txt"), "one\n")
    const project = await client.call("createProject", {
      body: { name: "Notes", requirements: "# Notes\n\n- It keeps notes\n", workspacePath },
    })
    const open = () => client.call("openWindow", { body: { path: `/ide?project=${project.id}&path=a.txt` } })
    /** Closes the window and answers its question; one that is not quite there yet misses keys. */
    const leave = (...answer: string[]) =>
      vi.waitFor(async () => {
        await screen.press("Escape", "ctrl+w")
        await new Promise((resolve) => setTimeout(resolve, 600))
        await screen.press(...answer)
        await screen.titled(/^Projects · Aura$/, { timeout: 4000, interval: 100 })
      }, patience)
    const write = async (text: string) =>
      await vi.waitFor(async () => {
        await screen.hand("mousemove", "700", "400", "click", "1")
        await screen.press("ctrl+Home")
        await screen.type(text)
        await screen.titled(/^● a\.txt · Notes/, { timeout: 4000, interval: 100 })
      }, patience)

    await open()
    await screen.titled(/^a\.txt · Notes · Aura$/)
    await write("kept ")
    // The question has "Save and close" in front; before it stands "Close, keep for later".
    await leave("shift+Tab", "Return")
    expect(readFileSync(join(workspacePath, "a.txt"), "utf8")).toBe("one\n")

    await open()
    await screen.titled(/^● a\.txt · Notes/)
    await leave("Return")
    expect(readFileSync(join(workspacePath, "a.txt"), "utf8")).toContain("kept")
    expect(app.said()).not.toContain("unexpectedly")
  })
})
