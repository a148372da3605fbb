/** What a hostile or careless folder does to a snapshot of it, and to going back. */
import { execFileSync } from "node:child_process"
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { type Blobs, openBlobs } from "./blobs.ts"
import type { Manifest } from "./manifest.ts"
import { goBack, plan, preview } from "./restore.ts"
import { walk } from "./walk.ts"

async function open() {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "aura-snapshot-")))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const root = join(home, "root")
  mkdirSync(root)
  return { home, root, at: (path: string) => join(root, path), blobs: await openBlobs(join(home, "blobs")) }
}

async function look(root: string): ReturnType<typeof walk> {
  return await walk(root, { withGit: false, isTracked: async () => new Set() })
}

async function keep(root: string, blobs: Blobs): Promise<Manifest> {
  const found = await look(root)
  const files = []
  for (const { path, bytes, mode, stamp } of found.files)
    files.push({ path, bytes, mode, stamp, sha256: await blobs.take(root, path) })
  return { ...found, begunAt: 0, files }
}

async function restore(then: Manifest, root: string, blobs: Blobs): Promise<void> {
  await goBack(plan(then, await keep(root, blobs)), then, root, blobs)
}

describe("going back", () => {
  it("writes, removes and changes nothing through a link that replaced a folder", async () => {
    const { home, root, at, blobs } = await open()
    const outside = join(home, "outside")
    mkdirSync(join(outside, "deep"), { recursive: true, mode: 0o755 })
    for (const name of ["f", "new"]) writeFileSync(join(outside, name), "outside")
    mkdirSync(at("d/deep"), { recursive: true, mode: 0o700 })
    writeFileSync(at("d/f"), "then")
    const then = await keep(root, blobs)
    writeFileSync(at("d/f"), "now")
    chmodSync(at("d/deep"), 0o750)
    writeFileSync(at("d/new"), "now")
    const steps = plan(then, await keep(root, blobs))
    renameSync(at("d"), at("was"))
    symlinkSync(outside, at("d"))
    // Each step by itself, for the first that is refused ends the others.
    for (const step of steps)
      await expect(goBack([step], then, root, blobs), step.path).rejects.toThrow("d is in the way")
    expect(["f", "new"].map((name) => readFileSync(join(outside, name), "utf8"))).toEqual([
      "outside",
      "outside",
    ])
    expect(statSync(join(outside, "deep")).mode & 0o777).toBe(0o755)
  })
})

describe("taking a file in", () => {
  it("follows no link that replaced it or a parent folder", async () => {
    const { home, root, at, blobs } = await open()
    mkdirSync(join(home, "outside"))
    writeFileSync(join(home, "outside/key"), "not for the agent")
    mkdirSync(at("folder"))
    writeFileSync(at("folder/key"), "own")
    await blobs.take(root, "folder/key")
    renameSync(at("folder"), at("was"))
    symlinkSync(join(home, "outside"), at("folder"))
    symlinkSync(join(home, "outside/key"), at("link"))
    await expect(blobs.take(root, "link")).rejects.toMatchObject({ code: "conflict" })
    if (process.platform === "linux")
      await expect(blobs.take(root, "folder/key")).rejects.toMatchObject({ code: "conflict" })
  })

  it.skipIf(process.platform === "win32")("does not wait for a pipe put in its place", async () => {
    const { root, at, blobs } = await open()
    execFileSync("sh", ["-c", 'mkfifo "$1"', "sh", at("pipe")])
    await expect(blobs.take(root, "pipe")).rejects.toMatchObject({ code: "conflict" })
  })

  it("stores it again when a power failure truncated the stored copy", async () => {
    const { root, at, blobs } = await open()
    writeFileSync(at("a"), "whole")
    const sha256 = await blobs.take(root, "a")
    truncateSync(blobs.pathOf(sha256), 0)
    expect(await blobs.take(root, "a")).toBe(sha256)
    expect(readFileSync(blobs.pathOf(sha256), "utf8")).toBe("whole")
  })
})

