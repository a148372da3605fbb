/** Checks pass on files that no commit holds: the agent hears of them at task_done, and people once they are meant so. */
import { execFileSync } from "node:child_process"
import { describe, expect, it } from "vitest"
import {
  call,
  done,
  screenplayOf,
  specsScene,
  type TestApp,
  tasksScene,
  testApp,
  work,
  write,
} from "./_app.ts"

const run = (command: string) => call("run_command", { command })
const identity = "-c user.name=Ada -c user.email=ada@example.org"

/** The agent writes, is refused at task_done with some words, does what is told, and ends. */
async function refused(of: {
  before?: (app: TestApp) => void
  writes: object[]
  says: string
  then: object[]
  end?: Record<string, unknown>
  check?: string
}) {
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene({ title: "Make it", checks: [of.check ?? 'test -n "$(git status --porcelain)"'] }),
      work("Make it", [
        { calls: of.writes },
        done(),
        ...(of.then.length > 0
          ? [{ expect: { contains: of.says }, calls: of.then }, done(of.end)]
          : [{ ...done(of.end), expect: { contains: of.says } }]),
      ]),
    ),
  )
  of.before?.(app)
  const project = await app.createProject()
  await app.runAll(project)
  const params = { p: project.id }
  const { items } = await app.client.call("listTasks", { params, query: {} })
  const { entries } = await app.client.call("getTaskOutput", { params: { ...params, t: items[0]?.id ?? "" } })
  const answers = entries.flatMap((entry) =>
    entry.kind === "tool" && entry.name === "task_done" ? [entry.output] : [],
  )
  const notes = entries.flatMap((entry) => (entry.kind === "note" ? [entry.text] : []))
  return {
    app,
    task: items[0],
    answers,
    notes,
    tree: () => app.git("ls-tree", "-r", "--name-only", "HEAD").split("\n"),
  }
}

function inRepository(...commands: string[]) {
  return (app: TestApp) => {
    const all = [
      "git init -q -b main",
      ...commands,
      `git add -A && git ${identity} commit -q --allow-empty -m first`,
    ]
    execFileSync("sh", ["-ec", all.join("\n")], { cwd: app.workspace })
  }
}

describe("a file that git ignores", () => {
  it("is told with file and line, and is committed once it is un-ignored", async () => {
    const { task, answers, tree } = await refused({
      before: inRepository("printf '# python\\nlib/\\n' > .gitignore"),
      writes: [write("lib/core.py", "x = 1\n"), write("main.py", "import lib.core\n")],
      says: "line 2 of .gitignore",
      then: [write(".gitignore", "# python\nlib/\n!/lib/\n")],
    })
    expect(answers[0]).toMatch(/"lib\/", ignores it.*"!\/lib\/"/)
    expect(task).toMatchObject({ status: "done" })
    expect(task?.evidence?.uncommitted).toBeUndefined()
    expect(tree()).toContain("lib/core.py")
  })

  it("by Aura's own usual ignores is told too, which are few", async () => {
    const { task, answers, tree } = await refused({
      writes: [write("keys/table.key", "a b\n"), write(".env.local", "MODE=test\n"), write("a.txt", "a")],
      says: ".git/info/exclude",
      then: [call("delete_file", { path: ".env.local" })],
    })
    expect(answers[0]).toMatch(/- \.env\.local: line 3 of \.git\/info\/exclude, "\.env\.local"/)
    expect(answers[0]).not.toContain("table.key")
    expect(task?.status).toBe("done")
    expect(tree()).toEqual(["a.txt", "keys/table.key"])
  })

  it("by the person's global excludes is told although nothing else has changed, and no empty commit is made", async () => {
    const { task, answers, tree } = await refused({
      before: inRepository("echo '*' > ../excludes", 'git config core.excludesFile "$PWD/../excludes"'),
      writes: [write("a.txt", "a")],
      says: "/excludes",
      then: [write(".gitignore", "!*\n")],
    })
    expect(answers[0]).toContain("a.txt")
    expect(task?.status).toBe("done")
    expect(tree()).toEqual([".gitignore", "a.txt"])
  })

  it("that is meant to stay out is told to the person, in a note and in the evidence", async () => {
    const { task, notes, tree } = await refused({
      before: inRepository("printf 'local/\\n' > .gitignore"),
      writes: [run("mkdir local && echo 1 > local/port && echo 2 > local/host"), write("a.txt", "a")],
      says: "local/port",
      then: [],
      end: { left_out: ["local"] },
    })
    expect(task?.evidence?.uncommitted).toEqual(["local/host", "local/port"])
    expect(notes.join()).toContain("local/host, local/port")
    expect(tree()).toEqual([".gitignore", "a.txt"])
  })

  it("and was there before, or can be made again, is not asked about; one a file tool wrote there is", async () => {
    const { task, answers } = await refused({
      before: inRepository(
        "printf 'dist/\\nnode_modules\\n.env\\n*.log\\n' > .gitignore",
        "echo KEY=1 > .env",
      ),
      writes: [
        run(
          "mkdir -p dist node_modules/x && echo 1 > dist/made.js && echo 1 > node_modules/x/i.js && echo 1 > a.log",
        ),
        write("dist/hand.js", "1"),
        write("a.txt", "a"),
      ],
      says: "dist/hand.js",
      then: [call("delete_file", { path: "dist/hand.js" })],
    })
    expect(answers[0]).not.toMatch(/made|node_modules|\.env|a\.log/)
    expect(task?.status).toBe("done")
  })
})

