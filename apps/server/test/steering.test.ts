import { readFileSync } from "node:fs"
import { join } from "node:path"
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

const waiting = (name: string) =>
  call("run_command", { command: `while [ ! -e ${name} ]; do sleep 0.02; done; rm ${name}` })

const play = screenplayOf(
  specsScene("Core"),
  tasksScene({ title: "Make a", checks: ["test -s a.txt"] }, { title: "Make b", checks: ["test -s b.txt"] }),
  work("Make a", [
    { calls: [write("a.txt", "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n")] },
    { calls: [waiting("go")] },
    done(),
  ]),
  work("Make b", [
    {
      calls: [
        write("b.txt", "b\n"),
        write("a.txt", "ONE\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nNINE\n"),
      ],
    },
    done(),
  ]),
)

async function started(): Promise<{ app: TestApp; params: { p: string }; ids: string[] }> {
  const app = await testApp(play)
  const project = await app.createProject()
  const params = { p: project.id }
  await app.plan(project)
  const ids = (await app.client.call("listTasks", { params, query: {} })).items.map((task) => task.id)
  const waits = app.toolStarted("run_command")
  await app.client.call("startLoop", { params, body: {} })
  await waits
  return { app, params, ids }
}

describe("a comment", () => {
  it("goes to the agent's next turn as a person's words and says who saw it", async () => {
    const { app, params, ids } = await started()
    const body = { text: "Mind the last line.", taskId: ids[0] ?? "", path: "a.txt", quote: "+nine" }
    await app.client.call("createComment", { params, body })
    const later = await app.client.call("createComment", {
      params,
      body: { text: "Only for b.", taskId: ids[1] ?? "" },
    })
    expect(later.seenAt).toBeNull()
    app.write("go", "")
    await app.idle()
    const { items } = await app.client.call("listComments", { params, query: {} })
    expect(items.map((comment) => comment.sessionId !== null && comment.seenAt !== null)).toEqual([
      true,
      true,
    ])
    const prompts = async (task: string) =>
      (await app.client.call("getTaskOutput", { params: { ...params, t: task } })).entries.filter(
        (entry) => entry.kind === "prompt" && entry.about === "comment",
      )
    expect(await prompts(ids[0] ?? "")).toMatchObject([
      { from: "user", text: expect.stringContaining("Mind the last line.") },
    ])
    expect(await prompts(ids[1] ?? "")).toMatchObject([{ text: expect.stringContaining("Only for b.") }])
    expect((await app.client.call("getLoop", { params })).loop?.outcome).toBe("done")
  })

  it("can be taken back until it was seen, and not after", async () => {
    const { app, params } = await started()
    const say = (text: string) => app.client.call("createComment", { params, body: { text } })
    const remove = (c: string) => app.client.call("removeComment", { params: { ...params, c } })
    const [first, second] = [await say("No."), await say("Yes.")]
    await remove(first.id)
    app.write("go", "")
    await app.idle()
    await expect(remove(second.id)).rejects.toMatchObject({ code: "conflict" })
    expect((await app.client.call("listComments", { params, query: {} })).items).toHaveLength(1)
  })
})

describe("the loop", () => {
  it("pauses after the task at hand when asked so", async () => {
    const { app, params } = await started()
    const asked = await app.client.call("pauseLoop", { params, body: { after: "task" } })
    expect(asked).toMatchObject({ status: "pausing", asked: "pause_after_task" })
    const paused = new Promise<void>((resolve) => {
      const end = app.running.aura.store.subscribe((event) => {
        if (event.type !== "loop.paused") return
        end()
        resolve()
      })
    })
    app.write("go", "")
    await paused
    const { items } = await app.client.call("listTasks", { params, query: {} })
    expect(items.map((task) => task.status)).toEqual(["done", "ready"])
    expect((await app.client.call("resumeLoop", { params })).asked).toBeNull()
    await app.idle()
    expect((await app.client.call("getLoop", { params })).loop?.outcome).toBe("done")
  })

  it("leaves the task at hand when told to skip it, and goes on with the next", async () => {
    const { app, params } = await started()
    expect((await app.client.call("skipTask", { params })).asked).toBe("skip")
    app.write("go", "")
    await app.idle()
    const { items } = await app.client.call("listTasks", { params, query: {} })
    expect(items.map((task) => task.status)).toEqual(["blocked", "done"])
    expect(items[0]?.failure).toContain("Skipped by you")
  })
})

describe("a task's changes", () => {
  it("are shown from the folder while it works, from its commit after, and taken back in parts", async () => {
    const { app, params, ids } = await started()
    const diffOf = (t: string | undefined) =>
      app.client.call("getTaskDiff", { params: { ...params, t: t ?? "" } })
    expect(await diffOf(ids[1])).toMatchObject({ from: "nothing", files: [] })
    expect(await diffOf(ids[0])).toMatchObject({ from: "folder", files: [{ path: "a.txt", additions: 9 }] })
    const of = { ...params, t: ids[1] ?? "" }
    await expect(
      app.client.call("revertTask", { params: of, body: { path: "a.txt", digest: "" } }),
    ).rejects.toMatchObject({ code: "conflict" })
    app.write("go", "")
    await app.idle()
    const made = await diffOf(ids[1])
    expect(made.from).toBe("commit")
    const file = made.files.find((row) => row.path === "a.txt")
    expect(file?.diff.match(/^@@ /gm)).toHaveLength(2)
    const digest = file?.digest ?? ""
    await expect(
      app.client.call("revertTask", { params: of, body: { path: "a.txt", digest: "other" } }),
    ).rejects.toMatchObject({ code: "conflict" })
    await app.client.call("revertTask", { params: of, body: { path: "a.txt", hunk: 1, digest } })
    const text = () => readFileSync(join(app.workspace, "a.txt"), "utf8").split("\n")
    expect([text()[0], text()[8]]).toEqual(["ONE", "nine"])
    await expect(
      app.client.call("revertTask", { params: of, body: { path: "a.txt", hunk: 1, digest } }),
    ).rejects.toMatchObject({ code: "conflict" })
    await app.client.call("revertTask", { params: of, body: { path: "a.txt", hunk: 0, digest } })
    expect(text()[0]).toBe("one")
    expect(app.git("log", "--format=%s").split("\n")).toHaveLength(2)
  })

  it("can be accepted once they are done", async () => {
    const { app, params, ids } = await started()
    const accept = () => app.client.call("acceptTask", { params: { ...params, t: ids[0] ?? "" } })
    await expect(accept()).rejects.toMatchObject({ code: "conflict" })
    app.write("go", "")
    await app.idle()
    expect((await accept()).acceptedAt).toBeDefined()
  })
})