describe("a walk", () => {
  it("leaves a build's target out, and only where a build makes it", async () => {
    const { root, at } = await open()
    for (const folder of ["target", "crate/target"]) {
      mkdirSync(at(folder), { recursive: true })
      writeFileSync(at(`${folder}/a`), "a")
    }
    writeFileSync(at("crate/Cargo.toml"), "")
    const { files, leftOut } = await look(root)
    expect(files.map((file) => file.path).toSorted()).toEqual(["crate/Cargo.toml", "target/a"])
    expect(leftOut).toEqual([{ path: "crate/target", why: "it can be made anew" }])
  })

  it.runIf(process.platform === "linux")("goes back to names that are no UTF-8, byte for byte", async () => {
    const { root, blobs } = await open()
    const at = (...bytes: number[]) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(bytes)])
    mkdirSync(at(0x64, 0xfc))
    writeFileSync(at(0x64, 0xfc, 0x2f, 0xff), "a")
    symlinkSync(Buffer.from([0xfe]), at(0x6c, 0xe9))
    const then = await keep(root, blobs)
    rmSync(at(0x64, 0xfc), { recursive: true })
    rmSync(at(0x6c, 0xe9))
    writeFileSync(at(0xff), "new")
    await restore(then, root, blobs)
    expect(readFileSync(at(0x64, 0xfc, 0x2f, 0xff), "utf8")).toBe("a")
    expect([...readlinkSync(at(0x6c, 0xe9), "buffer")]).toEqual([0xfe])
    expect(readdirSync(root)).toHaveLength(2)
  })

  it("reports a missing folder in a sentence", async () => {
    const { root } = await open()
    rmSync(root, { recursive: true })
    await expect(look(root)).rejects.toMatchObject({ code: "service_unavailable" })
  })
})

describe("going back", () => {
  it("into folders that forbid it, whose modes come back too", async () => {
    const { root, at, blobs } = await open()
    for (const folder of ["locked", "shut"]) {
      mkdirSync(at(folder))
      writeFileSync(at(`${folder}/a`), "then")
    }
    chmodSync(at("locked"), 0o555)
    const then = await keep(root, blobs)
    chmodSync(at("locked"), 0o755)
    for (const folder of ["locked", "shut"]) {
      writeFileSync(at(`${folder}/a`), "now")
      writeFileSync(at(`${folder}/new`), "new")
      chmodSync(at(folder), 0o555)
    }
    await restore(then, root, blobs)
    for (const folder of ["locked", "shut"]) {
      expect(readdirSync(at(folder))).toEqual(["a"])
      expect(readFileSync(at(`${folder}/a`), "utf8")).toBe("then")
    }
    expect([statSync(at("locked")).mode & 0o777, statSync(at("shut")).mode & 0o777]).toEqual([0o555, 0o755])
    chmodSync(at("locked"), 0o755)
  })

  it("does not overwrite a file named like a draft", async () => {
    const { root, at, blobs } = await open()
    writeFileSync(at("a"), "then")
    writeFileSync(at("a.aura-draft"), "the user's own")
    const then = await keep(root, blobs)
    writeFileSync(at("a"), "now")
    await restore(then, root, blobs)
    expect(readFileSync(at("a"), "utf8")).toBe("then")
    expect(readFileSync(at("a.aura-draft"), "utf8")).toBe("the user's own")
    expect(readdirSync(root).length).toBe(2)
  })

  it("that stops half way names the cause, and can be repeated once it is fixed", async () => {
    const { root, at, blobs } = await open()
    writeFileSync(at("node_modules"), "a file")
    writeFileSync(at("z"), "then")
    const then = await keep(root, blobs)
    rmSync(at("node_modules"))
    mkdirSync(at("node_modules/left/out"), { recursive: true })
    writeFileSync(at("z"), "now")
    await expect(restore(then, root, blobs)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("half way"),
    })
    expect(readdirSync(root)).toEqual(["node_modules", "z"])
    rmSync(at("node_modules"), { recursive: true })
    await restore(then, root, blobs)
    expect([readFileSync(at("node_modules"), "utf8"), readFileSync(at("z"), "utf8")]).toEqual([
      "a file",
      "then",
    ])
    expect(readdirSync(root)).toEqual(["node_modules", "z"])
  })

  it("is shown without the contents of files for secrets", async () => {
    const { root, at, blobs } = await open()
    writeFileSync(at(".env"), "TOKEN=hunter1\n")
    const then = await keep(root, blobs)
    writeFileSync(at(".env"), "TOKEN=hunter2\nPORT=1\n")
    const shown = await preview(plan(then, await keep(root, blobs)), root, blobs)
    expect(shown).toMatchObject({ total: 1, changes: [{ path: ".env", op: "changed" }] })
    expect(JSON.stringify(shown)).not.toContain("hunter")
  })
})
