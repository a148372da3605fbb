/** One contract for both folders, the real one and its twin in memory, and for their repositories. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { beforeEach, describe, expect, it, onTestFinished } from "vitest"
import type { Git } from "../src/git/git.ts"
import { openGit } from "../src/git/open.ts"
import { openLocalWorkspace } from "../src/local/local.ts"
import { openMemoryWorkspace } from "../src/memory/memory.ts"
import { createMemoryRepository, openMemoryGit } from "../src/memory/memory-git.ts"
import { createCustody } from "../src/run/custody.ts"
import { findSandbox } from "../src/sandbox/sandbox.ts"
import type { Workspace } from "../src/workspace.ts"

type Opened = { workspace: Workspace; git: Git }

async function openLocal(): Promise<Opened> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "aura-contract-")))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const dataDir = realpathSync(mkdtempSync(join(tmpdir(), "aura-contract-data-")))
  const { git } = await openGit(root, join(dataDir, "git"))
  const custody = createCustody({ sandbox: await findSandbox(false), dataDir })
  onTestFinished(() => {
    custody.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  return { workspace: openLocalWorkspace(root, custody), git }
}

async function openMemory(): Promise<Opened> {
  const files = new Map<string, string>()
  let now = 0
  const sleep = async (ms: number) => {
    now += ms
  }
  const workspace = openMemoryWorkspace({ files, now: () => now, sleep })
  return { workspace, git: openMemoryGit(files, createMemoryRepository()) }
}

const signal = new AbortController().signal

describe.each([
  ["a local folder", openLocal],
  ["a folder in memory", openMemory],
])("%s", (_, open) => {
  let workspace: Workspace
  let git: Git
  beforeEach(async () => {
    ;({ workspace, git } = await open())
  })
  const run = (command: string, timeoutMs = 10_000) => workspace.run(command, { timeoutMs, signal })

  it("gives back what was written, making folders on the way", async () => {
    await workspace.write("a/b/c.txt", "one")
    await workspace.write("./a/b/c.txt", "two")
    expect(await workspace.read("a/x/../b/c.txt")).toBe("two")
    expect(await workspace.exists("a/b")).toBe(true)
    expect(await workspace.exists("a/c")).toBe(false)
  })

  it("lists one folder by name, folders among the files, git left out", async () => {
    for (const name of ["b.txt", "a/one.txt", "a/two.txt", "Z.txt"]) await workspace.write(name, "ü")
    const root = await workspace.list(".")
    expect(root.map(({ path, kind }) => `${path} ${kind}`)).toEqual(["Z.txt file", "a folder", "b.txt file"])
    expect((await workspace.list("a")).map(({ path, bytes }) => `${path} ${bytes}`)).toEqual([
      "a/one.txt 2",
      "a/two.txt 2",
    ])
  })

  it("removes one file, and says what cannot be removed", async () => {
    await workspace.write("a/b.txt", "x")
    await expect(workspace.remove("a")).rejects.toMatchObject({ code: "bad_request" })
    await workspace.remove("a/b.txt")
    await expect(workspace.remove("a/b.txt")).rejects.toMatchObject({ code: "not_found" })
    expect(await workspace.exists("a/b.txt")).toBe(false)
  })

  it.each([
    ["../x", "forbidden"],
    ["a/../../x", "forbidden"],
    ["/etc/passwd", "forbidden"],
    [".git/config", "forbidden"],
    ["a/.GIT/x", "forbidden"],
    ["a\0b", "bad_request"],
  ])("refuses the path %j", async (path, code) => {
    await expect(workspace.read(path)).rejects.toMatchObject({ code })
    await expect(workspace.write(path, "x")).rejects.toMatchObject({ code })
    await expect(workspace.list(path)).rejects.toMatchObject({ code })
  })

  it("tells missing files from folders", async () => {
    await workspace.write("a/b.txt", "x")
    await expect(workspace.read("a")).rejects.toMatchObject({ code: "bad_request" })
    await expect(workspace.read("c")).rejects.toMatchObject({ code: "not_found" })
    await expect(workspace.write("a", "x")).rejects.toMatchObject({ code: "bad_request" })
    await expect(workspace.write("a/b.txt/c", "x")).rejects.toThrow()
    await expect(workspace.list("a/b.txt")).rejects.toMatchObject({ code: "bad_request" })
    await expect(workspace.list("c")).rejects.toMatchObject({ code: "not_found" })
  })

  it.each([
    ["true", 0],
    ["false", 1],
    ["exit 3", 3],
    ["test -s full.txt", 0],
    ["test -s empty.txt", 1],
    ["test -s none.txt", 1],
    ["test -e empty.txt", 0],
    ["grep -q good full.txt", 0],
    ["grep -q bad full.txt", 1],
    ["grep -q bad none.txt", 2],
    ["false || true", 0],
    ["false && true", 1],
    ["true; false", 1],
    ["no-such-command", 127],
    ["kill -9 $$", 137],
  ])("runs %j to exit code %j", async (command, exitCode) => {
    await workspace.write("full.txt", "all good\n")
    await workspace.write("empty.txt", "")
    expect(await run(command)).toMatchObject({ exitCode, aborted: false })
  })

  it("keeps what a command printed or wrote", async () => {
    const said = await run("echo hello && cat a.txt || echo none > a.txt; echo more >> a.txt; cat a.txt")
    expect(said.output).toContain("hello\n")
    expect(said.output).toContain("none\nmore\n")
    expect(said.outputDigest).toMatch(/^[0-9a-f]{64}$/)
    expect(await workspace.read("a.txt")).toBe("none\nmore\n")
    await run("rm -f a.txt")
    expect(await workspace.exists("a.txt")).toBe(false)
  })

  it("ends a command at its time limit, and one that was called off", async () => {
    expect(await run("sleep 60", 50)).toMatchObject({ exitCode: null, over: "time", aborted: false })
    const off = AbortSignal.abort()
    const called = await workspace.run("sleep 60", { timeoutMs: 10_000, signal: off })
    expect(called).toMatchObject({ exitCode: null, aborted: true })
  })

  it("takes snapshots that are the same for the same files, and tells them apart", async () => {
    const before = await git.snapshot()
    await workspace.write("a.txt", "one\ntwo\n")
    const after = await git.snapshot()
    expect(await git.snapshot()).toBe(after)
    expect(await git.changes(before, before)).toEqual([])
    expect(await git.changes(before, after)).toEqual([
      { path: "a.txt", op: "added", additions: 2, deletions: 0 },
    ])
    await workspace.remove("a.txt")
    expect(await git.snapshot()).toBe(before)
  })

  it("commits just the changes between two trees, to be found by their trailer", async () => {
    await workspace.write("mine.txt", "mine\n")
    const base = await git.snapshot()
    await workspace.write("a.txt", "a\n")
    await workspace.write("mine.txt", "mine, changed\n")
    const to = await git.snapshot()
    const expected = await git.treeOf(base, to, ["mine.txt"])
    const { sha, tree } = await git.commit(base, to, {
      except: ["mine.txt"],
      message: "A\n\nAura-Task: t1\n",
    })
    expect(tree).toBe(expected)
    expect(await git.headTree()).toBe(tree)
    expect(await git.findCommit("Aura-Task: t1")).toBe(sha)
    expect(await git.findCommit("Aura-Task: t2")).toBeUndefined()
    const left = await git.changes(await git.headTree(), await git.snapshot())
    expect(left.map(({ path, op }) => `${path} ${op}`)).toEqual(["mine.txt added"])
  })

  it("tells the lines that a change adds, by file and number", async () => {
    await workspace.write("a.txt", "one\ntwo\n")
    const base = await git.snapshot()
    await workspace.write("a.txt", "one\n++ 2\n3\n")
    await workspace.write("b ü.txt", "b\n")
    expect(await git.added(base, await git.snapshot())).toEqual([
      {
        path: "a.txt",
        isNew: false,
        lines: [
          { number: 2, text: "++ 2" },
          { number: 3, text: "3" },
        ],
      },
      { path: "b ü.txt", isNew: true, lines: [{ number: 1, text: "b" }] },
    ])
  })

  it("counts what others committed meanwhile as no change of a task", async () => {
    await workspace.write("mine.txt", "mine\n")
    const base = await git.snapshot()
    await workspace.write("open.txt", "half done\n")
    expect(await git.rebase(base)).toBe(base)
    await workspace.write("theirs.txt", "theirs\n")
    const except = ["mine.txt", "open.txt"]
    await git.commit(base, await git.snapshot(), { except, message: "Theirs\n" })
    const changes = await git.changes(await git.rebase(base), await git.snapshot())
    expect(changes.map(({ path }) => path)).toEqual(["open.txt"])
    await git.setAside(await git.rebase(base), "t1")
    expect(await workspace.exists("open.txt")).toBe(false)
    expect(await workspace.read("theirs.txt")).toBe("theirs\n")
    expect(await workspace.read("mine.txt")).toBe("mine\n")
  })

  it("puts paths back, and sets all of a task's work aside", async () => {
    await workspace.write("a.txt", "a\n")
    const base = await git.snapshot()
    await workspace.write("a.txt", "b\n")
    await workspace.write("new.txt", "new\n")
    await git.restore(base, ["new.txt"])
    expect(await workspace.exists("new.txt")).toBe(false)
    expect(await git.setAside(base, "t1")).toContain("t1")
    expect(await workspace.read("a.txt")).toBe("a\n")
    expect(await git.snapshot()).toBe(base)
  })
})
