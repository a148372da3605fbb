/** Checks prove what is committed: nothing that lies beside it, and nothing that a check makes of it. */
import { expect, it } from "vitest"
import { call, done, screenplayOf, specsScene, tasksScene, testApp, work, write } from "./_app.ts"

const ends = { calls: [call("task_blocked", { reason: "It cannot be proven." })] }

/** An agent that writes, says done, and gives up when it is not believed. */
async function tried(of: {
  checks: string[]
  calls: object[]
  done?: Record<string, unknown>
  build?: string
}) {
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene({ title: "Make it", checks: of.checks }),
      work("Make it", [{ calls: of.calls }, done(of.done), ends]),
    ),
  )
  const project = await app.createProject(of.build === undefined ? {} : { buildCommand: of.build })
  await app.runAll(project)
  const params = { p: project.id }
  const { items } = await app.client.call("listTasks", { params, query: {} })
  const { entries } = await app.client.call("getTaskOutput", { params: { ...params, t: items[0]?.id ?? "" } })
  const answers = entries.flatMap((entry) =>
    entry.kind === "tool" && entry.name === "task_done" ? [entry.output] : [],
  )
  return { app, task: items[0], answer: answers.join("\n") }
}

const program = write("main.js", 'console.log(require("./lib/words.js"))\n')

it("does not believe a check that leans on a file git ignores", async () => {
  const { task, answer } = await tried({
    checks: ["node main.js | grep -q hello"],
    calls: [write(".gitignore", "lib/\n"), write("lib/words.js", 'module.exports = "hello"\n'), program],
    done: { left_out: ["lib/"] },
  })
  expect(task?.status).toBe("blocked")
  expect(answer).toContain("no ignored files")
})

it("does not believe checks that swap a good and a bad file between them", async () => {
  const { task } = await tried({
    checks: [
      "grep -q good value.txt || cp good.txt value.txt && grep -q good value.txt",
      "grep -q good value.txt",
      "cp bad.txt value.txt && grep -q bad value.txt",
    ],
    calls: [write("good.txt", "good\n"), write("bad.txt", "bad\n"), write("value.txt", "bad\n")],
  })
  expect(task?.status).toBe("blocked")
})

it.each([
  ["and leaves it", "sed -i s/wrong/right/ value.txt && grep -q right value.txt"],
  [
    "and puts it back",
    "cp value.txt /tmp/v && sed -i s/wrong/right/ value.txt && grep -q right value.txt && cp /tmp/v value.txt",
  ],
])("does not believe a check that repairs a committed file %s", async (_, check) => {
  const { task, answer } = await tried({ checks: [check], calls: [write("value.txt", "wrong\n")] })
  expect(task?.status).toBe("blocked")
  expect(answer).toContain("writes files that are committed (value.txt)")
})

it("does not believe a check that needs a server which an earlier command left behind", async () => {
  const server = `require("net").createServer((s) => s.end("hi")).listen(8123)`
  const { task } = await tried({
    checks: [
      `node -e 'require("net").connect(8123).on("error", () => process.exit(1)).on("data", () => process.exit(0))'`,
    ],
    calls: [
      write("server.js", server),
      call("run_command", { command: "nohup setsid node server.js >/dev/null 2>&1 & sleep 0.3" }),
    ],
  })
  expect(task?.status).toBe("blocked")
})

it("does not believe a check that leans on what a command left in /tmp or in the home directory", async () => {
  const { task } = await tried({
    checks: ["cat /tmp/answer ~/answer"],
    calls: [write("a.txt", "a"), call("run_command", { command: "echo 42 | tee /tmp/answer > ~/answer" })],
  })
  expect(task?.status).toBe("blocked")
})

it("leaves the folder as the agent left it, whatever a check writes", async () => {
  const { app, task } = await tried({
    checks: ["echo x >> notes.log; grep -q a a.txt && mkdir -p out && echo y > out/made.txt"],
    calls: [write("a.txt", "a\n"), write("notes.log", "begun\n")],
  })
  expect(task).toMatchObject({ status: "done" })
  expect(app.git("status", "--porcelain")).toBe("")
  expect(app.git("show", "HEAD:notes.log")).toBe("begun")
})

it("gives checks what the build makes, and commits what the build was run on", async () => {
  const { app, task } = await tried({
    build: "mkdir -p dist && cp main.txt dist/",
    checks: ["grep -q a dist/main.txt && echo broken > dist/main.txt", "grep -q a dist/main.txt"],
    calls: [write(".gitignore", "dist/\n"), write("main.txt", "a\n")],
  })
  expect(task).toMatchObject({ status: "done" })
  expect(task?.evidence?.treeHash).toBe(app.git("rev-parse", "HEAD^{tree}"))
})

it("tries a check that writes committed files again on what the build made", async () => {
  const { task } = await tried({
    build: "mkdir -p dist && cp main.txt dist/",
    checks: ["echo x >> notes.log; grep -q a dist/main.txt", "grep -q a dist/main.txt"],
    calls: [write(".gitignore", "dist/\n"), write("main.txt", "a\n"), write("notes.log", "begun\n")],
  })
  expect(task).toMatchObject({ status: "done" })
})
