/** Repositories in every state people bring them in: used as they are, or refused with nothing changed. */
import { execFileSync } from "node:child_process"
import {
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { beforeEach, describe, expect, it, onTestFinished } from "vitest"
import { runGit } from "./command.ts"
import { createGit } from "./git.ts"
import { findGitLocation } from "./location.ts"
import { checkRepository, openGit } from "./open.ts"
import { openRepository } from "./repository.ts"

let base = ""
let root = ""
let home = ""
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "aura-place-")))
  onTestFinished(() => rmSync(base, { recursive: true, force: true }))
  root = join(base, "ws")
  home = join(base, "home")
  mkdirSync(root)
})

const git = (folder: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@b", ...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: "pipe",
  })

/** A repository with one commit, one uncommitted and one privately ignored file. */
function makeRepository(folder: string): void {
  mkdirSync(folder, { recursive: true })
  git(folder, "init", "-q", "-b", "main")
  writeFileSync(join(folder, "a.txt"), "a\n")
  git(folder, "add", ".")
  git(folder, "commit", "-qm", "first")
  writeFileSync(join(folder, "mine.txt"), "uncommitted\n")
  writeFileSync(join(folder, "private.txt"), "excluded\n")
  writeFileSync(join(folder, ".git", "info", "exclude"), "private.txt\n")
}

/** Everything below a folder: kinds, sizes, contents. */
function picture(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .toSorted()
    .map((name) => {
      const found = lstatSync(join(folder, name))
      return `${name} ${found.mode} ${found.isFile() ? readFileSync(join(folder, name), "latin1") : ""}`
    })
}

describe("a repository that git cannot use", () => {
  const cases: [string, () => unknown, RegExp][] = [
    [
      "has a typo in its configuration",
      () => writeFileSync(join(root, ".git", "config"), "[core\n"),
      /bad config/,
    ],
    [
      "has an extension that git does not know",
      () => [
        git(root, "config", "extensions.unheardOf", "true"),
        git(root, "config", "core.repositoryFormatVersion", "1"),
      ],
      /unknown repository extension/,
    ],
    [
      "has an empty HEAD",
      () => writeFileSync(join(root, ".git", "HEAD"), ""),
      /does not take|not a git repository/,
    ],
    [
      "has lost its objects folder",
      () => rmSync(join(root, ".git", "objects"), { recursive: true }),
      /does not take|not a git repository/,
    ],
    ["is of a later format", () => git(root, "config", "core.repositoryFormatVersion", "99"), /version/],
    [
      "is in the middle of a merge",
      () => writeFileSync(join(root, ".git", "MERGE_HEAD"), git(root, "rev-parse", "HEAD")),
      /middle of a merge/,
    ],
    [
      "is in the middle of a revert",
      () => writeFileSync(join(root, ".git", "REVERT_HEAD"), git(root, "rev-parse", "HEAD")),
      /middle of a revert/,
    ],
    ["is in the middle of a bisect", () => git(root, "bisect", "start"), /middle of a bisect/],
    ["is on no branch", () => git(root, "checkout", "-q", "--detach"), /on no branch.*git switch -c/],
  ]

  it.each(cases)(
    "and that %s is refused in git's own words, and nothing is changed",
    async (_, spoil, words) => {
      makeRepository(root)
      spoil()
      const before = picture(root)
      await expect(checkRepository(root, home)).rejects.toThrow(words)
      await expect(openGit(root, home)).rejects.toThrow(words)
      expect(picture(root)).toEqual(before)
    },
  )

  it.runIf(process.getuid?.() === 0)("is refused when it belongs to somebody else", async () => {
    makeRepository(root)
    chownSync(root, 12_345, 12_345)
    await expect(openGit(root, home)).rejects.toThrow(/dubious ownership.*safe\.directory/s)
    expect(readdirSync(root)).not.toContain(".aura")
  })

  it("is refused as well in a package folder inside it", async () => {
    makeRepository(base)
    writeFileSync(join(base, ".git", "config"), "[core\n")
    await expect(openGit(root, home)).rejects.toThrow("bad config")
    expect(readdirSync(root)).toEqual([])
  })

  it("is not mistaken for one without commits because its HEAD is unreadable", async () => {
    makeRepository(root)
    const repository = (await openRepository(root, home)) ?? expect.fail()
    writeFileSync(join(root, ".git", "refs", "heads", "main"), "garbage\n")
    await expect(createGit(repository).headTree()).rejects.toThrow()
  })
})

