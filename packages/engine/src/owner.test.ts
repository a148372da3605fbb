import { execFileSync } from "node:child_process"
import {
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { beforeEach, describe, expect, it, onTestFinished } from "vitest"
import { openGit } from "./open-git.ts"
import { giveOneToOwner } from "./owner.ts"
import { openLocalWorkspace } from "./workspaces/local.ts"

const person = 65_531
let base = ""
let root = ""
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "aura-owner-")))
  onTestFinished(() => rmSync(base, { recursive: true, force: true }))
  root = join(base, "ws")
  mkdirSync(root)
  chownSync(root, person, person)
})
const ownerOf = (path: string) => lstatSync(path).uid

describe.runIf(process.getuid?.() === 0)("as root, in the folder of a person", () => {
  it("gives that person the files and folders it makes", async () => {
    await openLocalWorkspace(root).write("a/b/c.txt", "x")
    for (const name of ["a", "a/b", "a/b/c.txt"]) expect(ownerOf(join(root, name)), name).toBe(person)
  })

  it("gives that person the repository it makes and the files it puts back", async () => {
    execFileSync("git", ["config", "--file", join(base, "gitconfig"), "--add", "safe.directory", root])
    const before = process.env.SUDO_UID
    process.env.SUDO_UID = String(person)
    onTestFinished(() => {
      if (before === undefined) delete process.env.SUDO_UID
      else process.env.SUDO_UID = before
    })
    writeFileSync(join(root, "a.txt"), "a\n")
    chownSync(join(root, "a.txt"), person, person)
    const { git } = await openGit(root, join(base, "home"))
    const tree = await git.headTree()
    writeFileSync(join(root, "a.txt"), "changed\n")
    await git.restore(tree, ["a.txt"])
    for (const name of ["a.txt", ".git", ".git/HEAD", ".git/index", ".git/refs/heads/main", ".git/objects"])
      expect(ownerOf(join(root, name)), name).toBe(person)
  })

  it("gives away no file that a link leads to", async () => {
    const secret = join(base, "secret")
    writeFileSync(secret, "x")
    symlinkSync(secret, join(root, "link"))
    await giveOneToOwner(join(root, "link"), root)
    expect([ownerOf(secret), ownerOf(join(root, "link"))]).toEqual([0, person])
  })
})
