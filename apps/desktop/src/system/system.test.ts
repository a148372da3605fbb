import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { findProgram } from "@aura/workspace/host-program"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { createAwake } from "./awake.ts"
import { openOutside } from "./browser.ts"
import { pick, toDialogs } from "./pick.ts"

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "aura-system-"))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

function program(body: string, name = "program", where = folder()): string {
  const file = join(where, name)
  writeFileSync(file, `#!/bin/sh\n${body}\n`)
  chmodSync(file, 0o755)
  return file
}

describe.skipIf(process.platform === "win32")("the system's dialog", () => {
  it.each([
    ["echo '/home/ada/a b'", { path: "/home/ada/a b" }],
    ["exit 1", { path: null }],
    ["echo 'cannot open display: ' >&2; exit 1", { path: null, problem: expect.stringContaining("display") }],
    ["echo 'broken' >&2; exit 127", { path: null, problem: expect.stringContaining("broken") }],
  ])("%s", async (body, picked) => {
    expect(await pick("folder", "Choose", [["/no/such/program"], [program(body)]])).toEqual(picked)
  })

  it("says what to install where there is none", async () => {
    expect(await pick("file", "Choose", [["/no/zenity"], ["/no/kdialog"]])).toEqual({
      path: null,
      problem: "No program that can ask was found. Install /no/zenity or /no/kdialog, or type the path.",
    })
  })

  it("gets its title as an argument of its own on every system", () => {
    const title = `"; do shell script "true`
    for (const platform of ["linux", "darwin", "win32"] as const)
      for (const [, ...args] of toDialogs(platform, "folder", title)) {
        const holding = args.filter((arg) => arg.includes(title))
        expect(holding.every((arg) => arg === title || arg === `--title=${title}`)).toBe(true)
      }
  })
})

it.skipIf(process.platform !== "linux")(
  "an address of others is given to the browser, as one argument",
  async () => {
    const bin = folder()
    const log = join(bin, "log")
    program(`printf '%s|' "$@" > '${log}'`, "xdg-open", bin)
    openOutside("https://example.com/?a=1&b=$(id)", (name) => findProgram(name, { path: bin, system: [] }))
    await vi.waitFor(() =>
      expect(existsSync(log) && readFileSync(log, "utf8")).toBe("https://example.com/?a=1&b=$(id)|"),
    )
  },
)

it.skipIf(process.platform !== "linux")("the machine is kept awake until there is no work", async () => {
  const bin = folder()
  const log = join(bin, "log")
  program(`echo "$@" > '${log}'; cat; echo over >> '${log}'`, "systemd-inhibit", bin)
  const awake = createAwake("linux", (name) => findProgram(name, { path: bin, system: [] }))
  awake.set(true)
  awake.set(true)
  await vi.waitFor(() => expect(existsSync(log) && readFileSync(log, "utf8")).toContain("--what=idle:sleep"))
  awake.set(false)
  await vi.waitFor(() => expect(readFileSync(log, "utf8")).toContain("over"))
})
