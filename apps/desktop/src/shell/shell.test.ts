import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { describe, expect, it } from "vitest"
import { toDropped, toPath, wayOf } from "./address.ts"
import { isOlder } from "./library.ts"
import { makeMenu, nextZoom } from "./menu.ts"
import { weakenNeed } from "./weaken.ts"

const home = "http://127.0.0.1:3100"

describe("an address in the window", () => {
  it.each([
    [`${home}/projects?x=1`, "here"],
    ["about:blank", "here"],
    ["https://example.com/", "browser"],
    ["http://127.0.0.1:3101/", "browser"],
    ["http://127.0.0.1:3100@evil.example/", "browser"],
    ["mailto:ada@example.com", "browser"],
    ["file:///etc/passwd", "nowhere"],
    ["javascript:alert(1)", "nowhere"],
    ["vscode://x", "nowhere"],
    ["no address", "nowhere"],
  ])("%s leads %s", (url, way) => expect(wayOf(url, home)).toBe(way))

  it("of a file is that of one that was dropped", () => {
    expect(toDropped("file:///home/ada/a%20b.md")).toBe("/home/ada/a b.md")
    for (const url of ["file://elsewhere/a.md", `${home}/a.md`, "no address"])
      expect(toDropped(url)).toBeUndefined()
  })

  it("is kept without the code that signs in", () => {
    expect(toPath(`${home}/projects/1?tab=a#code=secret`, home)).toBe("/projects/1?tab=a")
    expect(toPath("about:blank", home)).toBe("/")
    expect(toPath("https://example.com/a", home)).toBe("/")
  })
})

describe("the menu", () => {
  it("leaves the keys of editing to the page, but on a Mac, where the menu is what listens", () => {
    const keys = (platform: NodeJS.Platform) =>
      makeMenu(platform)
        .flatMap((entry) => entry.submenu?.items ?? [])
        .flatMap(({ accelerator, role }) => accelerator ?? (role === "separator" ? [] : (role ?? [])))
    expect(keys("linux")).not.toContain("copy")
    expect(keys("darwin")).toEqual(expect.arrayContaining(["copy", "paste", "undo", "Ctrl+Cmd+F"]))
    expect(new Set(keys("linux")).size).toBe(keys("linux").length)
  })

  it("zooms in steps, within bounds", () => {
    expect([nextZoom(1, 1), nextZoom(1, -1), nextZoom(1.1, 0), nextZoom(3, 1), nextZoom(0.5, -1)]).toEqual([
      1.1, 0.9, 1, 3, 0.5,
    ])
  })
})

describe("an older C library", () => {
  it("is told by its version", () => {
    expect(["2.36", "2.39", "2.4", "3.0", ""].map((version) => isOlder(version))).toEqual([
      true,
      false,
      true,
      false,
      false,
    ])
  })

  const found = findBinary()
  it.skipIf(found === undefined)(
    "is no longer asked for what it lacks; a second time changes nothing",
    () => {
      const bytes = readFileSync(found ?? "")
      expect(weakenNeed(bytes, "GLIBC_2.39")).toBe(1)
      const once = Buffer.from(bytes)
      expect(weakenNeed(bytes, "GLIBC_2.39")).toBe(1)
      expect(bytes.equals(once)).toBe(true)
      expect(weakenNeed(Buffer.alloc(64, "MZ"), "GLIBC_2.39")).toBe(0)
    },
  )
})

function findBinary(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(
      `@webviewjs/webview-linux-${process.arch}-gnu/webview.linux-${process.arch}-gnu.node`,
    )
  } catch {
    return undefined
  }
}
