/** What stands on the branch decides: a done task whose commit is gone is not done. */
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { done, screenplayOf, specsScene, type TestApp, tasksScene, testApp, work, write } from "./_app.ts"
import { findBarriers, shoot, signIn, useBrowser } from "./_browser.ts"

const held = useBrowser()

async function finished(): Promise<{ app: TestApp; p: string; list(): Promise<[string, string][]> }> {
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene(
        { title: "Make a", checks: ["test -s a.txt"], requirements: ["R1"] },
        { title: "Make b", depends_on: ["Make a"], checks: ["test -s b.txt"], requirements: ["R2"] },
      ),
      work("Make a", [{ calls: [write("a.txt", "a\n")] }, done()]),
      work("Make b", [{ calls: [write("b.txt", "b\n")] }, done()]),
    ),
  )
  const { id: p } = await app.createProject()
  await app.runAll(await app.client.call("getProject", { params: { p } }))
  const list = async () => {
    const { items } = await app.client.call("listTasks", { params: { p }, query: {} })
    return items.map((task): [string, string] => [task.title, task.status])
  }
  expect(await list()).toEqual([
    ["Make a", "done"],
    ["Make b", "done"],
  ])
  return { app, p, list }
}

const bothDone = [
  ["Make a", "done"],
  ["Make b", "done"],
]
const bMissing = [
  ["Make a", "done"],
  ["Make b", "blocked"],
]

async function taskB(app: TestApp, p: string) {
  const { items } = await app.client.call("listTasks", { params: { p }, query: {} })
  return items[1] ?? expect.fail("There is no second task.")
}

