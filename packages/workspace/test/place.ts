/** What every kind of place does: a place of another kind is opened here as well, and passes all of it. */
import { AuraError, type TextQuery } from "@aura/core"
import { beforeEach, describe, expect, it } from "vitest"
import type { Checkout } from "../src/checkout.ts"
import type { Git } from "../src/git/git.ts"
import type { Place } from "../src/place.ts"
import type { Workspace } from "../src/workspace.ts"

const signal = new AbortController().signal
const options = { timeoutMs: 60_000, signal }
const occasion = { projectId: "p1", instanceId: null, taskId: null, kind: "hand", why: "test" } as const

/** @param open a place whose folder is empty, ended by the test that opened it */
export function testPlace(open: () => Promise<Place>): void {
  let place: Place
  let workspace: Workspace
  let git: Git
  let checkout: Checkout
  beforeEach(async () => {
    place = await open()
    workspace = place.workspace
  })
  const run = (command: string, timeoutMs = 10_000) => workspace.run(command, { timeoutMs, signal })

  it("reads what was written, and creates missing folders", async () => {
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

  it("rejects paths that lead outside, or into the repository's own files", async () => {
    for (const [path, code] of [
      ["../x", "forbidden"],
      ["a/../../x", "forbidden"],
      ["/etc/passwd", "forbidden"],
      [".git/config", "forbidden"],
      ["a/.GIT/x", "forbidden"],
      ["a\0b", "bad_request"],
    ] as const) {
      await expect(workspace.read(path), path).rejects.toMatchObject({ code })
      await expect(workspace.write(path, "x"), path).rejects.toMatchObject({ code })
      await expect(workspace.list(path), path).rejects.toMatchObject({ code })
    }
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

  it("runs commands to the exit codes that a shell gives", async () => {
    await workspace.write("full.txt", "all good\n")
    await workspace.write("empty.txt", "")
    for (const [command, exitCode] of [
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
    ] as const)
      expect(await run(command), command).toMatchObject({ exitCode, aborted: false })
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

  it("ends a command at its time limit, and an aborted one", async () => {
    expect(await run("sleep 60", 50)).toMatchObject({ exitCode: null, over: "time", aborted: false })
    const off = AbortSignal.abort()
    const called = await workspace.run("sleep 60", { timeoutMs: 10_000, signal: off })
    expect(called).toMatchObject({ exitCode: null, aborted: true })
  })

  it("shows the text that a write would replace, and keeps it when the caller rejects the write", async () => {
    await workspace.write("a.txt", "one")
    const seen: (string | undefined)[] = []
    await workspace.write("b.txt", "new", (now) => void seen.push(now))
    const refused = workspace.write("a.txt", "two", (now) => {
      seen.push(now)
      throw new AuraError("conflict", "It changed meanwhile.", { digest: "d" })
    })
    await expect(refused).rejects.toMatchObject({
      code: "conflict",
      message: "It changed meanwhile.",
      details: { digest: "d" },
    })
    expect(seen).toEqual([undefined, "one"])
    expect(await workspace.read("a.txt")).toBe("one")
  })

  it("tells when a command begins, and what it prints", async () => {
    const happened: string[] = []
    const onBegin = async () => void happened.push("begins")
    await workspace.run("echo hello", { ...options, onBegin, onOutput: (text) => happened.push(text.trim()) })
    expect(happened).toEqual(["begins", "hello"])
  })

  it("moves files and folders, and nothing over another one", async () => {
    await workspace.write("a/b.txt", "b")
    await workspace.write("c.txt", "c")
    await workspace.move("a", "d/e")
    expect(await workspace.read("d/e/b.txt")).toBe("b")
    await expect(workspace.move("c.txt", "d/e/b.txt")).rejects.toMatchObject({ code: "conflict" })
    await expect(workspace.move("none", "f")).rejects.toMatchObject({ code: "not_found" })
  })

  it("finds files by their names, and lines by what they hold", async () => {
    await workspace.write("src/deep/a.ts", "const one = 1\nconst two = 2\n")
    await workspace.write("b.md", "one\n")
    const { search } = workspace
    expect((await search.files()).paths).toEqual(["b.md", "src/deep/a.ts"])
    expect((await search.files("*.ts")).paths).toEqual(["src/deep/a.ts"])
    expect((await search.files("src/**/*.ts")).paths).toEqual(["src/deep/a.ts"])
    expect((await search.files("*.js")).paths).toEqual([])
    const found = await search.lines({ pattern: "t[wo]+ =" }, signal)
    expect(found).toEqual({ hits: [{ path: "src/deep/a.ts", line: 2, text: "const two = 2" }], error: "" })
    expect((await search.lines({ pattern: "one", glob: "*.md" }, signal)).hits).toHaveLength(1)
    expect((await search.lines({ pattern: "(" }, signal)).error).toContain("regex parse error")
  })

  it("finds text as an editor asks for it", async () => {
    await workspace.write("a.txt", "An ant, and ANTS (ant)\n")
    const find = async (query: TextQuery) =>
      (await workspace.search.text(query)).items.map(({ at, length }) => [at, length])
    expect(await find({ text: "ant" })).toHaveLength(3)
    expect(await find({ text: "ant", isCased: true })).toHaveLength(2)
    expect(await find({ text: "ants", isWord: true })).toEqual([[12, 4]])
    expect(await find({ text: "(ant)" })).toEqual([[17, 5]])
    expect(await find({ text: "A[nN]T", isPattern: true, isCased: true })).toEqual([[12, 3]])
    await expect(find({ text: "(", isPattern: true })).rejects.toMatchObject({ code: "bad_request" })
  })

  it("restores a snapshot, and undoes that", async () => {
    const { snapshots } = place
    await workspace.write("a.txt", "one\n")
    await workspace.write("gone.txt", "gone\n")
    const taken = await snapshots.take(occasion)
    expect(taken).toMatchObject({ ...occasion, root: place.root })
    await workspace.write("a.txt", "two\n")
    await workspace.remove("gone.txt")
    await workspace.write("new.txt", "new\n")
    const { total, changes } = await snapshots.preview(taken)
    expect(total).toBe(3)
    expect(changes.map(({ path, op }) => `${path} ${op}`).toSorted()).toEqual([
      "a.txt changed",
      "gone.txt brought_back",
      "new.txt removed",
    ])
    const { changed, before } = await snapshots.restore(taken)
    expect(changed).toBe(3)
    expect(await workspace.read("a.txt")).toBe("one\n")
    expect(await workspace.read("gone.txt")).toBe("gone\n")
    expect(await workspace.exists("new.txt")).toBe(false)
    await snapshots.restore(before)
    expect(await workspace.read("a.txt")).toBe("two\n")
    expect(await workspace.exists("gone.txt")).toBe(false)
  })

  it("has terminals and files for other programs, or says why not", () => {
    for (const offer of [place.terminals, place.hostFiles])
      if (offer.kind === "unavailable") expect(offer.reason).toMatch(/^[A-Z].+\.$/)
  })

  describe("prepared for work", () => {
    beforeEach(async () => {
      ;({ workspace, git, checkout } = await place.prepare())
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

    it("commits exactly the changes between two trees, and finds the commit by its trailer", async () => {
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

    it("returns the lines that a change adds, by file and number", async () => {
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

    it("restores paths, and stores all of a task's work under a ref", async () => {
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

    it("traces a line to its commit, and reads the commit's message and files", async () => {
      const commit = async (message: string) => {
        const head = await git.headTree()
        return (await git.commit(head, await git.snapshot(), { except: [], message })).sha
      }
      await workspace.write("a.txt", "one\ntwo\n")
      const first = await commit("First\n\nAura-Task: t1\nAura-Proof: t1 now\n")
      await workspace.write("a.txt", "zero\none\n2\n")
      const second = await commit("Second\n")
      expect(await git.blame("a.txt", 2)).toEqual({ sha: first, text: "one" })
      expect(await git.blame("a.txt", 3)).toEqual({ sha: second, text: "2" })
      expect(await git.blame("a.txt", 9)).toBeUndefined()
      expect(await git.findHash(first.slice(0, 8))).toBe(first)
      expect(await git.findHash("0123456789")).toBeUndefined()
      expect(await git.describe(first)).toMatchObject({ taskId: "t1", subject: "First" })
      expect(await git.describe(second)).toMatchObject({ taskId: "", subject: "Second" })
      const log = (await git.log()).slice(-2)
      expect(log.map(({ sha, subject, proof, files }) => ({ sha, subject, proof, files }))).toEqual([
        { sha: first, subject: "First", proof: "t1 now", files: [`${git.prefix}a.txt`] },
        { sha: second, subject: "Second", proof: "", files: [`${git.prefix}a.txt`] },
      ])
    })

    it("shows diffs between commits, and undoes one in the folder unless it no longer fits", async () => {
      await workspace.write("a.txt", "one\n")
      const base = await git.headTree()
      const { sha } = await git.commit(base, await git.snapshot(), { except: [], message: "A\n" })
      await workspace.write("a.txt", "two\n")
      const path = `${git.prefix}a.txt`
      const [change] = await git.diff(sha, await git.snapshot())
      expect(change).toMatchObject({ path, op: "modified", additions: 1, deletions: 1 })
      expect(change?.text).toMatch(/\n@@ -1(,1)? \+1(,1)? @@\n-one\n\+two$/)
      expect(await git.diff(await git.parentOf(sha), sha)).toMatchObject([{ path, op: "added" }])
      await git.undo(change?.text ?? "")
      expect(await workspace.read("a.txt")).toBe("one\n")
      await expect(git.undo(change?.text ?? "")).rejects.toMatchObject({ code: "conflict" })
    })

    it("reads files as they were committed", async () => {
      await workspace.write("a/b.txt", "one\n")
      await git.commit(await git.headTree(), await git.snapshot(), { except: [], message: "A\n" })
      await workspace.write("a/b.txt", "two\n")
      expect(await git.committed("a/b.txt")).toBe("one\n")
      expect(await git.committed("c.txt")).toBeNull()
      await expect(git.committed("a")).rejects.toMatchObject({ code: "bad_request" })
    })

    it("finds its repository without changing anything, and describes its machine", async () => {
      expect(await (await place.findGit())?.headTree()).toBe(await git.headTree())
      expect(await place.check()).not.toBe("")
      expect(await place.describeMachine()).not.toBe("")
    })

    describe("a clean checkout", () => {
      const code = async (command: string) => (await checkout.run(command, options)).exitCode

      it("has the tree's files, whatever changed in the workspace since", async () => {
        await workspace.write("a.txt", "one")
        const tree = await git.snapshot()
        await workspace.write("a.txt", "two")
        await workspace.write("b.txt", "new")
        await checkout.reset(tree)
        expect(await code("grep -q one a.txt")).toBe(0)
        expect(await code("test -e b.txt")).not.toBe(0)
      })

      it("removes what a command left, and reports which of the tree's files it wrote", async () => {
        await workspace.write("a.txt", "one")
        const tree = await git.snapshot()
        await checkout.reset(tree)
        expect(await checkout.touched()).toEqual([])
        expect(await code("echo two > a.txt && echo three > c.txt")).toBe(0)
        expect(await checkout.touched()).toEqual([{ path: "a.txt", isChanged: true }])
        await checkout.reset(tree)
        expect(await checkout.touched()).toEqual([])
        expect(await code("grep -q one a.txt")).toBe(0)
        expect(await code("test -e c.txt")).not.toBe(0)
      })

      it("saves what was built besides the tree's files, and restores it", async () => {
        await workspace.write("a.txt", "one")
        await checkout.reset(await git.snapshot())
        expect(await code("echo two > a.txt && echo made > out.txt")).toBe(0)
        await checkout.keep()
        expect(await code("echo spoiled > out.txt")).toBe(0)
        await checkout.goBack()
        expect(await code("grep -q one a.txt")).toBe(0)
        expect(await code("grep -q made out.txt")).toBe(0)
        expect(await checkout.touched()).toEqual([])
      })

      it("is opened beside the one for work, of the same repository", async () => {
        await workspace.write("a.txt", "one")
        const other = await place.checkout()
        await other.reset(await git.snapshot())
        expect((await other.run("grep -q one a.txt", options)).exitCode).toBe(0)
        expect(await other.folder.read("a.txt")).toBe("one")
        await other.remove()
      })
    })
  })
}
