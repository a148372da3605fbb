/** Names of files are bytes, not text: those that are no UTF-8 pass through git and the file system unchanged. */
import { execFileSync } from "node:child_process"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it, onTestFinished } from "vitest"
import { showBytes, toBytes, toText } from "../src/byte-path.ts"
import { openGit } from "../src/git/open.ts"
import { openLocalWorkspace } from "../src/local/local.ts"
import { scan } from "../src/snapshots/scan.ts"

const isLinux = process.platform === "linux"

function setUp(folder = "work") {
  const place = realpathSync(mkdtempSync(join(tmpdir(), "aura-names-")))
  onTestFinished(() => rmSync(place, { recursive: true, force: true }))
  const top = join(place, folder)
  mkdirSync(join(top, "sub"), { recursive: true })
  const sh = (command: string) =>
    toText(execFileSync("sh", ["-ec", command], { cwd: top, stdio: "pipe" })).trim()
  sh("git init -q -b main; git config user.name Ada; git config user.email ada@example.org")
  const at = (name: string) => toBytes(join(top, name))
  return { top, home: join(place, "home"), sh, at }
}

const odd = toText(Buffer.from("sub/caf\xe9.txt", "latin1"))
const other = toText(Buffer.from("d\xfcr/\xff", "latin1"))

it.runIf(isLinux)("a task's change of such a file is committed, and set aside, byte for byte", async () => {
  const { top, home, sh, at } = setUp()
  writeFileSync(at(odd), "one\n")
  sh("git add .; git commit -qm first")
  const { git } = await openGit(top, home)
  const base = await git.snapshot()
  writeFileSync(at(odd), "two\n")
  mkdirSync(at(other).subarray(0, -2))
  writeFileSync(at(other), "new\n")
  const tree = await git.snapshot()
  expect((await git.changes(base, tree)).map(({ path, op }) => [showBytes(path), op])).toEqual([
    ["d\\xfcr/\\xff", "added"],
    ["sub/caf\\xe9.txt", "modified"],
  ])
  await git.commit(base, tree, { except: [], message: "task" })
  expect(sh("git status --porcelain")).toBe("")
  expect(sh("git ls-files -z").split("\0").filter(Boolean)).toEqual([other, odd])
  writeFileSync(at(odd), "half\n")
  rmSync(at(other))
  const ref = await git.setAside(tree, "task")
  expect(readFileSync(at(odd), "utf8")).toBe("two\n")
  expect(readFileSync(at(other), "utf8")).toBe("new\n")
  expect(sh(`git ls-tree -r -z --name-only ${ref}`).split("\0")).toContain(odd)
})

it.runIf(isLinux)("a workspace below the top of a repository leaves the person's index whole", async () => {
  const { top, home, sh, at } = setUp()
  writeFileSync(at(odd), "one\n")
  sh("git add .; git commit -qm first")
  const { git } = await openGit(join(top, "sub"), home)
  const base = await git.snapshot()
  writeFileSync(at(odd), "two\n")
  await git.commit(base, await git.snapshot(), { except: [], message: "task" })
  writeFileSync(join(top, "mine.txt"), "mine\n")
  sh("git add mine.txt; git commit -qm mine")
  expect(sh("git ls-files -z").split("\0").filter(Boolean)).toEqual(["mine.txt", odd])
  expect(sh("git cat-file blob HEAD:sub/$(printf 'caf\\351.txt')")).toBe("two")
})

it.runIf(isLinux)("such files of the person are named in the note and left alone", async () => {
  const { top, home, sh, at } = setUp()
  sh("git commit -q --allow-empty -m first")
  writeFileSync(at(odd), "mine\n")
  const { git, notes } = await openGit(top, home)
  expect(notes.join()).toContain("sub/caf\\xe9.txt")
  const base = await git.snapshot()
  writeFileSync(join(top, "a.txt"), "a\n")
  const except = (await git.changes(await git.headTree(), base)).map(({ path }) => path)
  await git.commit(base, await git.snapshot(), { except, message: "task" })
  expect(sh("git ls-files")).toBe("a.txt")
  expect(sh("git status --porcelain -z")).toBe("?? sub/\0")
})

it.runIf(isLinux)("a folder with such names is listed, and kept in snapshots", async () => {
  const { top, at } = setUp()
  writeFileSync(at(odd), "one\n")
  const found = await openLocalWorkspace(top).list("sub")
  expect(found).toMatchObject([
    { name: toText(Buffer.from("caf\xe9.txt", "latin1")), kind: "file", bytes: 4 },
  ])
  const { paths, leftOut } = scan({ root: top, withGit: false, folders: [""], total: 0 })
  expect(paths.split("\0")).toEqual([odd])
  expect(leftOut).toEqual([])
})

it("a line break in the path of the workspace works", async () => {
  const { top, home, sh } = setUp("two\nlines")
  sh("git commit -q --allow-empty -m first")
  const { git } = await openGit(join(top, "sub"), home)
  const base = await git.snapshot()
  writeFileSync(join(top, "sub", "a.txt"), "a\n")
  await git.commit(base, await git.snapshot(), { except: [], message: "task" })
  expect(sh("git status --porcelain")).toBe("")
  expect(sh("git ls-files")).toBe("sub/a.txt")
})

it("files outside a sparse checkout in a linked worktree are no changes of the person", async () => {
  const { top, home, sh } = setUp()
  writeFileSync(join(top, "sub", "b.txt"), "b\n")
  writeFileSync(join(top, "a.txt"), "a\n")
  sh("mkdir far; echo f > far/f; git add .; git commit -qm first; git worktree add -q ../linked")
  sh("cd ../linked; git sparse-checkout set sub")
  const linked = join(top, "..", "linked")
  expect(existsSync(join(linked, "far"))).toBe(false)
  const { git, notes } = await openGit(linked, home)
  expect(notes).toEqual([])
  const base = await git.snapshot()
  writeFileSync(join(linked, "sub", "c.txt"), "c\n")
  await git.commit(base, await git.snapshot(), { except: [], message: "task" })
  expect(sh("git -C ../linked show --name-only --format= HEAD")).toBe("sub/c.txt")
  expect(sh("git -C ../linked status --porcelain")).toBe("")
})

it("temporary files of editors are never committed, unless git already tracks them", async () => {
  const { top, home, sh } = setUp()
  sh(
    "echo 1 > kept~; git add -f kept~; git commit -qm first; echo '# mine' > .git/info/exclude; echo '*.mine' >> .git/info/exclude",
  )
  const { git } = await openGit(top, home)
  const base = await git.snapshot()
  for (const name of [
    ".a.txt.swp",
    ".a.txt.swo",
    "a.txt~",
    "#a.txt#",
    "4913",
    ".DS_Store",
    "Thumbs.db",
    "x.mine",
    "a.txt",
  ])
    writeFileSync(join(top, name), "x")
  writeFileSync(join(top, "kept~"), "2\n")
  const changes = await git.changes(base, await git.snapshot())
  expect(changes.map(({ path }) => path)).toEqual(["a.txt", "kept~"])
})

it("files with a filter are counted in a note, not as uncommitted changes", async () => {
  const { top, home, sh } = setUp()
  sh("echo '*.bin filter=lfs -text' > .gitattributes; echo pointer > a.bin; echo pointer > b.bin")
  sh("git config filter.lfs.clean cat; git add .; git commit -qm first; echo large > a.bin")
  const { notes } = await openGit(top, home)
  expect(notes).toEqual([expect.stringContaining("names a filter (lfs) for 2 files: a.bin, b.bin.")])
})
