/** Several agents in one project: each loop is steered by itself, and none ends while others' work may make some for it. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { call, done, screenplayOf, specsScene, tasksScene, testApp, work, write } from "./_app.ts"

const hold = (file: string) =>
  call("run_command", { command: `until test -e ${file}; do sleep 0.05; done; true` })

async function setUp(crew: number, ...planned: Parameters<typeof tasksScene>) {
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene(...planned),
      ...planned.map(({ title }) => {
        const name = title.replace("Make ", "")
        return work(title, [{ calls: [hold(`go-${name}`), write(`${name}.txt`, name)] }, done()])
      }),
    ),
  )
  const project = await app.createProject()
  await app.plan(project)
  const params = { p: project.id }
  const [first] = (await app.client.call("listInstances", { params, query: {} })).items
  const members = [{ id: first?.id ?? "", folder: app.workspace }]
  for (let n = 1; n < crew; n++) {
    const folder = `${app.workspace}-${n}`
    mkdirSync(folder)
    const body = { name: `agent ${n}`, workspace: { kind: "local" as const, path: folder } }
    members.push({ id: (await app.client.call("createInstance", { params, body })).id, folder })
  }
  const start = async ({ id }: { id: string }) => {
    await app.client.call("startLoop", { params, body: { instanceId: id } })
  }
  const statusOf = async ({ id }: { id: string }) =>
    (await app.client.call("getLoop", { params })).loops.find((loop) => loop.instanceId === id)?.status
  /** In the folder of the newest member. */
  const allow = (name: string) => writeFileSync(join(members.at(-1)?.folder ?? "", `go-${name}`), "")
  return { app, params, members, start, statusOf, allow }
}

const a = { title: "Make a", checks: ["test -s a.txt"] }
const b = { title: "Make b", checks: ["test -s b.txt"] }

describe("two agents at work", () => {
  it("are stopped, paused and resumed one by one, or all together", async () => {
    const { app, params, members, start, statusOf } = await setUp(2, a, b)
    const [one = members[0], two] = members
    if (!one || !two) throw new Error("there are two")
    for (const member of [one, two]) {
      const working = app.toolStarted("run_command")
      await start(member)
      await working
    }
    const { client } = app
    expect(await client.call("pauseLoop", { params, body: { instanceId: one.id } })).toMatchObject({
      instanceId: one.id,
      status: "pausing",
    })
    expect([await statusOf(one), await statusOf(two)]).toEqual(["pausing", "running"])
    await client.call("resumeLoop", { params, body: { instanceId: one.id } })
    expect([await statusOf(one), await statusOf(two)]).toEqual(["running", "running"])
    await client.call("pauseLoop", { params })
    expect([await statusOf(one), await statusOf(two)]).toEqual(["pausing", "pausing"])
    await client.call("resumeLoop", { params })
    expect([await statusOf(one), await statusOf(two)]).toEqual(["running", "running"])
    expect(await client.call("stopLoop", { params, body: { instanceId: one.id } })).toMatchObject({
      instanceId: one.id,
    })
    expect(await statusOf(two)).toBe("running")
    await client.call("stopLoop", { params })
    await app.idle()
    expect([await statusOf(one), await statusOf(two)]).toEqual(["finished", "finished"])
    await expect(
      client.call("stopLoop", { params, body: { instanceId: "inst_of_nobody" } }),
    ).rejects.toMatchObject({ code: "not_found" })
    await expect(client.call("skipTask", { params, body: { instanceId: two.id } })).rejects.toMatchObject({
      code: "conflict",
    })
  })
})

describe("an agent that has nothing to do while another is at work", () => {
  it("waits, and takes over what becomes ready", async () => {
    const { app, params, members, start, statusOf, allow } = await setUp(2, a, {
      ...b,
      depends_on: ["Make a"],
    })
    const [one = members[0], two] = members
    if (!one || !two) throw new Error("there are two")
    const working = app.toolStarted("run_command")
    await start(one)
    await working
    await start(two)
    expect(await statusOf(two)).toBe("running")
    allow("a")
    allow("b")
    await app.client.call("stopLoop", { params, body: { instanceId: one.id } })
    await app.idle()
    const { loops } = await app.client.call("getLoop", { params })
    expect(loops.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ["stopped", "Stopped by you."],
      ["done", "All 2 tasks are done, each with passing checks."],
    ])
  })

  it("can be paused, resumed and stopped while it waits", async () => {
    const { app, params, members, start, statusOf } = await setUp(2, a, { ...b, depends_on: ["Make a"] })
    const [one = members[0], two] = members
    if (!one || !two) throw new Error("there are two")
    const working = app.toolStarted("run_command")
    await start(one)
    await working
    await start(two)
    const paused = new Promise<void>((resolve) => {
      const end = app.running.aura.store.subscribe((event) => {
        if (event.type !== "loop.paused") return
        end()
        resolve()
      })
    })
    const body = { instanceId: two.id }
    await app.client.call("pauseLoop", { params, body })
    await paused
    expect([await statusOf(one), await statusOf(two)]).toEqual(["running", "paused"])
    await app.client.call("resumeLoop", { params, body })
    const { id } = await app.client.call("stopLoop", { params, body })
    await app.running.engine.running.get(id)?.finished
    expect([await statusOf(one), await statusOf(two)]).toEqual(["running", "finished"])
    await app.client.call("stopLoop", { params })
    await app.idle()
  })
})