describe("finding things again", () => {
  it("finds specs, tasks, requirements and what was said, and the log tells every event", async () => {
    const { app, params } = await started()
    app.write("go", "")
    await app.idle()
    const find = async (q: string) =>
      (await app.client.call("search", { query: { q, project: params.p } })).items.map((hit) => hit.kind)
    expect(await find("make b")).toContain("task")
    expect(await find("purpose core")).toContain("spec")
    expect(await find("a.txt")).toEqual(expect.arrayContaining(["requirement", "entry"]))
    expect(await find("nothing holds this")).toEqual([])
    const { items, head } = await app.client.call("listLog", { query: { limit: 1000 } })
    expect(items.map((line) => line.seq)).toEqual(Array.from({ length: head }, (_, i) => i + 1))
    expect(items.find((line) => line.type === "check.finished")?.text).toBe("check passed: test -s a.txt")
    const look = async (query: object) => {
      const found: string[] = []
      let before: number | undefined
      do {
        const page = await app.client.call("searchLog", {
          query: { limit: 2, ...query, ...(before ? { before } : {}) },
        })
        found.push(...page.items.map((line) => line.type))
        before = page.next ?? undefined
      } while (before !== undefined)
      return found
    }
    const oldestFirst = async (query: object) => (await look(query)).toReversed()
    const types = items.map((line) => line.type)
    expect(await oldestFirst({})).toEqual(types)
    expect(await oldestFirst({ kind: "task" })).toEqual(types.filter((type) => type.startsWith("task.")))
    expect(await oldestFirst({ project: params.p })).toEqual(
      items.filter((line) => line.projectId === params.p).map((line) => line.type),
    )
    expect(await look({ project: "prj_none" })).toEqual([])
    expect(await look({ problems: "true", kind: "settings" })).toEqual([])
  })

  it("moves a spec to another place", async () => {
    const app = await testApp(screenplayOf(specsScene("Core", "Report", "Command")))
    const project = await app.createProject()
    const params = { p: project.id }
    await app.client.call("generateSpecs", { params })
    await app.idle()
    const list = async () => (await app.client.call("listSpecs", { params, query: {} })).items
    const last = (await list()).at(-1)
    await app.client.call("updateSpec", { params: { ...params, s: last?.id ?? "" }, body: { order: 1 } })
    expect((await list()).map((spec) => [spec.order, spec.title])).toEqual([
      [1, "Command"],
      [2, "Core"],
      [3, "Report"],
    ])
  })
})

describe("what needs a person", () => {
  it("names the blocked task until it is tried again", async () => {
    const { app, params, ids } = await started()
    expect((await app.client.call("listAttention", {})).items).toEqual([])
    await app.client.call("skipTask", { params })
    app.write("go", "")
    await app.idle()
    expect((await app.client.call("listAttention", {})).items).toMatchObject([
      { kind: "blocked", taskId: ids[0], title: "Make a", projectName: "Thing" },
    ])
    await app.client.call("retryTask", { params: { ...params, t: ids[0] ?? "" }, body: {} })
    expect((await app.client.call("listAttention", {})).items).toEqual([])
  })
})

describe("tasks reshaped by a person", () => {
  it("are cut into parts that follow each other, and joined again, with nobody left waiting for what is gone", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene(
          { title: "Make a", checks: ["test -s a.txt"] },
          { title: "Make b", depends_on: ["Make a"], checks: ["test -s b.txt"] },
        ),
      ),
    )
    const project = await app.createProject()
    const params = { p: project.id }
    await app.plan(project)
    const list = async () => {
      const { items } = await app.client.call("listTasks", { params, query: {} })
      const titleOf = (id: string) => items.find((task) => task.id === id)?.title
      return items.map((task) => [task.title, task.status, task.dependsOn.map(titleOf), task.checks.length])
    }
    const idOf = async (title: string) =>
      (await app.client.call("listTasks", { params, query: {} })).items.find((task) => task.title === title)
        ?.id ?? ""
    const of = { ...params, t: await idOf("Make a") }
    const parts = [{ title: "Name a" }, { title: "Fill a" }]
    await app.client.call("splitTask", { params: of, body: { parts } })
    expect(await list()).toEqual([
      ["Name a", "ready", [], 0],
      ["Fill a", "pending", ["Name a"], 1],
      ["Make b", "pending", ["Fill a"], 1],
    ])
    await expect(
      app.client.call("mergeTask", { params: of, body: { taskId: await idOf("Make b") } }),
    ).rejects.toMatchObject({ code: "bad_request" })
    await app.client.call("mergeTask", { params: of, body: { taskId: await idOf("Fill a") } })
    expect(await list()).toEqual([
      ["Name a", "ready", [], 1],
      ["Make b", "pending", ["Name a"], 1],
    ])
  })
})
