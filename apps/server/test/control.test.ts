import { existsSync, renameSync } from "node:fs"
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

const plan = async (app: TestApp, input = {}) => {
  const project = await app.createProject(input)
  await app.plan(project)
  return { project, params: { p: project.id } }
}
/** Resolves at the first stored event that fits. */
const when = (
  app: TestApp,
  fits: (event: { type: string; rows: Record<string, unknown[] | undefined> }) => boolean,
) =>
  new Promise<void>((resolve) => {
    const end = app.running.aura.store.subscribe((event) => {
      if (!fits(event)) return
      end()
      resolve()
    })
  })
const task = tasksScene({ title: "Make a", checks: ["test -s a.txt"] })

describe("the loop under control", () => {
  it("pauses at the next tool boundary keeping the task, and goes on where it was", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        task,
        work("Make a", [
          { calls: [call("run_command", { command: "sleep 0.3" }), write("a.txt", "a")] },
          done(),
        ]),
      ),
    )
    const { params } = await plan(app)
    const started = app.toolStarted()
    const paused = when(app, (event) => event.type === "loop.paused")
    await app.client.call("startLoop", { params, body: {} })
    await started
    expect((await app.client.call("pauseLoop", { params })).status).toBe("pausing")
    await paused
    const { items } = await app.client.call("listTasks", { params, query: {} })
    expect(items[0]?.status).toBe("in_progress")
    expect((await app.client.call("getLoop", { params })).status).toBe("paused")
    expect((await app.post(`/api/projects/${params.p}/loop/start`)).status).toBe(409)
    await app.client.call("resumeLoop", { params })
    await app.idle()
    expect((await app.client.call("getLoop", { params })).loop).toMatchObject({ outcome: "done" })
  })

  it("stops a running command at once, releases the task, and a new start finishes the same attempt", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        task,
        work("Make a", [
          { calls: [write("a.txt", "half")] },
          { calls: [call("run_command", { command: "sleep 600" })] },
          { expect: { contains: "stopped" }, calls: [write("a.txt", "whole")] },
          done(),
        ]),
      ),
    )
    const { params } = await plan(app)
    const sleeping = app.toolStarted("run_command")
    await app.client.call("startLoop", { params, body: {} })
    await sleeping
    await app.client.call("stopLoop", { params })
    await app.idle()
    expect((await app.client.call("getLoop", { params })).loop).toMatchObject({
      status: "finished",
      outcome: "stopped",
    })
    expect((await app.client.call("listTasks", { params, query: {} })).items[0]).toMatchObject({
      status: "ready",
      attempts: 1,
    })
    await app.client.call("startLoop", { params, body: {} })
    await app.idle()
    expect((await app.client.call("listTasks", { params, query: {} })).items[0]).toMatchObject({
      status: "done",
      attempts: 1,
    })
    expect(app.git("show", "HEAD:a.txt")).toBe("whole")
  })

  it("answers calmly when a loop that has just ended is stopped or paused, and refuses to resume it", async () => {
    const app = await testApp(
      screenplayOf(specsScene("Core"), task, work("Make a", [{ calls: [write("a.txt", "a")] }, done()])),
    )
    const { params } = await plan(app)
    await expect(app.client.call("stopLoop", { params })).rejects.toMatchObject({ code: "conflict" })
    await app.client.call("startLoop", { params, body: {} })
    await app.idle()
    const ended = { status: "finished", outcome: "done" }
    expect(await app.client.call("stopLoop", { params })).toMatchObject(ended)
    expect(await app.client.call("pauseLoop", { params })).toMatchObject(ended)
    await expect(app.client.call("resumeLoop", { params })).rejects.toMatchObject({ code: "conflict" })
    expect((await app.client.call("getLoop", { params })).loop).toMatchObject(ended)
  })

  it("goes on by itself after a restart of the server, without planning or doing anything twice", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene(
          { title: "Make a", checks: ["test -s a.txt"] },
          { title: "Make b", checks: ["test -s b.txt"] },
        ),
        work("Make a", [{ calls: [write("a.txt", "a")] }, done()]),
        work("Make b", [
          { calls: [call("run_command", { command: "test -e again || { touch again; sleep 600; }" })] },
          { calls: [write("b.txt", "b")] },
          done(),
        ]),
      ),
    )
    const { params } = await plan(app)
    const sleeping = app.toolStarted("run_command")
    await app.client.call("startLoop", { params, body: {} })
    await sleeping
    await app.restart()
    await app.idle()
    const { items } = await app.client.call("listTasks", { params, query: {} })
    expect(items.map((row) => row.status)).toEqual(["done", "done"])
    expect(app.git("rev-list", "--count", "HEAD")).toBe("2")
    expect((await app.events()).filter((event) => event.type === "specs.generated")).toHaveLength(1)
  })

  it("stops before the call that would pass the budget, and goes on when it is raised", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        task,
        work("Make a", [{ calls: [write("a.txt", "a")], usage: { input: 100_000, output: 1000 } }, done()]),
      ),
    )
    const { params } = await plan(app)
    const before = (await app.client.call("getProgress", { params })).costUsd
    await app.client.call("updateProject", { params, body: { budgetUsd: before + 0.41 } })
    await app.client.call("startLoop", { params, body: {} })
    await app.idle()
    const progress = await app.client.call("getProgress", { params })
    expect((await app.client.call("getLoop", { params })).loop).toMatchObject({
      outcome: "budget",
      reason: expect.stringContaining("Raise it"),
    })
    // One commit: no crash leaves a budget that is reached and a loop that goes on.
    const ends = (await app.events()).filter(
      ({ type }) => type === "budget.reached" || type === "loop.finished",
    )
    expect(ends.map(({ type }) => type)).toEqual(["budget.reached", "loop.finished"])
    expect(ends[1]?.seq).toBe((ends[0]?.seq ?? 0) + 1)
    expect(ends[0]?.rows).toEqual(ends[1]?.rows)
    expect(progress.costUsd).toBeGreaterThan(before)
    await app.client.call("updateProject", { params, body: { budgetUsd: 100 } })
    await app.client.call("startLoop", { params, body: {} })
    await app.idle()
    expect((await app.client.call("getLoop", { params })).loop).toMatchObject({ outcome: "done" })
  })

  it.each([
    [401, "authentication_error"],
    [402, "billing_error"],
    [403, "permission_error"],
  ])("stops with the reason when the provider answers %i, and fails no task", async (status, type) => {
    const app = await testApp(
      screenplayOf(specsScene("Core"), task, work("Make a", [{ fault: { status, type, times: 50 } }])),
    )
    const { params } = await plan(app)
    await app.client.call("startLoop", { params, body: {} })
    await app.idle()
    expect((await app.client.call("getLoop", { params })).loop).toMatchObject({ outcome: "provider" })
    expect((await app.client.call("listTasks", { params, query: {} })).items[0]).toMatchObject({
      status: "ready",
      attempts: 1,
    })
  })

  it("waits an overload out and says so", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        task,
        work("Make a", [
          { fault: { status: 529 }, calls: [write("a.txt", "a")] },
          { fault: { drop: 3 }, ...done() },
        ]),
      ),
    )
    const { params } = await plan(app)
    await app.client.call("startLoop", { params, body: {} })
    await app.idle()
    expect((await app.client.call("getLoop", { params })).loop).toMatchObject({
      outcome: "done",
      waiting: null,
    })
    const waits = (await app.events())
      .flatMap((event) => event.rows.loops ?? [])
      .filter((loop) => loop.waiting !== null)
    expect(waits.length).toBeGreaterThan(0)
  })

  it("runs just one task, and refuses one that is not ready", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene(
          { title: "Make a", checks: ["test -s a.txt"] },
          { title: "Make b", checks: ["test -s b.txt"] },
          { title: "Later", depends_on: ["Make b"] },
        ),
        work("Make a", [{ calls: [write("a.txt", "a")] }, done()]),
      ),
    )
    const { params } = await plan(app)
    const { items } = await app.client.call("listTasks", { params, query: {} })
    expect((await app.post(`/api/projects/${params.p}/tasks/${items[2]?.id}/run`)).status).toBe(400)
    await app.client.call("runTask", { params: { ...params, t: items[0]?.id ?? "" } })
    await app.idle()
    expect(
      (await app.client.call("listTasks", { params, query: {} })).items.map((row) => row.status),
    ).toEqual(["done", "ready", "pending"])
  })

  it("ends with a reason when its folder is gone, puts nothing in its place, and goes on when it is back", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        task,
        work("Make a", [
          { calls: [call("run_command", { command: "sleep 0.3" })] },
          { calls: [write("a.txt", "a")] },
          done(),
        ]),
      ),
    )
    const { params } = await plan(app)
    const started = app.toolStarted("run_command")
    await app.client.call("startLoop", { params, body: {} })
    await started
    renameSync(app.workspace, `${app.workspace}-moved`)
    await app.idle()
    const { loop } = await app.client.call("getLoop", { params })
    expect(loop).toMatchObject({
      outcome: "refused",
      reason: expect.stringContaining(`${app.workspace} is gone`),
    })
    expect(existsSync(app.workspace)).toBe(false)
    const { items } = await app.client.call("listTasks", { params, query: {} })
    expect(items[0]).toMatchObject({ status: "ready", attempts: 1, lessons: [] })
    renameSync(`${app.workspace}-moved`, app.workspace)
    await app.client.call("startLoop", { params, body: {} })
    await app.idle()
    expect((await app.client.call("getLoop", { params })).loop).toMatchObject({ outcome: "done" })
  })

  it("begins once when it is started fifty times at once", async () => {
    const app = await testApp(
      screenplayOf(specsScene("Core"), task, work("Make a", [{ calls: [write("a.txt", "a")] }, done()])),
    )
    const { params } = await plan(app)
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => app.post(`/api/projects/${params.p}/loop/start`, {})),
    )
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(49)
    await app.idle()
  })

  it("lists what a command has started while it runs, and keeps all of what it printed", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        task,
        work("Make a", [
          {
            calls: [
              call("run_command", {
                command: "sleep 61 & seq 1 20000; echo ready; while [ ! -e go ]; do sleep 0.1; done",
              }),
            ],
          },
          { calls: [write("a.txt", "a")] },
          done(),
        ]),
      ),
    )
    const { params } = await plan(app)
    const started = app.toolStarted("run_command")
    await app.client.call("startLoop", { params, body: {} })
    await started
    const list = async () => (await app.client.call("listCommands", { params })).items
    await expect.poll(async () => (await list())[0]?.processes ?? [], { timeout: 20_000 }).toContain("sleep")
    expect((await list())[0]).toMatchObject({
      command: expect.stringContaining("seq"),
      processCount: expect.any(Number),
    })
    app.write("go", "")
    await app.idle()
    expect(await list()).toEqual([])
    const entries = (await app.events()).flatMap((event) => event.rows.entries ?? [])
    const kept = entries.flatMap((entry) => (entry.kind === "tool" && entry.kept ? [entry.kept] : []))
    const name = kept[0]?.name ?? ""
    const part = await app.client.call("getOutput", { params: { ...params, name }, query: { from: 100_000 } })
    expect(part).toMatchObject({
      from: 100_000,
      bytes: kept[0]?.bytes,
      text: expect.stringContaining("20000\nready\n"),
    })
    const none = app.client.call("getOutput", { params: { ...params, name: "no.log" }, query: {} })
    await expect(none).rejects.toMatchObject({ code: "not_found" })
  })
})
