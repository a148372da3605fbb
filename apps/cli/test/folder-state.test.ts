/** A folder in no state to be worked in is refused with exit code 2 and a sentence, and nothing in it is changed. */
import { execFileSync } from "node:child_process"
import { chownSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { call, play, runArgs, setUp, work } from "./_processes.ts"

/** Every file below a folder with its content, and every folder. */
function contents(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .toSorted()
    .map((name) => {
      const place = join(folder, name)
      return lstatSync(place).isFile() ? `${name}: ${readFileSync(place, "base64")}` : name
    })
}

const repository = `git init -q -b main; git config user.name Ada; git config user.email ada@example.org
  echo a > a.txt; git add .; git commit -qm first; echo mine >> a.txt; echo secret > private.txt
  echo private.txt >> .git/info/exclude`

describe("aura run in a folder", () => {
  it.each([
    ["a broken .git/config", "echo '[core' >> .git/config", /bad config/],
    [
      "an unknown extension",
      "git config core.repositoryformatversion 1; git config extensions.odd true",
      /extension/,
    ],
    ["an empty HEAD", ": > .git/HEAD", /git/],
    ["a merge in progress", "git rev-parse HEAD > .git/MERGE_HEAD", /in the middle of a merge/],
    ["a bisect in progress", "git bisect start -q; touch .git/BISECT_LOG", /bisect/],
    ["a detached HEAD", "git checkout -q --detach", /git switch -c/],
    [
      "a .git file that points nowhere",
      "rm -rf .git; echo 'gitdir: /nowhere/at/all' > .git",
      /points to \/nowhere/,
    ],
    ["a .git file that says nothing", "rm -rf .git; echo nonsense > .git", /does not name a repository/],
  ])("with %s", async (_, make, says) => {
    const aura = await setUp()
    const ws = join(aura.root, "ws")
    execFileSync("sh", ["-ec", `${repository}\n${make}`], { cwd: ws, stdio: "pipe" })
    const before = contents(ws)
    const { code, stderr } = await aura.start(...runArgs).ended
    expect(stderr).toMatch(says)
    expect(stderr).not.toContain("bug of its own")
    expect(code).toBe(2)
    expect(contents(ws)).toEqual(before)
  })

  it.runIf(process.getuid?.() === 0)("whose repository belongs to somebody else", async () => {
    const aura = await setUp()
    const ws = join(aura.root, "ws")
    execFileSync("sh", ["-ec", repository], { cwd: ws, stdio: "pipe" })
    for (const place of [ws, join(ws, ".git")]) chownSync(place, 12345, 12345)
    const before = contents(ws)
    const { code, stderr } = await aura.start(...runArgs).ended
    expect(stderr).toContain("safe.directory")
    expect(code).toBe(2)
    expect(contents(ws)).toEqual(before)
  })
})

describe("aura run while", () => {
  const waits = (until: string) => ({
    scenes: play.scenes.map((scene) =>
      scene.when.task === "Two"
        ? work(
            "Two",
            call("run_command", {
              command: `mkdir -p node_modules; touch node_modules/again; ${until}`,
            }),
            call("write_file", { path: "two.txt", content: "2" }),
          )
        : scene,
    ),
  })

  it("its folder is removed ends with a sentence and exit code 2, and makes no other in its place", async () => {
    const aura = await setUp(waits("while test -e node_modules/again; do sleep 0.1; done"))
    const run = aura.start(...runArgs)
    await aura.begun()
    rmSync(join(aura.root, "ws"), { recursive: true })
    const { code, stderr } = await run.ended
    expect(stderr).toMatch(/is gone|does not exist|was replaced|no folder/i)
    expect(stderr).not.toContain("bug of its own")
    expect(code).toBe(2)
    expect(existsSync(join(aura.root, "ws"))).toBe(false)
  })

  it("its .git is removed ends with a sentence and exit code 2, and makes no new one", async () => {
    const aura = await setUp(waits("until test -e node_modules/go; do sleep 0.1; done"))
    const ws = join(aura.root, "ws")
    const run = aura.start(...runArgs)
    await aura.begun()
    rmSync(join(ws, ".git"), { recursive: true })
    writeFileSync(join(ws, "node_modules", "go"), "")
    const { code, stderr } = await run.ended
    expect(stderr).toMatch(/\.git/)
    expect(stderr).not.toContain("bug of its own")
    expect(code).toBe(2)
    expect(existsSync(join(ws, ".git"))).toBe(false)
  })
})
