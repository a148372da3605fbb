/** The Debian package: made, installed, started, removed. About 40 s, most of it compressing and unpacking. */
import { execFileSync, spawn, spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { end, openScreen, whyNoWindow } from "./_screen.ts"

const script = fileURLToPath(new URL("../../../scripts/package.ts", import.meta.url))
const why = whyNoWindow() ?? (existsSync("/usr/bin/dpkg-deb") ? undefined : "there is no dpkg-deb")

/** True where it may really be installed, and is not already. */
const mayInstall = process.getuid?.() === 0 && spawnSync("dpkg", ["-s", "aura"]).status !== 0

describe.skipIf(why !== undefined)(`the Debian package${why ? ` (${why})` : ""}`, () => {
  it("is installed, opens its window, and leaves nothing behind when it is removed", async () => {
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
    const child = spawn(join(root, "usr/bin/aura-desktop"), {
      env: {
        PATH: "/usr/bin:/bin",
        HOME: folder,
        DISPLAY: screen.display,
        AURA_DATA_DIR: join(folder, "data"),
        AURA_SERVER_PORT: "0",
      },
      stdio: "ignore",
    })
    onTestFinished(async () => await end(child, "SIGTERM"))
    await vi.waitFor(async () => expect(await screen.title()).toMatch(/^Projects · Aura$/), {
      timeout: 60_000,
      interval: 200,
    })
    await end(child, "SIGTERM")
    expect(child.exitCode).toBe(0)
    remove()
    for (const path of ["usr/lib/aura", "usr/bin/aura", "usr/share/applications/aura.desktop"])
      expect(existsSync(join(root, path)), path).toBe(false)
  })
})

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
