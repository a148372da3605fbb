import { describe, expect, it } from "vitest"
import { call, done, screenplayOf, specsScene, tasksScene, testApp, work, write } from "./_app.ts"

const planned = async (app: Awaited<ReturnType<typeof testApp>>, p: string) =>
  (await app.client.call("listPlans", { params: { p } })).items.at(-1)
const titles = async (app: Awaited<ReturnType<typeof testApp>>, p: string) => ({
  specs: (await app.client.call("listSpecs", { params: { p }, query: {} })).items.map((spec) => spec.title),
  tasks: (await app.client.call("listTasks", { params: { p }, query: {} })).items.map((task) => task.title),
})

const cycle = [
  call("create_task", {
    spec: "Core",
    title: "A",
    description: "",
    depends_on: ["B"],
    checks: ["test -s a.txt"],
  }),
  call("create_task", {
    spec: "Core",
    title: "B",
    description: "",
    depends_on: ["A"],
    checks: ["test -s a.txt"],
  }),
]

describe("planning", () => {
  it("streams drafts while a spec is written, and stores all of them in one commit", async () => {
    const app = await testApp(screenplayOf(specsScene("Core", "Rest")))
    const drafts: string[] = []
    app.running.host.feed.listen(
      (event) => event.type === "spec.draft" && drafts.push(`${event.index} ${event.title}`),
    )
    const project = await app.createProject()
    await app.client.call("generateSpecs", { params: { p: project.id } })
    await app.idle()
    expect(new Set(drafts)).toEqual(new Set(["0 Core", "1 Rest"]))
    const stored = (await app.events()).filter((event) => event.rows.specs)
    expect(stored.map((event) => [event.type, event.rows.specs?.length])).toEqual([["specs.generated", 2]])
  })

  it("asks once for a bad plan to be fixed, with the faults named, and takes the fixed one", async () => {
    const app = await testApp(
      screenplayOf(specsScene("Core"), {
        when: { phase: "tasks" },
        replies: [
          { calls: cycle },
          { text: "Done." },
          {
            expect: { contains: ['"A" → "B" → "A"'] },
            calls: [
              call("create_task", { spec: "Core", title: "A", description: "", checks: ["test -s a.txt"] }),
            ],
          },
          { text: "Done." },
        ],
      }),
    )
    const project = await app.createProject()
    await app.client.call("generateSpecs", { params: { p: project.id } })
    await app.idle()
    await app.client.call("extractTasks", { params: { p: project.id } })
    await app.idle()
    expect(await titles(app, project.id)).toEqual({ specs: ["Core"], tasks: ["A"] })
  })

  it.each([
    ["a circle", cycle, "circle"],
    [
      "an unknown dependency",
      [call("create_task", { spec: "Core", title: "A", description: "", depends_on: ["Z"] })],
      "is no task",
    ],
    [
      "a doubled title",
      [
        call("create_task", { spec: "Core", title: "A", description: "" }),
        call("create_task", { spec: "Core", title: "a", description: "" }),
      ],
      "Titles must differ",
    ],
    ["no tasks at all", [call("list_specs")], "no tasks"],
  ])("fails a plan with %s after the second try, and leaves the old plan whole", async (_, bad, words) => {
    const scene = (...calls: object[]) => ({
      when: { phase: "tasks" },
      replies: [{ calls }, { text: "Done." }, { calls }, { text: "Done." }],
    })
    const app = await testApp(screenplayOf(specsScene("Core"), scene(...bad)))
    const project = await app.createProject()
    await app.client.call("generateSpecs", { params: { p: project.id } })
    await app.idle()
    const { items } = await app.client.call("listSpecs", { params: { p: project.id }, query: {} })
    await app.client.call("createTask", {
      params: { p: project.id },
      body: { specId: items[0]?.id ?? "", title: "Old", description: "" },
    })
    await app.client.call("extractTasks", { params: { p: project.id } })
    await app.idle()
    expect(await planned(app, project.id)).toMatchObject({
      status: "failed",
      reason: expect.stringContaining(words),
    })
    expect(await titles(app, project.id)).toEqual({ specs: ["Core"], tasks: ["Old"] })
  })

  it("stops on request and leaves the old plan whole", async () => {
    const app = await testApp(
      screenplayOf(
        {
          when: { phase: "specs", says: "first" },
          replies: [
            { calls: [call("create_spec", { title: "Core", markdown: "# Core" })] },
            { text: "Done." },
          ],
        },
        {
          when: { phase: "specs", says: "second" },
          replies: [
            { calls: [call("create_spec", { title: "Other", markdown: "# Other" })] },
            { fault: { stall: 60_000 }, text: "Done." },
          ],
        },
      ),
    )
    const project = await app.createProject({ requirements: "- first" })
    const params = { p: project.id }
    await app.client.call("generateSpecs", { params })
    await app.idle()
    await app.client.call("saveRequirements", { params, body: { markdown: "- second" } })
    const seen = new Promise<void>((resolve) =>
      app.running.host.feed.listen((event) => event.type === "spec.draft" && resolve()),
    )
    await app.client.call("generateSpecs", { params })
    await seen
    expect((await app.post(`/api/projects/${project.id}/specs/generate`)).status).toBe(409)
    expect(await app.client.call("stopPlan", { params })).toEqual({ stopped: true })
    expect(await planned(app, project.id)).toMatchObject({ status: "stopped" })
    expect((await titles(app, project.id)).specs).toEqual(["Core"])
  })

  it("keeps what is done when the plan is made anew", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        {
          ...tasksScene({ title: "One", checks: ["test -s a.txt"] }),
          when: { phase: "tasks" },
        },
        {
          ...tasksScene({ title: "Two", depends_on: ["One"], checks: ["test -s a.txt"] }),
          when: { phase: "tasks", says: "- One" },
        },
        work("One", [{ calls: [write("a.txt", "a")] }, done()]),
      ),
    )
    const project = await app.createProject()
    await app.runAll(project)
    await app.client.call("generateSpecs", { params: { p: project.id } })
    await app.idle()
    await app.client.call("extractTasks", { params: { p: project.id } })
    await app.idle()
    const { items } = await app.client.call("listTasks", { params: { p: project.id }, query: {} })
    expect(items.map((task) => [task.title, task.status])).toEqual([
      ["One", "done"],
      ["Two", "ready"],
    ])
  })
})