describe("a repository inside the repository", () => {
  it.each([
    ["with a commit", `git init -q app && cd app && echo 1 > f && git add f && git ${identity} commit -qm 1`],
    ["without a commit", "git init -q app && echo 1 > app/f"],
    [
      "deep in a new folder",
      "mkdir -p packages/web && git init -q packages/web/app && echo 1 > packages/web/app/f",
    ],
  ])("that a task made %s is told, and its files are committed once its .git is removed", async (_, make) => {
    const { task, answers, tree } = await refused({
      writes: [run(make), write("a.txt", "a")],
      says: "a git repository of its own, made during this task",
      then: [run("rm -rf app/.git packages/web/app/.git")],
    })
    expect(answers[0]).toContain("app/.git")
    expect(task?.status).toBe("done")
    expect(tree().some((path) => path.endsWith("app/f"))).toBe(true)
  })

  it("that is the person's is told when a task writes in it, and not otherwise", async () => {
    const before = (app: TestApp) => {
      inRepository()(app)
      execFileSync("sh", ["-ec", "git init -q theirs; echo 1 > theirs/f; git init -q other"], {
        cwd: app.workspace,
      })
    }
    const { task, answers } = await refused({
      before,
      writes: [write("theirs/g", "2"), write("a.txt", "a")],
      says: "which was there before this task",
      then: [call("delete_file", { path: "theirs/g" })],
    })
    expect(answers[0]).not.toContain("rm -rf")
    expect(answers[0]).not.toContain("- other/")
    expect(task?.status).toBe("done")
  })

  it("that is a submodule is told when a task writes in it", async () => {
    const { task, tree } = await refused({
      before: (app) =>
        execFileSync(
          "sh",
          [
            "-ec",
            `git init -q -b main; git init -q ../part; cd ../part; echo 1 > f; git add f; git ${identity} commit -qm 1; cd -
            git -c protocol.file.allow=always submodule --quiet add "$PWD/../part" part; git ${identity} commit -qm first`,
          ],
          { cwd: app.workspace, stdio: "pipe" },
        ),
      writes: [write("part/f", "2\n"), write("a.txt", "a")],
      says: "part/: it is a submodule",
      check: "test -s a.txt",
      then: [],
      end: { left_out: ["part/"] },
    })
    expect(task?.evidence?.uncommitted).toEqual(["part/"])
    expect(tree()).toContain("a.txt")
  })
})

describe("a file that a filter is named for", () => {
  const before = inRepository(
    "echo '*.bin filter=lfs diff=lfs merge=lfs -text' > .gitattributes",
    "echo 'version https://git-lfs.github.com/spec/v1' > old.bin",
  )

  it("is refused to the file tools with the reason, and not committed raw", async () => {
    const { task, app, tree } = await refused({
      before: (one) => {
        before(one)
        one.write("old.bin", "the large content")
      },
      writes: [write("old.bin", "x"), run("echo raw > new.bin"), write("a.txt", "a")],
      says: "for new.bin",
      then: [run("mv new.bin new.dat")],
    })
    expect(task?.status).toBe("done")
    expect(tree()).toEqual([".gitattributes", "a.txt", "new.dat", "old.bin"])
    expect(app.git("cat-file", "blob", "HEAD:old.bin")).toContain("git-lfs")
    const { entries } = await app.client.call("getTaskOutput", {
      params: { p: task?.projectId ?? "", t: task?.id ?? "" },
    })
    const answer = entries.find((entry) => entry.kind === "tool" && entry.name === "write_file")
    expect(answer).toMatchObject({ isError: true, output: expect.stringContaining('the filter "lfs"') })
  })
})
