import { execFileSync } from "node:child_process"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { createBranch } from "./branch.ts"
import { openGit } from "./open.ts"

let root = ""
let home = ""
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "aura-git-home-"))
  root = realpathSync(mkdtempSync(join(tmpdir(), "aura-git-")))
})
afterEach(() => {
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true })
})

const sh = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim()
const write = (name: string, text: string) => {
  mkdirSync(join(root, name, ".."), { recursive: true })
  writeFileSync(join(root, name), text)
}
const read = (name: string) => readFileSync(join(root, name), "utf8")

function initAsUser(): void {
  sh("init", "-q", "-b", "main")
  sh("config", "user.name", "Ada")
  sh("config", "user.email", "ada@example.org")
}

describe("Aura's git", () => {
  it("creates a repository and commits the existing files, except secrets", async () => {
    write("a.txt", "a")
    write(".env", "KEY=1")
    write(".env.production", "KEY=1")
    write("server.key", "x")
    write("src/settings.py", `key = "sk-ant-${"x".repeat(30)}"`)
    write(".env.example", "KEY=")
    const { notes } = await openGit(root, home)
    expect(notes.join()).toContain("made one")
    expect(sh("ls-files")).toBe(".env.example\na.txt")
    expect(notes.join()).toContain(
      "uncommitted changes of yours (.env.production, server.key, src/settings.py)",
    )
  })

  it("finds the first commit that is made while it looks for one", async () => {
    initAsUser()
    const { repository } = await openGit(root, home)
    const names: typeof repository.names = async (args, options) =>
      await repository.names(args, options).finally(() => {
        if (args[0] === "rev-parse" && sh("for-each-ref") === "")
          sh("commit", "-q", "--allow-empty", "-m", "first")
      })
    expect((await createBranch({ ...repository, names }).head()).sha).toMatch(/^[0-9a-f]{40}$/)
  })

  it("removes an incomplete repository after a crash, and creates it again", async () => {
    write("a.txt", "a")
    write(".aura-git-0123456789abcdef/.git/HEAD", "ref: refs/heads/main")
    await openGit(root, home)
    expect(sh("log", "--format=%s")).toBe("The folder as Aura found it")
    expect(sh("ls-files")).toBe("a.txt")
    expect(readdirSync(root).toSorted()).toEqual([".git", "a.txt"])
    expect(sh("status", "--porcelain")).toBe("")
    write("b.txt", "b")
    await openGit(root, home)
    expect(sh("ls-files")).toBe("a.txt")
  })

  it("commits exactly a task's changes and leaves the user's edits, staged ones too, as they were", async () => {
    initAsUser()
    write("a.txt", "a\n")
    write("b.txt", "b\n")
    sh("add", ".")
    sh("commit", "-qm", "first")
    write("b.txt", "mine\n")
    write("staged.txt", "mine too\n")
    sh("add", "staged.txt")
    const { git, notes } = await openGit(root, home)
    expect(notes.join()).toContain("b.txt")
    const base = await git.snapshot()
    const foreign = (await git.changes(await git.headTree(), base)).map((change) => change.path)
    write("a.txt", "task\n")
    write("dir/new ü.txt", "task\n")
    const { sha, tree } = await git.commit(base, await git.snapshot(), {
      except: foreign,
      message: "task\n\nAura-Task: t1\n",
    })
    expect(sh("rev-parse", "HEAD")).toBe(sha)
    expect(sh("rev-parse", "HEAD^{tree}")).toBe(tree)
    expect(
      sh("-c", "core.quotePath=false", "diff-tree", "-r", "--name-only", "--no-commit-id", "HEAD").split(
        "\n",
      ),
    ).toEqual(["a.txt", "dir/new ü.txt"])
    expect(sh("log", "-1", "--format=%an")).toBe("Ada")
    expect(
      sh("status", "--porcelain")
        .split("\n")
        .map((line) => line.trim()),
    ).toEqual(["M b.txt", "A  staged.txt"])
    expect(await git.findCommit("Aura-Task: t1")).toBe(sha)
  })

  it("records deletions, modes and links", async () => {
    initAsUser()
    write("gone.txt", "x")
    write("run.sh", "#!/bin/sh\n")
    sh("add", ".")
    sh("commit", "-qm", "first")
    const { git } = await openGit(root, home)
    const base = await git.snapshot()
    rmSync(join(root, "gone.txt"))
    execFileSync("chmod", ["+x", join(root, "run.sh")])
    execFileSync("ln", ["-s", "run.sh", join(root, "link")])
    const now = await git.snapshot()
    expect((await git.changes(base, now)).map((change) => `${change.op} ${change.path}`)).toEqual([
      "deleted gone.txt",
      "added link",
      "modified run.sh",
    ])
    await git.commit(base, now, { except: [], message: "t" })
    expect(sh("status", "--porcelain")).toBe("")
    expect(
      sh("ls-tree", "HEAD")
        .split("\n")
        .map((line) => line.slice(0, 6)),
    ).toEqual(["120000", "100755"])
  })

  it("stores failed work under a ref and restores the folder", async () => {
    initAsUser()
    write("a.txt", "a\n")
    sh("add", ".")
    sh("commit", "-qm", "first")
    write("mine.txt", "mine\n")
    const { git } = await openGit(root, home)
    const base = await git.snapshot()
    write("a.txt", "broken\n")
    write("junk.txt", "junk\n")
    const ref = await git.setAside(base, "task_1")
    expect(read("a.txt")).toBe("a\n")
    expect(existsSync(join(root, "junk.txt"))).toBe(false)
    expect(read("mine.txt")).toBe("mine\n")
    expect(sh("show", `${ref}:junk.txt`)).toBe("junk")
  })

  it("keeps what the person committed during a failed task", async () => {
    initAsUser()
    write("a.txt", "a\n")
    sh("add", ".")
    sh("commit", "-qm", "first")
    const { git } = await openGit(root, home)
    const base = await git.snapshot()
    write("theirs.txt", "theirs\n")
    sh("add", "theirs.txt")
    sh("commit", "-qm", "second")
    write("junk.txt", "junk\n")
    const [first, second] = [await git.setAside(base, "task_1"), await git.setAside(base, "task_1")]
    expect(first).not.toBe(second)
    expect(read("theirs.txt")).toBe("theirs\n")
    expect(existsSync(join(root, "junk.txt"))).toBe(false)
    expect(sh("show", `${first}:junk.txt`)).toBe("junk")
  })

  it("rejects a repository in the middle of a merge", async () => {
    initAsUser()
    write("a.txt", "a\n")
    sh("add", ".")
    sh("commit", "-qm", "first")
    writeFileSync(join(root, ".git", "MERGE_HEAD"), `${sh("rev-parse", "HEAD")}\n`)
    await expect(openGit(root, home)).rejects.toThrow("in the middle of a merge")
  })

  it("runs no hook of the repository", async () => {
    initAsUser()
    const marker = join(root, "..", `${root.split("/").at(-1)}-marker`)
    for (const hook of [
      "pre-commit",
      "commit-msg",
      "post-commit",
      "reference-transaction",
      "post-index-change",
    ]) {
      write(`.git/hooks/${hook}`, `#!/bin/sh\ntouch ${marker}\n`)
      execFileSync("chmod", ["+x", join(root, ".git/hooks", hook)])
    }
    write("a.txt", "a\n")
    const { git } = await openGit(root, home)
    write("b.txt", "b\n")
    await git.commit(await git.headTree(), await git.snapshot(), { except: [], message: "t" })
    expect(existsSync(marker)).toBe(false)
  })

  it("does not revert what the user committed to the same file while the checks ran", async () => {
    initAsUser()
    write("a.txt", "first\n")
    sh("add", "-A")
    sh("commit", "-qm", "first")
    const { git } = await openGit(root, home)
    const base = await git.snapshot()
    write("a.txt", "the task's\n")
    write("b.txt", "b\n")
    const checked = await git.snapshot()
    for (const text of ["the user's\n", "the user's again\n"]) {
      write("a.txt", text)
      sh("commit", "-qam", "by hand")
    }
    await git.commit(base, checked, { except: [], message: "task\n" })
    expect(sh("show", "HEAD:a.txt")).toBe("the user's again")
    expect(sh("show", "--format=", "--name-only", "HEAD")).toBe("b.txt")
    expect(sh("status", "--porcelain")).toBe("")
  })

  it("removes a stale lock after a power failure, and reports it", async () => {
    initAsUser()
    write(".git/index.lock", "")
    utimesSync(join(root, ".git/index.lock"), 1, 1)
    const { notes } = await openGit(root, home)
    expect(notes.join()).toContain("lock")
    expect(existsSync(join(root, ".git/index.lock"))).toBe(false)
  })
})
