/** What the work changes has to show in a check, what failed before does not count, and what was proven stays proven. */
import { execFileSync } from "node:child_process"
import { expect, it } from "vitest"
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

const ends = { calls: [call("task_blocked", { reason: "It cannot be proven." })] }
const identity = "-c user.name=Ada -c user.email=ada@example.org"

/** A folder with a repository and files in it. */
function start(app: TestApp, files: Record<string, string>) {
  const script = Object.entries(files)
    .map(([path, text]) => `mkdir -p "$(dirname ${path})" && printf '%s' '${text}' > ${path}`)
    .join("\n")
  execFileSync(
    "sh",
    ["-ec", `git init -q -b main\n${script}\ngit add -A\ngit ${identity} commit -qm first`],
    {
      cwd: app.workspace,
    },
  )
}

const answersOf = async (app: TestApp, p: string, t: string) => {
  const { entries } = await app.client.call("getTaskOutput", { params: { p, t } })
  return entries
    .flatMap((entry) => (entry.kind === "tool" && entry.name === "task_done" ? [entry.output] : []))
    .join("\n")
}

async function ran(app: TestApp, input: Parameters<TestApp["createProject"]>[0] = {}) {
  const project = await app.createProject(input)
  await app.runAll(project)
  const params = { p: project.id }
  const { items } = await app.client.call("listTasks", { params, query: {} })
  const { loop } = await app.client.call("getLoop", { params })
  return { project, items, loop, answers: await answersOf(app, project.id, items[0]?.id ?? "") }
}

const add = "exports.add = (a, b) => a + b\n"
const addTest = `const { test } = require("node:test")\nconst assert = require("node:assert")\ntest("adds", () => assert.equal(require("./math.js").add(1, 2), 3))\n`
const repository = { "math.js": add, "math.test.js": addTest }

it("does not believe checks that pass without the work as well", async () => {
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene({ title: "Subtract", checks: ["node --test"] }),
      work("Subtract", [{ calls: [write("notes.txt", "subtracts now")] }, done(), ends]),
    ),
  )
  start(app, repository)
  const { items, answers } = await ran(app)
  expect(items[0]?.status).toBe("blocked")
  expect(answers).toContain("these pass without your change as well")
})

it("believes a new test of new behaviour, and a refactoring that says it is one", async () => {
  const subtract = `${add}exports.subtract = (a, b) => a - b\n`
  const test = `${addTest}test("subtracts", () => assert.equal(require("./math.js").subtract(3, 2), 1))\n`
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene(
        { title: "Subtract", checks: ["node --test"] },
        { title: "Tidy", checks: ["node --test"], depends_on: ["Subtract"] },
      ),
      work(
        "Subtract",
        [
          call("read_file", { path: "math.js" }),
          call("read_file", { path: "math.test.js" }),
          write("math.js", subtract),
          write("math.test.js", test),
        ]
          .map((one) => ({ calls: [one] }))
          .concat([done()]),
      ),
      work("Tidy", [
        { calls: [call("run_command", { command: "sed -i 's/(a, b) => a - b/(x, y) => x - y/' math.js" })] },
        done({ keeps_behaviour: "It only renames parameters." }),
      ]),
    ),
  )
  start(app, repository)
  const { items, loop } = await ran(app)
  expect(items.map(({ status }) => status)).toEqual(["done", "done"])
  expect(items[1]?.evidence).toMatchObject({
    keepsBehaviour: "It only renames parameters.",
    requirements: {},
  })
  expect(loop).toMatchObject({ outcome: "done" })
})

it("does not count what failed before the task against it", async () => {
  const broken = `const { test } = require("node:test")\ntest("is broken for long", () => { throw new Error("no") })\n`
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene({ title: "Write a", checks: ["grep -q a a.txt"] }),
      work("Write a", [{ calls: [write("a.txt", "a\n")] }, done()]),
    ),
  )
  start(app, { ...repository, "old.test.js": broken })
  const { items } = await ran(app, { testCommand: "node --test" })
  expect(items[0]?.status).toBe("done")
  expect(items[0]?.evidence?.checks).toContainEqual(
    expect.objectContaining({ command: "node --test", passed: false, failedBefore: true }),
  )
})

it("counts a new failure in a command that failed before", async () => {
  const broken = `const { test } = require("node:test")\ntest("is broken for long", () => { throw new Error("no") })\n`
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene({ title: "Write a", checks: ["grep -q a a.txt"] }),
      work("Write a", [
        {
          calls: [
            write("a.txt", "a\n"),
            call("run_command", { command: "echo 'exports.add = () => 0' > math.js" }),
          ],
        },
        done(),
        ends,
      ]),
    ),
  )
  start(app, { ...repository, "old.test.js": broken })
  const { items, answers } = await ran(app, { testCommand: "node --test" })
  expect(items[0]?.status).toBe("blocked")
  expect(answers).toContain("It failed before the task began as well. New since then: adds")
})

it("refuses work that breaks what proved an earlier task", async () => {
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene(
        { title: "One", checks: ["grep -q one list.txt"] },
        { title: "Two", checks: ["grep -q two list.txt"], depends_on: ["One"] },
      ),
      work("One", [{ calls: [write("list.txt", "one\n")] }, done()]),
      work("Two", [
        { calls: [call("run_command", { command: "echo two > list.txt" })] },
        done(),
        {
          expect: { contains: 'the earlier task "One" fails' },
          calls: [call("run_command", { command: "echo one >> list.txt" })],
        },
        done(),
      ]),
    ),
  )
  const { items, loop } = await ran(app)
  expect(items.map(({ status }) => status)).toEqual(["done", "done"])
  expect(loop).toMatchObject({ outcome: "done" })
})

it("reopens at the end what later work broke without touching its files", async () => {
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene(
        { title: "One", checks: ["test -e one.txt && test ! -e stop.txt"] },
        { title: "Two", checks: ["test -e two.txt"], depends_on: ["One"] },
      ),
      work("One", [{ calls: [call("run_command", { command: "touch one.txt; rm -f stop.txt" })] }, done()]),
      work("Two", [{ calls: [call("run_command", { command: "touch two.txt stop.txt" })] }, done()]),
    ),
  )
  const { items, loop } = await ran(app)
  expect(loop).toMatchObject({ outcome: "done" })
  expect(items.map(({ status }) => status)).toEqual(["done", "done"])
  expect(items[0]?.earlier).toMatchObject([{ reason: expect.stringContaining("What proved it fails now") }])
  expect(app.git("ls-tree", "--name-only", "HEAD").split("\n")).toEqual(["one.txt", "two.txt"])
})
