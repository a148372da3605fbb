import { describe, expect, it } from "vitest"
import { call, done, repeating, screenplayOf, specsScene, tasksScene, testApp, work, write } from "./_app.ts"

const twoTasks = [
  specsScene("Core"),
  tasksScene(
    { title: "Make b", depends_on: ["Make a"], checks: ["test -s b.txt"], requirements: ["R2"] },
    { title: "Make a", checks: ["test -s a.txt"], requirements: ["R1"] },
  ),
]

describe("the main job", () => {
  it("goes from requirements to committed and checked code, and traces back", async () => {
    const app = await testApp(
      screenplayOf(
        ...twoTasks,
        work("Make a", [{ calls: [write("a.txt", "a\n")] }, done()]),
        work("Make b", [{ calls: [write("b.txt", "b\n")] }, done()]),
      ),
    )
    const project = await app.createProject()
    await app.runAll(project)
    const params = { p: project.id }

    const { loop } = await app.client.call("getLoop", { params })
    expect(loop).toMatchObject({ status: "finished", outcome: "done" })
    const { items: tasks } = await app.client.call("listTasks", { params, query: {} })
    expect(tasks.map((task) => [task.title, task.status, task.order])).toEqual([
      ["Make a", "done", 1],
      ["Make b", "done", 2],
    ])
    for (const task of tasks) {
      expect(task.evidence?.checks[0]).toMatchObject({
        exitCode: 0,
        passed: true,
        treeHash: expect.stringMatching(/^[0-9a-f]{40}$/),
      })
      const message = app.git("log", "-1", "--format=%(trailers:only,unfold)", task.commit ?? "")
      expect(message).toContain(`Aura-Task: ${task.id}`)
      expect(message).toMatch(/Aura-Session: ses_/)
      expect(app.git("rev-parse", `${task.commit}^{tree}`)).toBe(task.evidence?.treeHash)
    }
    expect(app.git("status", "--porcelain")).toBe("")
    expect(await app.client.call("getProgress", { params })).toMatchObject({
      percent: 100,
      unprovenRequirements: [],
      counts: { done: 2 },
    })
    const output = await app.client.call("getTaskOutput", {
      params: { p: project.id, t: tasks[0]?.id ?? "" },
    })
    expect(output.entries.map((entry) => entry.kind)).toEqual([
      "prompt",
      "reply",
      "tool",
      "reply",
      "check",
      "tool",
    ])
  })

  it("gives a failing check back to the model until it passes", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "Make a", checks: ["grep -q right a.txt"] }),
        work("Make a", [
          { calls: [write("a.txt", "wrong\n")] },
          done(),
          {
            expect: { contains: ["Not accepted", "grep -q right a.txt"] },
            calls: [call("edit_file", { path: "a.txt", old_text: "wrong", new_text: "right" })],
          },
          done(),
        ]),
      ),
    )
    const project = await app.createProject()
    await app.runAll(project)
    const { items } = await app.client.call("listTasks", { params: { p: project.id }, query: {} })
    expect(items[0]).toMatchObject({ status: "done", attempts: 1 })
    const checks = (await app.events())
      .filter((event) => event.type === "check.finished")
      .flatMap((event) => event.rows.entries ?? [])
    expect(checks.map((entry) => entry.kind === "check" && entry.check.passed)).toEqual([false, true])
    expect(app.git("rev-list", "--count", "HEAD")).toBe("1")
  })

  it("never believes the model: without a change, without a check, or with a failing one, nothing is done", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "Lie" }),
        work("Lie", [
          done(),
          { expect: { contains: "No file has changed" }, calls: [write("a.txt", "x")] },
          done(),
          {
            expect: { contains: "Nothing is known that proves" },
            calls: [call("task_done", { notes: "All tests pass!", checks: ["false"] })],
          },
          { expect: { contains: "exit code 1" }, calls: [call("task_blocked", { reason: "I cannot." })] },
        ]),
      ),
    )
    const project = await app.createProject()
    await app.runAll(project)
    const { items } = await app.client.call("listTasks", { params: { p: project.id }, query: {} })
    expect(items[0]).toMatchObject({ status: "blocked", failure: "I cannot." })
    expect(items[0]?.evidence).toBeUndefined()
    expect(() => app.git("rev-parse", "--verify", "-q", "HEAD")).toThrow()
  })

  it("fails a task after its attempts, takes its leavings out of the folder, and goes on with the rest", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene(
          { title: "Hopeless", checks: ["false"] },
          { title: "Needs it", depends_on: ["Hopeless"], checks: ["test -s a.txt"] },
          { title: "Free", checks: ["test -s b.txt && test ! -e junk.txt"] },
        ),
        repeating(work("Hopeless", [{ calls: [write("junk.txt", "junk")] }, done()])),
        work("Free", [{ calls: [write("b.txt", "b")] }, done()]),
      ),
    )
    const project = await app.createProject()
    await app.runAll(project)
    const { items } = await app.client.call("listTasks", { params: { p: project.id }, query: {} })
    expect(items.map((task) => [task.title, task.status])).toEqual([
      ["Hopeless", "failed"],
      ["Needs it", "pending"],
      ["Free", "done"],
    ])
    expect(items[0]?.attempts).toBe(3)
    expect(items[0]?.failure).toContain("false")
    const { loop } = await app.client.call("getLoop", { params: { p: project.id } })
    expect(loop).toMatchObject({ outcome: "failed", reason: expect.stringContaining('"Hopeless" failed') })
    expect(app.git("show", `refs/aura/set-aside/${items[0]?.id}:junk.txt`)).toBe("junk")
    expect(app.git("status", "--porcelain")).toBe("")
  })

  it("makes tasks of follow-ups, with their parent", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "First", checks: ["test -s a.txt"] }),
        work("First", [
          { calls: [write("a.txt", "a")] },
          done({ follow_ups: [{ title: "Second", description: "More." }] }),
        ]),
        work("Second", [{ calls: [write("b.txt", "b")] }, done({ checks: ["test -s b.txt"] })]),
      ),
    )
    const project = await app.createProject()
    await app.runAll(project)
    const { items } = await app.client.call("listTasks", { params: { p: project.id }, query: {} })
    expect(items.map((task) => [task.title, task.status, task.parentTaskId])).toEqual([
      ["First", "done", undefined],
      ["Second", "done", items[0]?.id],
    ])
  })

  it("rotates inside a task, carries facts and words, and finishes it in the next session", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "Long", checks: ["test -s a.txt && test -s b.txt"] }),
        work("Long", [{ calls: [write("a.txt", "a")], usage: { share: 0.6 } }], { part: 1 }),
        {
          when: { phase: "hand_off", task: "Long" },
          replies: [
            {
              calls: [
                call("hand_off", {
                  summary: "a is there.",
                  decisions: ["b comes second"],
                  next_step: "write b",
                }),
              ],
            },
          ],
        },
        work("Long", [{ calls: [write("b.txt", "b")] }, done()], { part: 2 }),
      ),
    )
    const project = await app.createProject()
    await app.runAll(project)
    const { items } = await app.client.call("listTasks", { params: { p: project.id }, query: {} })
    expect(items[0]).toMatchObject({ status: "done", attempts: 1 })
    const instances = await app.client.call("listInstances", { params: { p: project.id }, query: {} })
    const sessions = await app.client.call("listSessions", {
      params: { p: project.id, i: instances.items[0]?.id ?? "" },
      query: {},
    })
    const worked = sessions.items.filter((session) => session.kind === "work")
    expect(worked.map((session) => session.status)).toEqual(["rolled_over", "completed"])
    expect(worked[0]?.handOff).toMatchObject({
      filesChanged: ["a.txt"],
      decisions: ["b comes second"],
      nextStep: "write b",
    })
    const second = await app.client.call("listEntries", {
      params: { p: project.id, i: instances.items[0]?.id ?? "", s: worked[1]?.id ?? "" },
      query: {},
    })
    expect(second.items[0]).toMatchObject({ kind: "prompt", text: expect.stringContaining("a is there.") })
  })

  it("works on the files of the user without touching what they have not committed", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "Make a", checks: ["test -s a.txt"] }),
        work("Make a", [
          { calls: [write("mine.txt", "stolen")] },
          { expect: { contains: "uncommitted changes of the user" }, calls: [write("a.txt", "a")] },
          done(),
        ]),
      ),
    )
    app.git("init", "-q", "-b", "main")
    app.git("-c", "user.name=Ada", "-c", "user.email=a@b.c", "commit", "-q", "--allow-empty", "-m", "first")
    app.write("mine.txt", "mine")
    const project = await app.createProject()
    await app.runAll(project)
    expect(app.git("status", "--porcelain")).toBe("?? mine.txt")
    expect(app.git("show", "--name-only", "--format=", "HEAD")).toBe("a.txt")
    const { items } = await app.client.call("listTasks", { params: { p: project.id }, query: {} })
    expect(items[0]?.evidence?.foreignFiles).toEqual(["mine.txt"])
  })
})
