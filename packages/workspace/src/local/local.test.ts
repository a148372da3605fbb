/** A folder whose insides are swapped for links, before and while its files are read and written. */
import { spawn } from "node:child_process"
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { openLocalWorkspace } from "./local.ts"

let place = ""
let root = ""
let outside = ""
beforeEach(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), "aura-local-")))
  root = join(place, "root")
  outside = join(place, "outside")
  for (const folder of [root, outside]) mkdirSync(folder)
  writeFileSync(join(outside, "f"), "outside")
})
afterEach(() => rmSync(place, { recursive: true, force: true, maxRetries: 3 }))

describe("a local folder", () => {
  it("does not follow a link at the path of a draft", async () => {
    symlinkSync(join(outside, "f"), join(root, "a.txt.aura-draft"))
    await openLocalWorkspace(root).write("a.txt", "inside")
    expect(readFileSync(join(outside, "f"), "utf8")).toBe("outside")
    expect(readFileSync(join(root, "a.txt"), "utf8")).toBe("inside")
    expect(existsSync(join(root, "a.txt.aura-draft"))).toBe(false)
  })

  it("keeps links as links, and does not change the other name of a hard link", async () => {
    writeFileSync(join(root, "real.txt"), "old")
    symlinkSync("real.txt", join(root, "link"))
    linkSync(join(outside, "f"), join(root, "hard"))
    const workspace = openLocalWorkspace(root)
    await workspace.write("link", "new")
    await workspace.write("hard", "new")
    expect(readlinkSync(join(root, "link"))).toBe("real.txt")
    expect(readFileSync(join(root, "real.txt"), "utf8")).toBe("new")
    expect(readFileSync(join(outside, "f"), "utf8")).toBe("outside")
    await workspace.remove("link")
    expect(existsSync(join(root, "real.txt"))).toBe(true)
  })

  it("does not keep a set-user-id bit when a file is overwritten", async () => {
    writeFileSync(join(root, "tool"), "old", { mode: 0o755 })
    chmodSync(join(root, "tool"), 0o6755)
    await openLocalWorkspace(root).write("tool", "new")
    expect(statSync(join(root, "tool")).mode & 0o7777).toBe(0o755)
  })

  it("is not followed elsewhere when a link replaces it or a parent folder", async () => {
    const workspace = openLocalWorkspace(root)
    renameSync(root, join(place, "away"))
    symlinkSync(outside, root)
    await expect(workspace.read("f")).rejects.toThrow("was replaced by a link")
    await expect(workspace.write("g", "x")).rejects.toThrow("was replaced by a link")
    await expect(workspace.list(".")).rejects.toThrow("was replaced by a link")
    expect(existsSync(join(outside, "g"))).toBe(false)
  })

  it("stays inside while a folder is repeatedly replaced by a link", async () => {
    const swap = `while :; do mv d e; ln -s ../outside d; rm d; mv e d; done`
    mkdirSync(join(root, "d"))
    writeFileSync(join(root, "d", "f"), "inside")
    const swapping = spawn("sh", ["-c", swap], { cwd: root, stdio: "ignore" })
    const workspace = openLocalWorkspace(root)
    const read = new Set<string>()
    try {
      for (let i = 0; i < 1000; i++) {
        await workspace.read("d/f").then(
          (text) => read.add(text),
          () => undefined,
        )
        await workspace.write("d/g", "inside").catch(() => undefined)
        await workspace.list("d").then(
          (rows) => read.add(rows.some((row) => row.name === "only-outside") ? "listed outside" : "inside"),
          () => undefined,
        )
        if (i === 0) writeFileSync(join(outside, "only-outside"), "")
      }
    } finally {
      swapping.kill("SIGKILL")
    }
    expect([...read]).toEqual(["inside"])
    expect(existsSync(join(outside, "g"))).toBe(false)
  })
})
