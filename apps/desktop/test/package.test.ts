/** The Debian package: made, installed, used, removed. About 45 s, half of it compressing and unpacking. */
import { execFileSync, spawnSync } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { type App, choose, patience, startApp } from "./_app.ts"
import { openScreen, whyNoWindow } from "./_screen.ts"

const script = fileURLToPath(new URL("../../../scripts/package.ts", import.meta.url))
const why = whyNoWindow() ?? (existsSync("/usr/bin/dpkg-deb") ? undefined : "there is no dpkg-deb")

/** True where it may really be installed, and is not already. */
const mayInstall = process.getuid?.() === 0 && spawnSync("dpkg", ["-s", "aura"]).status !== 0

describe.skipIf(why !== undefined)(`the Debian package${why ? ` (${why})` : ""}`, () => {
  it("is installed, completes a rehearsal in a window that dies twice, and leaves nothing behind when it is removed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aura-package-"))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    execFileSync(process.execPath, [script, "--out", folder, "--only", "deb"], { stdio: "ignore" })
    const [file = ""] = execFileSync("find", [folder, "-name", "*.deb"], { encoding: "utf8" }).split("\n")
    const fields = execFileSync("dpkg-deb", ["-f", file], { encoding: "utf8" })
    for (const name of ["libwebkit2gtk-4.1-0", "libxdo3", "git", "bubblewrap"]) expect(fields).toContain(name)

    const { root, remove } = install(file, folder)
    expect(execFileSync(join(root, "usr/bin/aura"), ["--version"], { encoding: "utf8" })).toMatch(/^\d+\.\d+/)
    const entry = readFileSync(join(root, "usr/share/applications/aura.desktop"), "utf8")
    expect(entry).toContain("Exec=aura-desktop")
    expect(existsSync(join(root, "usr/share/icons/hicolor/scalable/apps/aura.svg"))).toBe(true)

    const screen = await openScreen()
    const app = await startApp(screen, {
      command: [join(root, "usr/bin/aura-desktop")],
      env: { PATH: "/usr/bin:/bin", HOME: folder },
    })
    await screen.titled(/^Projects · Aura$/)
    // As the entry in the menu says.
    expect(await screen.hand("search", "--onlyvisible", "--class", "^aura$")).toMatch(/^\d+$/)
    await choose(screen, "Rehearsal: Tally", / · Rehearsal: Tally · Aura$/)
    await screen.titled(/^(Running|Done)/)

    // Held up by the keys while the window dies twice: once at rest, once at work.
    await choose(screen, "Pause", /^(Pausing|Paused)/)
    await dieAndReturn(app)
    await screen.titled(/^Paused/)
    await choose(screen, "Resume", /^(Running|Done)/)
    const client = await app.client()
    const head = async () => (await client.call("listLog", { query: { limit: 1 } })).head
    const before = await head()
    await dieAndReturn(app)
    await vi.waitFor(async () => expect(await head()).toBeGreaterThan(before), patience)
    // The rest of a whole rehearsal, on a machine that may be busy.
    await screen.titled(/^Done (\d+)\/\1 · Rehearsal: Tally · Aura$/, { timeout: 240_000, interval: 500 })
    const [project] = (await client.call("listProjects", { query: {} })).items
    const tasks = await client.call("listTasks", { params: { p: project?.id ?? "" }, query: {} })
    expect(tasks.items.filter(({ status, evidence }) => status !== "done" || !evidence)).toEqual([])

    // Nothing runs: it closes without a question, and with all it started.
    const ended = once(app.child, "exit")
    await screen.press("ctrl+q")
    expect(await ended).toEqual([0, null])
    await vi.waitFor(() => expect(app.pids()).toEqual([]), patience)
    remove()
    for (const path of ["usr/lib/aura", "usr/bin/aura", "usr/share/applications/aura.desktop"])
      expect(existsSync(join(root, path)), path).toBe(false)
  })
})

/** Kills the process of the windows without a word, and waits for the one that takes its place. */
async function dieAndReturn(app: App): Promise<void> {
  const first = app.shellPid()
  process.kill(Number(first), "SIGKILL")
  await vi.waitFor(() => expect(["", first]).not.toContain(app.shellPid()), patience)
}

/** For real where that may be, else into a root of its own. */
function install(file: string, folder: string): { root: string; remove(): void } {
  if (!mayInstall) {
    const root = join(folder, "root")
    execFileSync("dpkg-deb", ["-x", file, root])
    return { root, remove: () => rmSync(root, { recursive: true }) }
  }
  const dpkg = (...args: string[]) =>
    execFileSync("dpkg", ["--force-unsafe-io", ...args], { stdio: ["ignore", "ignore", "inherit"] })
  onTestFinished(() => void spawnSync("dpkg", ["-P", "aura"], { stdio: "ignore" }))
  dpkg("-i", file)
  return { root: "/", remove: () => dpkg("-P", "aura") }
}
