/** Requirements keep their identity, and a project is done when each of them is proven or waived. */
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

const make = (name: string, requirement: string) => ({
  title: `Make ${name}`,
  checks: [`grep -q ${name} ${name}.txt`],
  requirements: [requirement],
})
const working = (name: string) =>
  work(`Make ${name}`, [{ calls: [write(`${name}.txt`, `${name}\n`)] }, done()])

async function states(app: TestApp, p: string) {
  const { items } = await app.client.call("getLedger", { params: { p } })
  return items.map(({ id, state }) => `${id} ${state}`)
}

const lastLoop = async (app: TestApp, p: string) =>
  (await app.client.call("getLoop", { params: { p } })).loop ?? undefined

it("names requirements without a task to the model once, and takes the tasks it adds", async () => {
  const create = (name: string, requirement: string) =>
    call("create_task", { spec: "Core", description: "Do it.", ...make(name, requirement) })
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      {
        when: { phase: "tasks" },
        replies: [
          { calls: [create("a", "R1")] },
          { text: "Done." },
          { expect: { contains: "R2: It has a file b.txt" }, calls: [create("b", "R2")] },
          { text: "Done." },
        ],
      },
      working("a"),
      working("b"),
    ),
  )
  const project = await app.createProject()
  await app.runAll(project)
  expect(await lastLoop(app, project.id)).toMatchObject({ outcome: "done" })
  expect(await states(app, project.id)).toEqual(["R1 proven", "R2 proven"])
})

it("does not end as done while a requirement is neither proven nor waived", async () => {
  const app = await testApp(screenplayOf(specsScene("Core"), tasksScene(make("a", "R1")), working("a")))
  const project = await app.createProject()
  await app.runAll(project)
  const loop = await lastLoop(app, project.id)
  expect(loop).toMatchObject({ outcome: "unproven" })
  expect(loop?.reason).toContain("R2 (It has a file b.txt): No task is made for it.")
  const params = { p: project.id }
  await app.client.call("createWaiver", { params, body: { requirementId: "R2", reason: "Not needed yet." } })
  await app.client.call("startLoop", { params, body: {} })
  await app.idle()
  expect(await lastLoop(app, project.id)).toMatchObject({ outcome: "done" })
  expect(await states(app, project.id)).toEqual(["R1 proven", "R2 waived"])
  // A new wording is another promise.
  const markdown = "# Thing\n\n- It has a file a.txt\n- It has a file b.txt with two lines\n"
  await app.client.call("saveRequirements", { params, body: { markdown } })
  expect(await states(app, project.id)).toEqual(["R1 proven", "R2 unproven"])
})

it("reopens what a reworded requirement concerns, and nothing else", async () => {
  const command = "if test -e b.txt; then echo more >> b.txt; else echo b > b.txt; fi"
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene(make("a", "R1"), make("b", "R2")),
      working("a"),
      work("Make b", [
        { calls: [call("run_command", { command })] },
        // The check of the plan knows the old wording only.
        done({ checks: ['test -n "$(git status --porcelain)"'] }),
      ]),
    ),
  )
  const project = await app.createProject()
  await app.runAll(project)
  const params = { p: project.id }
  const tasks = async () => (await app.client.call("listTasks", { params, query: {} })).items
  const [before] = await tasks()
  const save = (markdown: string) => app.client.call("saveRequirements", { params, body: { markdown } })
  await save("# Thing\n\n- It has a  *file* a.txt.\n- It has a file b.txt\n")
  expect(await states(app, project.id)).toEqual(["R1 proven", "R2 proven"])
  await save("# Thing\n\n- It has a file b.txt with the word more\n- It has a file a.txt\n")
  expect(await states(app, project.id)).toEqual(["R2 unproven", "R1 proven"])
  expect((await tasks()).map(({ status }) => status)).toEqual(["done", "ready"])
  await app.client.call("startLoop", { params, body: {} })
  await app.idle()
  const [a, b] = await tasks()
  expect(a).toEqual(before)
  expect(b).toMatchObject({ status: "done", evidence: { requirements: { R2: 3 } } })
  expect(b?.lessons).toEqual([
    expect.stringContaining('R2 says now: "It has a file b.txt with the word more"'),
  ])
  expect(b?.earlier).toMatchObject([
    { evidence: { requirements: { R2: 1 } }, reason: expect.stringContaining("R2") },
  ])
  expect(await states(app, project.id)).toEqual(["R2 proven", "R1 proven"])
})

it("makes tasks for new statements only, and closes those that are gone", async () => {
  const app = await testApp(
    screenplayOf(specsScene("Core"), tasksScene(make("c", "R3")), working("a"), working("b"), working("c")),
  )
  const project = await app.createProject()
  const params = { p: project.id }
  await app.client.call("generateSpecs", { params })
  await app.idle()
  const specId = (await app.client.call("listSpecs", { params, query: {} })).items[0]?.id ?? ""
  for (const { requirements, ...task } of [make("a", "R1"), make("b", "R2")]) {
    const body = { ...task, specId, description: "Do it.", requirementIds: requirements }
    await app.client.call("createTask", { params, body })
  }
  await app.client.call("startLoop", { params, body: {} })
  await app.idle()
  const markdown = "# Thing\n\n- It encrypts all with c\n- It has a file b.txt\n"
  await app.client.call("saveRequirements", { params, body: { markdown } })
  expect(await states(app, project.id)).toEqual(["R3 unproven", "R2 proven", "R1 closed"])
  await app.client.call("extractTasks", { params, body: { requirementIds: ["R3"] } })
  await app.idle()
  await app.client.call("startLoop", { params, body: {} })
  await app.idle()
  expect(await states(app, project.id)).toEqual(["R3 proven", "R2 proven", "R1 closed"])
  const { items } = await app.client.call("listTasks", { params, query: {} })
  expect(items.map(({ title, status }) => `${title} ${status}`)).toEqual([
    "Make a done",
    "Make b done",
    "Make c done",
  ])
})

it("removes tasks that nobody asks for any more before they are begun", async () => {
  const app = await testApp(screenplayOf(specsScene("Core"), tasksScene(make("a", "R1"), make("b", "R2"))))
  const project = await app.createProject()
  await app.plan(project)
  const params = { p: project.id }
  await app.client.call("saveRequirements", {
    params,
    body: { markdown: "# Thing\n\n- It has a file a.txt\n" },
  })
  const { items } = await app.client.call("listTasks", { params, query: {} })
  expect(items.map(({ title }) => title)).toEqual(["Make a"])
})

it("refuses a waiver for what the document does not say, and takes one back", async () => {
  const app = await testApp(screenplayOf(specsScene("Core")))
  const { id: p } = await app.createProject()
  const params = { p }
  await expect(
    app.client.call("createWaiver", { params, body: { requirementId: "R9", reason: "?" } }),
  ).rejects.toMatchObject({ code: "not_found" })
  const waiver = await app.client.call("createWaiver", {
    params,
    body: { requirementId: "R1", reason: "Later." },
  })
  expect(await states(app, p)).toEqual(["R1 waived", "R2 unproven"])
  await app.client.call("removeWaiver", { params: { p, w: waiver.id } })
  expect(await states(app, p)).toEqual(["R1 unproven", "R2 unproven"])
})
