/** One order: specs, tasks and the work follow one another, as far as was asked, also through an end of Aura. */
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

const play = screenplayOf(
  specsScene("Core"),
  tasksScene({ title: "Make a", checks: ["test -s a.txt"] }),
  work("Make a", [{ calls: [write("a.txt", "a\n")] }, done()]),
)

const stateOf = async (app: TestApp, p: string) => {
  const params = { p }
  const { items } = await app.client.call("listTasks", { params, query: {} })
  const { loop } = await app.client.call("getLoop", { params })
  const { building } = await app.client.call("getProject", { params })
  return { tasks: items.map((task) => task.status), loop: loop?.outcome ?? null, building }
}

it("plans and stops where the plan was to be looked at first, and works when told to go on", async () => {
  const app = await testApp(play)
  const { id: p } = await app.createProject()
  const project = await app.client.call("build", { params: { p }, body: { upTo: "plan" } })
  expect(project.building).toEqual({ upTo: "plan", problem: null })
  await app.idle()
  expect(await stateOf(app, p)).toEqual({ tasks: ["ready"], loop: null, building: null })
  await expect(app.client.call("build", { params: { p }, body: { upTo: "plan" } })).rejects.toThrow(
    "The plan is there already",
  )
  await app.client.call("build", { params: { p }, body: {} })
  await app.idle()
  expect(await stateOf(app, p)).toEqual({ tasks: ["done"], loop: "done", building: null })
})

it("goes on by itself when Aura is started again, and ends when a person stops a step", async () => {
  const wait = { fault: { status: 529, retryAfterSecs: 2, times: 1 } }
  const app = await testApp(
    screenplayOf(
      {
        when: { phase: "specs" },
        replies: [
          { ...wait, calls: [call("create_spec", { title: "Core", markdown: "# Core" })] },
          { text: "Done." },
        ],
      },
      ...play.scenes.slice(1),
    ),
  )
  const [{ id: stopped }, { id: p }] = [await app.createProject(), await app.createProject()]
  await app.client.call("build", { params: { p: stopped }, body: {} })
  await app.client.call("stopPlan", { params: { p: stopped } })
  await app.idle()
  expect((await stateOf(app, stopped)).building).toBeNull()
  await app.client.call("build", { params: { p }, body: {} })
  await app.restart()
  await app.idle()
  expect(await stateOf(app, p)).toMatchObject({ tasks: ["done"], loop: "done", building: null })
})

it("says why the work did not begin, and begins when it is told to again", async () => {
  const app = await testApp(play)
  const { id: p } = await app.createProject()
  await app.client.call("setLevel", { params: { p }, body: { level: 1 } })
  await app.client.call("build", { params: { p }, body: {} })
  await app.idle()
  expect(await stateOf(app, p)).toMatchObject({
    tasks: ["ready"],
    building: { upTo: "all", problem: expect.stringContaining("permission level is 1") },
  })
  await app.client.call("setLevel", { params: { p }, body: { level: 2 } })
  await app.client.call("build", { params: { p }, body: {} })
  await app.idle()
  expect(await stateOf(app, p)).toEqual({ tasks: ["done"], loop: "done", building: null })
})