describe("the place of a repository", () => {
  it("is the folder's own, or that of a folder above", async () => {
    makeRepository(root)
    mkdirSync(join(root, "packages", "a"), { recursive: true })
    const own = { top: root, gitDir: join(root, ".git"), commonDir: join(root, ".git") }
    expect(await findGitLocation(root)).toMatchObject(own)
    expect(await findGitLocation(join(root, "packages", "a"))).toMatchObject(own)
  })

  it("is that of the main repository for a linked worktree, with relative pointers too", async () => {
    makeRepository(join(base, "main"))
    rmSync(root, { recursive: true })
    git(join(base, "main"), "worktree", "add", "-q", root)
    const common = join(base, "main", ".git")
    const place = { top: root, gitDir: join(common, "worktrees", "ws"), commonDir: common }
    expect(await findGitLocation(root)).toMatchObject(place)
    writeFileSync(join(root, ".git"), "gitdir: ../main/.git/worktrees/ws\n")
    writeFileSync(join(common, "worktrees", "ws", "gitdir"), "../../../../ws/.git\n")
    expect(await findGitLocation(root)).toMatchObject(place)
    const { git: opened } = await openGit(root, home)
    expect(await opened.snapshot()).toBe(await opened.headTree())
  })

  it("is that in the outer repository for a submodule", async () => {
    makeRepository(join(base, "inner"))
    makeRepository(join(base, "outer"))
    git(
      join(base, "outer"),
      "-c",
      "protocol.file.allow=always",
      "submodule",
      "add",
      "-q",
      join(base, "inner"),
      "sub",
    )
    const gitDir = join(base, "outer", ".git", "modules", "sub")
    expect(await findGitLocation(join(base, "outer", "sub"))).toMatchObject({ gitDir, commonDir: gitDir })
    await openGit(join(base, "outer", "sub"), home)
  })

  it("is none where no .git is on the way up, and where .git is an empty folder", async () => {
    expect(await findGitLocation(root)).toBeUndefined()
    mkdirSync(join(root, ".git"))
    expect(await findGitLocation(root)).toBeUndefined()
    const { notes } = await openGit(root, home)
    expect(notes.join()).toContain("made one")
  })

  it("moved worktrees are rejected with the command that repairs them", async () => {
    makeRepository(join(base, "main"))
    git(join(base, "main"), "worktree", "add", "-q", join(base, "first"))
    renameSync(join(base, "first"), join(base, "second"))
    await expect(openGit(join(base, "second"), home)).rejects.toThrow("git worktree repair")
  })

  const planted: [string, () => void, RegExp][] = [
    [
      "names the root of the file system",
      () => writeFileSync(join(root, ".git"), "gitdir: /\n"),
      /in return/,
    ],
    [
      "names another repository",
      () => writeFileSync(join(root, ".git"), `gitdir: ${join(base, "other", ".git")}\n`),
      /in return/,
    ],
    [
      "names another repository's worktree",
      () => {
        git(join(base, "other"), "worktree", "add", "-q", join(base, "linked"))
        writeFileSync(join(root, ".git"), `gitdir: ${join(base, "other", ".git", "worktrees", "linked")}\n`)
      },
      /in return/,
    ],
    [
      "names a folder that claims to share another repository",
      () => {
        const own = join(root, "fake", "worktrees", "x")
        mkdirSync(own, { recursive: true })
        writeFileSync(join(own, "gitdir"), `${join(root, ".git")}\n`)
        writeFileSync(join(own, "commondir"), `${join(base, "other", ".git")}\n`)
        writeFileSync(join(root, ".git"), `gitdir: ${own}\n`)
      },
      /in return/,
    ],
    ["names nothing", () => writeFileSync(join(root, ".git"), "gitdir: \n"), /./],
    ["names what is not there", () => writeFileSync(join(root, ".git"), "gitdir: /not/there\n"), /not there/],
    ["is any text", () => writeFileSync(join(root, ".git"), "hello\n"), /does not name a repository/],
    [
      "is a large file",
      () => writeFileSync(join(root, ".git"), "x".repeat(1_000_000)),
      /not a file that git wrote/,
    ],
    ["is a link", () => symlinkSync(join(base, "other", ".git"), join(root, ".git")), /is a link/],
    ["is a pipe", () => execFileSync("mkfifo", [join(root, ".git")]), /neither a file nor a folder/],
  ]

  it.each(planted)("a .git that %s is refused, and nothing is changed", async (_, plant, words) => {
    makeRepository(join(base, "other"))
    plant()
    const before = picture(join(base, "other"))
    await expect(openGit(root, home)).rejects.toThrow(words)
    await expect(openRepository(root, home)).rejects.toThrow(words)
    expect(picture(join(base, "other"))).toEqual(before)
  })
})

describe("a repository whose own files are none", () => {
  const names = [
    "HEAD",
    "config",
    "index",
    "packed-refs",
    "refs",
    "refs/heads",
    "refs/heads/main",
    "objects",
    "objects/pack",
    "logs",
    "logs/HEAD",
    "info",
    "info/exclude",
  ]
  beforeEach(() => {
    makeRepository(root)
    makeRepository(join(base, "other"))
  })

  it.each(names)("is refused where %s is a link or a pipe, with nothing written elsewhere", async (name) => {
    const place = join(root, ".git", name)
    const other = picture(join(base, "other"))
    rmSync(place, { recursive: true, force: true })
    symlinkSync(join(base, "other", ".git", name), place)
    await expect(openGit(root, home)).rejects.toThrow(`${place} is a link`)
    rmSync(place)
    execFileSync("mkfifo", [place])
    await expect(openGit(root, home)).rejects.toThrow(`${place} is neither a file nor a folder`)
    expect(picture(join(base, "other"))).toEqual(other)
  })

  it("is refused for a linked worktree as well", async () => {
    const linked = join(base, "linked")
    git(root, "worktree", "add", "-q", linked)
    await openGit(linked, home)
    rmSync(join(root, ".git", "packed-refs"), { force: true })
    symlinkSync("/etc/hostname", join(root, ".git", "packed-refs"))
    await expect(findGitLocation(linked)).rejects.toThrow("packed-refs is a link")
  })
})

it("git is killed when it blocks forever, with an error that says what to look for", async () => {
  execFileSync("mkfifo", [join(base, "pipe")])
  const asked = ["config", "--file", join(base, "pipe"), "--list"]
  await expect(runGit(base, asked, { timeoutMs: 300 })).rejects.toThrow("git config did not end within")
})