describe("a task whose commit was taken off the branch", () => {
  it("is blocked, says so under Needs you, and the loop does not end as done", async () => {
    const { app, p, list } = await finished()
    const { evidence, commit } = await taskB(app, p)
    app.git("reset", "-q", "--hard", "HEAD~1")
    await app.client.call("startLoop", { params: { p }, body: {} })
    await app.idle()
    expect(await list()).toEqual(bMissing)
    const task = await taskB(app, p)
    expect(task).toMatchObject({ evidence, commit, missingCommit: { branch: "main" } })
    expect(task.failure).toContain("no longer on main")
    const { loop } = await app.client.call("getLoop", { params: { p } })
    expect(loop).toMatchObject({ outcome: "failed" })
    const { items } = await app.client.call("listAttention", {})
    expect(items).toMatchObject([{ taskId: task.id, kind: "blocked", isCommitMissing: true }])
  })

  it.each([
    ["a reset", (app: TestApp) => app.git("reset", "-q", "--hard", "HEAD~1")],
    ["another branch", (app: TestApp) => app.git("switch", "-q", "-c", "other", "HEAD~1")],
    [
      "a history that went another way",
      (app: TestApp) => {
        app.git("reset", "-q", "--hard", "HEAD~1")
        app.git("commit", "-q", "--allow-empty", "-m", "mine")
      },
    ],
  ])("is noticed after %s, when it is asked for and at the next start", async (_, take) => {
    const { app, p, list } = await finished()
    take(app)
    const { items } = await app.client.call("checkCommits", { params: { p } })
    expect(items.map((task) => task.title)).toEqual(["Make b"])
    expect(await list()).toEqual(bMissing)
    await app.restart()
    expect(await list()).toEqual(bMissing)
  })

  it("is done again by itself once the commit is back on the branch", async () => {
    const { app, p, list } = await finished()
    app.git("switch", "-q", "-c", "other", "HEAD~1")
    await app.client.call("checkCommits", { params: { p } })
    app.git("switch", "-q", "main")
    expect((await app.client.call("checkCommits", { params: { p } })).items).toEqual([])
    expect(await list()).toEqual(bothDone)
  })

  it("is brought back with its files, its evidence and its commit", async () => {
    const { app, p, list } = await finished()
    const before = await taskB(app, p)
    app.git("reset", "-q", "--hard", "HEAD~1")
    await app.client.call("checkCommits", { params: { p } })
    const params = { p, t: before.id }
    expect(await app.client.call("bringBackTask", { params })).toMatchObject({ status: "done" })
    expect(app.git("rev-parse", "HEAD")).toBe(before.commit)
    expect(app.git("status", "--porcelain")).toBe("")
    expect(await list()).toEqual(bothDone)
    await expect(app.client.call("bringBackTask", { params })).rejects.toMatchObject({ code: "conflict" })
  })

  it("is not brought back over uncommitted changes, nor onto another history", async () => {
    const { app, p } = await finished()
    const params = { p, t: (await taskB(app, p)).id }
    app.git("reset", "-q", "--hard", "HEAD~1")
    await app.client.call("checkCommits", { params: { p } })
    app.write("b.txt", "mine\n")
    await expect(app.client.call("bringBackTask", { params })).rejects.toThrow(
      "Uncommitted changes are in the way: b.txt",
    )
    app.git("add", "b.txt")
    app.git("commit", "-q", "-m", "mine")
    await expect(app.client.call("bringBackTask", { params })).rejects.toThrow("gone another way")
    expect(app.git("log", "-1", "--format=%s")).toBe("mine")
  })

  it("is done again by an agent when it is retried", async () => {
    const { app, p, list } = await finished()
    const { id, commit } = await taskB(app, p)
    app.git("reset", "-q", "--hard", "HEAD~1")
    await app.client.call("checkCommits", { params: { p } })
    await app.client.call("retryTask", { params: { p, t: id }, body: {} })
    await app.client.call("startLoop", { params: { p }, body: {} })
    await app.idle()
    expect(await list()).toEqual(bothDone)
    expect((await taskB(app, p)).commit).not.toBe(commit)
    expect(app.git("show", "HEAD:b.txt")).toBe("b")
  })

  it("is left alone once a person waives it", async () => {
    const { app, p, list } = await finished()
    const { id } = await taskB(app, p)
    app.git("reset", "-q", "--hard", "HEAD~1")
    await app.client.call("checkCommits", { params: { p } })
    await app.client.call("waiveTask", { params: { p, t: id } })
    expect((await app.client.call("checkCommits", { params: { p } })).items).toEqual([])
    expect(await list()).toEqual(bothDone)
    await expect(app.client.call("waiveTask", { params: { p, t: id } })).rejects.toMatchObject({
      code: "conflict",
    })
  })

  it("is brought back from the page that says what needs a person", async () => {
    const { app, p, list } = await finished()
    app.git("reset", "-q", "--hard", "HEAD~1")
    await app.client.call("checkCommits", { params: { p } })
    const { page, faults } = await signIn(held.browser, app)
    await page.goto(`${app.running.url}/inbox`)
    await page.getByText("no longer on main").waitFor()
    await shoot(page, "missing-commit")
    for (const name of ["Do it again", "Waive"])
      expect(await page.getByRole("button", { name }).count()).toBe(1)
    expect(await findBarriers(page)).toEqual([])
    await page.getByRole("button", { name: "Bring back" }).click()
    await page.getByText("Nothing needs you").waitFor()
    expect(await list()).toEqual(bothDone)
    expect(faults).toEqual([])
    await page.close()
  })

  it("is not one whose commit was only reworded or rebased", async () => {
    const { app, p, list } = await finished()
    const message = app.git("log", "-1", "--format=%B")
    app.git("commit", "-q", "--amend", "-m", `Better words\n\n${message}`)
    expect((await app.client.call("checkCommits", { params: { p } })).items).toEqual([])
    expect(await list()).toEqual(bothDone)
  })
})

describe("two loops", () => {
  it.each([
    ["a folder inside the other one", "inner"],
    ["another folder of the same repository", "packages/b"],
  ])("do not work at once in %s", async (_, inner) => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "Make a", checks: ["test -s a.txt"], requirements: ["R1"] }),
        work("Make a", [{ calls: [{ tool: "run_command", input: { command: "sleep 30" } }] }, done()]),
      ),
    )
    app.git("init", "-q")
    mkdirSync(join(app.workspace, "packages", "a"), { recursive: true })
    mkdirSync(join(app.workspace, inner), { recursive: true })
    const outer = await app.createProject()
    const second = await app.client.call("createProject", {
      body: {
        name: "Inner",
        requirements: "- It has a file a.txt\n",
        workspacePath: join(app.workspace, inner),
      },
    })
    await app.plan(outer)
    await app.plan(second)
    const started = app.toolStarted("run_command")
    await app.client.call("startLoop", { params: { p: outer.id }, body: {} })
    await started
    await expect(app.client.call("startLoop", { params: { p: second.id }, body: {} })).rejects.toThrow(
      "is at work in",
    )
    await app.client.call("stopLoop", { params: { p: outer.id } })
    await app.idle()
  })
})
