/** What changes hands where Aura runs as root, in a folder of somebody else's who swaps things in it for links. */
import { type ChildProcess, spawn } from "node:child_process"
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest"
import { createGuarded } from "../custody/guarded.ts"
import { checkRepository, openGit } from "../git/open.ts"
import { openLocalWorkspace } from "../local/local.ts"
import { openBlobs } from "../snapshots/blobs.ts"
import { goBack, plan } from "../snapshots/restore.ts"
import { giveToOwner } from "./owner.ts"

const person = 65_531
let base = ""
let root = ""
let outside = ""
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "aura-owner-")))
  chmodSync(base, 0o755)
  root = join(base, "root")
  outside = join(base, "outside")
  for (const folder of [root, outside]) mkdirSync(folder)
  writeFileSync(join(outside, "f"), "outside")
  chownSync(root, person, person)
  onTestFinished(() => rmSync(base, { recursive: true, force: true, maxRetries: 5 }))
})

const uidOf = (path: string) => lstatSync(path).uid
const own = (...path: string[]) => uidOf(join(root, ...path))

/** Does something in the folder again and again, as its owner. */
function meddle(script: string): ChildProcess {
  const child = spawn("sh", ["-c", `while :; do ${script}; done 2>/dev/null`], {
    cwd: root,
    stdio: "ignore",
    uid: person,
    gid: person,
  })
  onTestFinished(() => {
    child.kill("SIGKILL")
  })
  return child
}

describe.runIf(process.getuid?.() === 0)("as root, in a folder of somebody else's", () => {
  it("never changes the owner of a link's target, however often they are swapped", async () => {
    const other = join(outside, "f")
    meddle(
      `for d in *.aura-draft; do rm -f "$d" && ln -s ${other} "$d"; done; rm -rf d; ln -s ${outside} d; rm -f d`,
    )
    const workspace = openLocalWorkspace(root)
    const end = Date.now() + 3000
    for (let i = 0; Date.now() < end; i++) {
      await workspace.write(`f${i % 5}`, `${i}`).catch(() => undefined)
      await workspace.write("d/e/f", `${i}`).catch(() => undefined)
    }
    expect([uidOf(other), uidOf(outside)]).toEqual([0, 0])
  })

  it("gives new files and their parent folders to the owner", async () => {
    await openLocalWorkspace(root).write("a/b/c.txt", "text")
    expect([own("a"), own("a", "b"), own("a", "b", "c.txt")]).toEqual([person, person, person])
    mkdirSync(join(root, "d", "e"), { recursive: true })
    writeFileSync(join(root, "d", "e", "f"), "")
    writeFileSync(join(root, "d", "other"), "")
    await giveToOwner(join(root, "d", "e", "f"), root)
    expect([own("d"), own("d", "e"), own("d", "e", "f"), own("d", "other")]).toEqual([
      person,
      person,
      person,
      0,
    ])
  })

  it("gives a new repository, and restored files with their folders, to the owner", async () => {
    // As sudo does: git then works in that person's folder.
    vi.stubEnv("SUDO_UID", String(person))
    onTestFinished(() => void vi.unstubAllEnvs())
    mkdirSync(join(root, "d"))
    writeFileSync(join(root, "d", "a.txt"), "a\n")
    const { git } = await openGit(root, join(base, "home"))
    const tree = await git.headTree()
    rmSync(join(root, "d"), { recursive: true })
    await git.restore(tree, ["d/a.txt"])
    for (const name of [
      "d",
      "d/a.txt",
      ".git",
      ".git/HEAD",
      ".git/index",
      ".git/refs/heads/main",
      ".git/objects",
    ])
      expect(own(name), name).toBe(person)
  })

  it("leaves nothing of its own where a killed Aura kept the place of a repository", async () => {
    await createGuarded().begin(root)
    expect(own(".git")).toBe(person)
  })

  it("follows no link, and skips files with a second hard link", async () => {
    symlinkSync(outside, join(root, "link"))
    linkSync(join(outside, "f"), join(root, "second"))
    for (const name of ["link/f", "second", "link"]) await giveToOwner(join(root, name), root)
    await giveToOwner(root, root)
    expect([uidOf(join(outside, "f")), uidOf(outside)]).toEqual([0, 0])
    expect(own("link")).toBe(person)
  })

  it("creates no repository where git would reject it", async () => {
    await expect(checkRepository(root, join(base, "home"))).rejects.toThrow(/another user.*safe\.directory/)
    await expect(openGit(root, join(base, "home"))).rejects.toThrow("another user")
    expect(readdirSync(root)).toEqual([])
  })

  it("gives restored files of a snapshot to the owner", async () => {
    const blobs = await openBlobs(join(base, "blobs"))
    writeFileSync(join(root, "f"), "kept")
    const sha256 = await blobs.take(root, "f")
    rmSync(join(root, "f"))
    const nothing = { begunAt: 0, files: [], links: [], folders: [], leftOut: [] }
    const then = {
      ...nothing,
      files: [{ path: "d/f", mode: 0o644, bytes: 4, sha256, stamp: "" }],
      links: [{ path: "d/l", target: "/etc" }],
      folders: [{ path: "d", mode: 0o755 }],
    }
    await goBack(plan(then, nothing), then, root, blobs)
    expect([own("d"), own("d", "f"), own("d", "l")]).toEqual([person, person, person])
  })
})
