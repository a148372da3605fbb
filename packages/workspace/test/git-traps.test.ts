/** Traps a repository can hold for a git that looks at it: none of them springs for Aura's. */
import { execFileSync, spawn, spawnSync } from "node:child_process"
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { createGit } from "../src/git/git.ts"
import { openGit } from "../src/git/open.ts"
import { openRepository } from "../src/git/repository.ts"

let place = ""
let root = ""
let home = ""
beforeEach(makePlace)
afterEach(() => rmSync(place, { recursive: true, force: true, maxRetries: 3 }))

function makePlace(): void {
  place = realpathSync(mkdtempSync(join(tmpdir(), "aura-traps-")))
  root = join(place, "workspace")
  home = join(place, "data")
  mkdirSync(root)
  sh("init -q -b main && git config user.name Ada && git config user.email ada@example.org")
  put("a.txt", "a\n")
  put("dir/b.txt", "b\n")
  put(".gitattributes", "*.txt filter=trap diff=trap merge=trap\n")
  sh("add . && git commit -qm first")
}

function sh(command: string, cwd = root): string {
  return execFileSync("sh", ["-c", `git ${command}`], { cwd, encoding: "utf8", stdio: "pipe" }).trim()
}

function put(name: string, text: string, mode = 0o644): string {
  const path = join(root, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

const marker = () => join(place, "sprung")
const isSprung = () => existsSync(marker())

/** A program in the workspace that tells it was run, and lets what it was given through. */
const program = () => put("trap.sh", `#!/bin/sh\ntouch ${marker()}\ncat\n`, 0o755)
/** The same, for one that would be talked to. */
const caller = () => put("trap.sh", `#!/bin/sh\ntouch ${marker()}\nexit 1\n`, 0o755)
const config = (...settings: string[]) => {
  for (const setting of settings) {
    const at = setting.indexOf("=")
    execFileSync("git", ["config", setting.slice(0, at), setting.slice(at + 1)], { cwd: root })
  }
}
const hook = (name: string, folder = ".git/hooks") =>
  put(`${folder}/${name}`, `#!/bin/sh\ntouch ${marker()}\n`, 0o755)

/** A repository in the repository, whose monitor is a trap. */
function nest(name: string): void {
  mkdirSync(join(root, name))
  sh("init -q && git config user.name M && git config user.email m@x", join(root, name))
  put(`${name}/inner.txt`, "inner\n")
  sh("add . && git commit -qm inner", join(root, name))
  sh(`config core.fsmonitor ${program()}`, join(root, name))
}

/** HEAD's blob of a file is gone, and a remote promises to bring it. */
function promise(...settings: string[]): void {
  const blob = sh("rev-parse HEAD:a.txt")
  rmSync(join(root, ".git/objects", blob.slice(0, 2), blob.slice(2)), { force: true })
  config(
    "core.repositoryformatversion=1",
    "extensions.partialClone=far",
    "remote.far.promisor=true",
    ...settings,
  )
}

const hooks = [
  "pre-commit",
  "prepare-commit-msg",
  "commit-msg",
  "post-commit",
  "post-checkout",
  "reference-transaction",
  "post-index-change",
]

const traps: [name: string, set: () => unknown, refusal?: string][] = [
  ...hooks.map((name): [string, () => unknown] => [`a ${name} hook`, () => hook(name)]),
  [
    "hooks in a folder of the workspace",
    () => {
      hook("post-index-change", "mine")
      config("core.hooksPath=mine")
    },
  ],
  ["a file system monitor", () => config(`core.fsmonitor=${program()}`)],
  ["a clean filter", () => config(`filter.trap.clean=${program()}`)],
  ["a smudge filter", () => config(`filter.trap.smudge=${program()}`)],
  ["a filter process", () => config(`filter.trap.process=${program()}`, "filter.trap.required=true")],
  [
    "a filter named in the repository's own attributes",
    () => {
      put(".git/info/attributes", "* filter=other\n")
      config(`filter.other.clean=${program()}`)
    },
  ],
  ["a diff program", () => config(`diff.external=${program()}`)],
  ["a diff program for a kind of file", () => config(`diff.trap.command=${program()}`)],
  ["a text conversion", () => config(`diff.trap.textconv=${program()}`)],
  ["a merge driver", () => config(`merge.trap.driver=${program()} %A`)],
  ["a pager", () => config(`core.pager=${program()}`, `pager.log=${program()}`, `pager.diff=${program()}`)],
  ["an editor", () => config(`core.editor=${program()}`, `sequence.editor=${program()}`)],
  ["a program that signs", () => config(`gpg.program=${program()}`, "commit.gpgSign=true")],
  [
    "a program that checks signatures",
    () => {
      put("trap.txt", "")
      const body = sh("cat-file commit HEAD").replace(
        /\n\n/,
        "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n aaaa\n -----END PGP SIGNATURE-----\n\n",
      )
      const sha = execFileSync("git", ["hash-object", "-t", "commit", "-w", "--stdin"], {
        cwd: root,
        input: `${body}\n`,
      })
      sh(`update-ref HEAD ${sha.toString().trim()}`)
      config(`gpg.program=${program()}`, "log.showSignature=true")
    },
  ],
  [
    "aliases",
    () => config(`alias.st=!${program()}`, `alias.rev-parse=!${program()}`, `alias.add=!${program()}`),
  ],
  [
    "configuration in a file of the workspace",
    () => {
      put("more.cfg", `[core]\n\tfsmonitor = ${program()}\n`)
      config("include.path=../more.cfg")
    },
  ],
  [
    "configuration for one branch",
    () => {
      put("more.cfg", `[core]\n\tfsmonitor = ${program()}\n`)
      config("includeIf.onbranch:main.path=../more.cfg")
    },
  ],
  [
    "configuration of the work tree",
    () => {
      config("core.repositoryformatversion=1", "extensions.worktreeConfig=true")
      put(".git/config.worktree", `[core]\n\tfsmonitor = ${program()}\n`)
    },
  ],
  ["a repository in the repository", () => nest("inner")],
  [
    "a submodule",
    () => {
      nest("sub")
      sh("-c core.fsmonitor=false add sub 2>/dev/null && git -c core.fsmonitor=false commit -qm sub")
      rmSync(marker(), { force: true })
      put("sub/inner.txt", "changed\n")
    },
  ],
  [
    "a promised object, brought by a program",
    () => promise(`remote.far.url=ext::${caller()}`, "protocol.ext.allow=always"),
  ],
  [
    "a promised object, brought over ssh",
    () => promise("remote.far.url=ssh://localhost/x", `core.sshCommand=${caller()}`),
  ],
  [
    "a promised object, brought by another git",
    () => promise("remote.far.url=.", `remote.far.uploadpack=${caller()}`, "protocol.file.allow=always"),
  ],
  ["a program for credentials", () => config(`credential.helper=!${program()}`, `core.askPass=${program()}`)],
  [
    "a trailer's command",
    () => config("trailer.Aura-Task.key=Aura-Task", `trailer.Aura-Task.command=${program()}`),
  ],
  [
    "a git directory that lies in the workspace",
    () => {
      sh(`config core.fsmonitor ${program()}`)
      execFileSync("mv", [".git", "hidden"], { cwd: root })
      put(".git", "gitdir: hidden\n")
      put(".gitignore", "hidden\n")
    },
    "does not name this folder in return",
  ],
]

/** What a person's git does in a day, until a trap springs. */
function springsPlainly(): boolean {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0" }
  writeFileSync(join(root, "a.txt"), "plain\n")
  return [
    "git status",
    "git add -A",
    "git diff HEAD~0",
    "git commit -m x",
    "git log -p -2",
    "git checkout -f HEAD~1 -- .",
    "git commit --amend",
    "git checkout -q -b side HEAD~1 && echo side >a.txt && git commit -qam side; git merge main",
  ].some((command) => {
    spawnSync("sh", ["-c", command], {
      cwd: root,
      stdio: "ignore",
      env,
      timeout: 2000,
      killSignal: "SIGKILL",
    })
    return isSprung()
  })
}

/** All that Aura does with a repository. */
async function asAura(): Promise<void> {
  const { git } = await openGit(root, home)
  const base = await git.snapshot()
  put("a.txt", "task\n")
  put("dir/c.txt", "c\n")
  const now = await git.snapshot()
  await git.changes(base, now)
  const { sha } = await git.commit(base, now, { except: [], message: "task\n\nAura-Task: t1\n" })
  expect(await git.findCommit("Aura-Task: t1")).toBe(sha)
  put("dir/b.txt", "broken\n")
  put("junk.txt", "junk\n")
  await git.setAside(await git.rebase(base), "t2")
  expect(readFileSync(join(root, "dir/b.txt"), "utf8")).toBe("b\n")
  expect(existsSync(join(root, "junk.txt"))).toBe(false)
  const repository = await openRepository(root, home)
  const patch = await repository?.files(["diff-tree", "-r", "-p", `${sha}^`, sha, "--", "dir/c.txt"])
  await repository?.files(["apply", "--reverse", "-"], { cwd: root, input: `${patch}\n` })
  expect(existsSync(join(root, "dir/c.txt"))).toBe(false)
}

describe("the traps of a repository", () => {
  it.each(traps)("%s does not spring", async (_, set, refusal) => {
    set()
    await asAura().catch((thrown: unknown) => {
      if (refusal !== undefined && String(thrown).includes(refusal)) return
      // An object that is gone stays gone: that it says so is all that can be asked.
      if (!/unable to read|missing|bad object/i.test(String(thrown))) throw thrown
    })
    expect(isSprung()).toBe(false)
  })

  it("work on plain git", () => {
    const sprung = traps.slice(hooks.length - 1).filter(([, set]) => {
      rmSync(place, { recursive: true, force: true, maxRetries: 3 })
      makePlace()
      sh("commit -qm second --allow-empty")
      set()
      return springsPlainly()
    })
    expect(sprung.length).toBeGreaterThanOrEqual(15)
  })

  it("a repository with core.worktree elsewhere is rejected", async () => {
    mkdirSync(join(place, "elsewhere"))
    config(`core.worktree=${join(place, "elsewhere")}`)
    await expect(openGit(root, home)).rejects.toThrow("somewhere else")
  })

  it.each([".gitignore", "dir/.gitattributes"])(
    "a pipe named %s is refused, and not waited for",
    async (name) => {
      const { git } = await openGit(root, home)
      rmSync(join(root, name), { force: true })
      execFileSync("mkfifo", [join(root, name)])
      await expect(git.snapshot()).rejects.toThrow(`${name} is not a plain file`)
      await expect(openGit(root, home)).rejects.toThrow("not a plain file")
    },
  )

  it("files outside are neither removed nor written through a link", async () => {
    mkdirSync(join(place, "outside"))
    writeFileSync(join(place, "outside", "b.txt"), "outside\n")
    writeFileSync(join(place, "outside", "new.txt"), "outside\n")
    const { git } = await openGit(root, home)
    const base = await git.snapshot()
    rmSync(join(root, "dir"), { recursive: true })
    symlinkSync(join(place, "outside"), join(root, "dir"))
    await expect(git.restore(base, ["dir/new.txt"])).rejects.toThrow("outside")
    await git.restore(base, ["dir/b.txt"])
    expect(readFileSync(join(place, "outside", "b.txt"), "utf8")).toBe("outside\n")
    expect(existsSync(join(place, "outside", "new.txt"))).toBe(true)
  })

  it("what an index or a replaced object hides is seen all the same", async () => {
    const { git } = await openGit(root, home)
    const base = await git.snapshot()
    sh("update-index --assume-unchanged a.txt && git update-index --skip-worktree dir/b.txt")
    put("a.txt", "hidden\n")
    put("dir/b.txt", "hidden\n")
    const tree = sh("rev-parse HEAD^{tree}")
    const other = sh("commit-tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904 -m other")
    sh(`replace HEAD ${other}`)
    expect(await git.headTree()).toBe(tree)
    const changes = await git.changes(base, await git.snapshot())
    expect(changes.map(({ path }) => path)).toEqual(["a.txt", "dir/b.txt"])
  })

  it("repositories inside are left as they are, with a commit or without", async () => {
    const { git } = await openGit(root, home)
    const base = await git.snapshot()
    nest("inner")
    mkdirSync(join(root, "empty"))
    sh("init -q", join(root, "empty"))
    put("c.txt", "c\n")
    const now = await git.snapshot()
    expect((await git.changes(base, now)).map(({ path }) => path)).toEqual(["c.txt", "trap.sh"])
    expect(await createGit((await openRepository(root, home)) ?? expect.fail()).snapshot()).toBe(now)
    await git.setAside(base, "t")
    expect(readFileSync(join(root, "inner/inner.txt"), "utf8")).toBe("inner\n")
    expect(existsSync(join(root, "empty/.git"))).toBe(true)
  })

  it("files that change while git reads them cause no failure", async () => {
    const { git } = await openGit(root, home)
    const busy = spawn("sh", ["-c", "while :; do for i in 1 2 3 4 5 6 7 8; do : >x$i; rm x$i; done; done"], {
      cwd: root,
    })
    try {
      for (let i = 0; i < 40; i++) await git.snapshot()
    } finally {
      busy.kill("SIGKILL")
    }
  })

  it("a split index is updated after a commit like any other", async () => {
    sh("update-index --split-index")
    const { git } = await openGit(root, home)
    const base = await git.snapshot()
    put("a.txt", "task\n")
    await git.commit(base, await git.snapshot(), { except: [], message: "t" })
    expect(sh("status --porcelain")).toBe("")
  })

  it("a truncated index costs one more attempt", async () => {
    const { git } = await openGit(root, home)
    const before = await git.snapshot()
    const own = execFileSync("sh", ["-c", `ls ${home}`], { encoding: "utf8" }).trim()
    writeFileSync(join(home, own, "index"), "DIRC")
    writeFileSync(join(home, own, "index.lock"), "")
    expect(await git.snapshot()).toBe(before)
  })
})
