/** What a command cannot do to its sandbox by what it leaves in the workspace. */
import { execFileSync } from "node:child_process"
import {
  existsSync,
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
import { findSandbox } from "../sandbox/sandbox.ts"
import { type Custody, createCustody } from "./custody.ts"

const sandbox = await findSandbox(false)
const canary = "canary-4417"
let base = ""
let root = ""
let custody: Custody
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "aura-guarded-")))
  root = join(base, "ws")
  mkdirSync(root)
  mkdirSync(join(base, "other"))
  writeFileSync(join(base, "other", "secret.txt"), canary)
  execFileSync("git", ["init", "-q"], { cwd: join(base, "other") })
  custody = createCustody({ sandbox, dataDir: join(base, "data") })
  onTestFinished(() => {
    custody.close()
    rmSync(base, { recursive: true, force: true })
  })
})

const run = (command: string, folder = root) =>
  custody.run(
    command,
    { root: folder, cwd: folder },
    { timeoutMs: 20_000, signal: new AbortController().signal },
  )
/** Whatever a refusal is: nothing of the other folder is seen. */
const look = async (folder = root) =>
  await run(`cat ${join(base, "other", "secret.txt")}`, folder).then(
    ({ output }) => output,
    (cause: unknown) => String(cause),
  )

const plants: [string, (other: string) => string][] = [
  ["a pointer to the root of the file system", () => "echo 'gitdir: /' > .git"],
  ["a pointer to another repository", (other) => `echo 'gitdir: ${other}/.git' > .git`],
  ["a relative pointer", () => "echo 'gitdir: ../other/.git' > .git"],
  ["a link", (other) => `ln -s ${other} .git`],
  ["a pipe", () => "mkfifo .git"],
  ["a repository", () => "git init -q"],
  ["a folder with a pointer in it", (other) => `mkdir -p .git && echo '${other}/.git' > .git/commondir`],
]

describe("a folder without a repository", () => {
  it.each(plants)("cannot be given %s by a command", async (_, plant) => {
    const first = await run(plant(join(base, "other")))
    expect(first.exitCode, first.output).not.toBe(0)
    expect(await look()).not.toContain(canary)
    expect(existsSync(join(root, ".git"))).toBe(false)
    expect((await run("echo works > made.txt")).exitCode).toBe(0)
    expect(readdirSync(root)).toEqual(["made.txt"])
  })

  it.each(plants)("opens nothing when it has been given %s by somebody", async (_, plant) => {
    execFileSync("/bin/sh", ["-c", plant(join(base, "other"))], { cwd: root })
    expect(await look()).not.toContain(canary)
  })

  it("is guarded in the same way inside a repository", async () => {
    execFileSync("git", ["init", "-q"], { cwd: base })
    const { exitCode } = await run("echo 'gitdir: /' > .git")
    expect(exitCode).not.toBe(0)
    expect(await look()).not.toContain(canary)
  })

  it("can get one from the person between two commands", async () => {
    await run("true")
    execFileSync("git", ["init", "-q"], { cwd: root })
    expect((await run("git status --porcelain")).exitCode).toBe(0)
    expect((await run("echo x > .git/config")).exitCode).not.toBe(0)
  })
})

describe("a folder in which another project works", () => {
  it("cannot be replaced by a link", async () => {
    const inner = join(root, "deep", "inner")
    mkdirSync(inner, { recursive: true })
    expect((await run("true", inner)).exitCode).toBe(0)
    const swap = await run(`mv deep away && ln -s ${base} deep && mkdir -p ${base}/inner; ls -l`)
    expect(swap.output).toContain("deep -> ")
    mkdirSync(join(base, "inner"), { recursive: true })
    await expect(run("touch escaped", inner)).rejects.toThrow("was replaced by a link")
    expect(existsSync(join(base, "inner", "escaped"))).toBe(false)
    expect(existsSync(join(base, "inner", ".git"))).toBe(false)
  })
})

describe("the temporary folder of a command", () => {
  // Where the workspace lies in the system's one, it is mounted in it.
  const first = () => base.split("/").slice(0, 3).join("/")

  it.runIf(tmpdir().startsWith("/tmp"))("keeps the folders in which the workspace is mounted", async () => {
    const { exitCode } = await run(`mv ${first()} /tmp/moved && ln -s ${base}/other ${first()}`)
    expect(exitCode).not.toBe(0)
    expect((await run("pwd")).output.trim()).toBe(root)
  })

  it.runIf(tmpdir().startsWith("/tmp"))(
    "makes nothing elsewhere through a link that lies in it",
    async () => {
      await run("true")
      const scratch = join(
        base,
        "data",
        "scratch",
        readdirSync(join(base, "data", "scratch"))[0] ?? "",
        "tmp",
      )
      const inside = join(scratch, first().slice("/tmp/".length))
      rmSync(inside, { recursive: true })
      mkdirSync(join(base, "target"))
      symlinkSync(join(base, "target"), inside)
      expect((await run("pwd")).output.trim()).toBe(root)
      expect(readdirSync(join(base, "target"))).toEqual([])
    },
  )
})

describe("a folder with a repository", () => {
  beforeEach(() => {
    execFileSync("git", ["init", "-q"], { cwd: root })
  })

  it.each([
    ["moved away", "mv .git away"],
    ["removed", "rm -rf .git"],
    ["replaced by a pointer", "rm -rf .git; echo 'gitdir: /' > .git"],
    ["covered by a link", "ln -sfn / .git"],
    ["written into", "echo x > .git/hooks/post-commit"],
  ])("cannot have it %s by a command", async (_, command) => {
    await run(command)
    expect(readFileSync(join(root, ".git", "HEAD"), "utf8")).toContain("ref: ")
    expect(existsSync(join(root, ".git", "hooks", "post-commit"))).toBe(false)
    expect(await look()).not.toContain(canary)
  })

  it.each([
    ["a link", () => symlinkSync(join(base, "other", ".git"), join(root, ".git"))],
    ["another repository", () => execFileSync("git", ["init", "-q"], { cwd: root })],
    ["nothing", () => undefined],
  ])("refuses further commands when it is replaced by %s while one runs", async (_, replace) => {
    const abort = new AbortController()
    const started = Promise.withResolvers<void>()
    const first = custody.run(
      "echo started; sleep 60",
      { root, cwd: root },
      { timeoutMs: 60_000, signal: abort.signal, onOutput: () => started.resolve() },
    )
    await started.promise
    renameSync(join(root, ".git"), join(base, "away"))
    replace()
    await expect(run("true")).rejects.toThrow(/is a link|was replaced/)
    abort.abort()
    await first
  })
})

describe("a linked worktree", () => {
  it("keeps its repository read-only, and git works in it", async () => {
    const main = join(base, "main")
    mkdirSync(main)
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@b", ...args], { cwd: main })
    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "first")
    git("worktree", "add", "-q", join(base, "linked"))
    const linked = join(base, "linked")
    expect(await run("git log --format=%s", linked)).toMatchObject({ exitCode: 0, output: "first\n" })
    expect((await run(`echo x > ${main}/.git/config`, linked)).exitCode).not.toBe(0)
    expect((await run("echo 'gitdir: /' > .git", linked)).exitCode).not.toBe(0)
    expect(await look(linked)).not.toContain(canary)
  })
})
