import { describe, expect, it } from "vitest"
import {
  call,
  done,
  screenplayOf,
  specsScene,
  tasksScene,
  testApp,
  useBareHome,
  work,
  write,
} from "./_app.ts"

useBareHome()
const mark = /,"cache_control":\{"type":"ephemeral"(,"ttl":"1h")?\}/g
const plain = (value: unknown) => JSON.stringify(value).replace(mark, "")

async function runLong(handOff: object[], over: object = {}) {
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene({ title: "Long", checks: ["test -s a.txt && test -s b.txt"] }),
      work(
        "Long",
        [
          { thinking: "First a.", calls: [write("a.txt", "a")] },
          { thinking: "Then the rest.", calls: [write("c.txt", "c")], usage: { share: 0.6 } },
        ],
        { part: 1 },
      ),
      { when: { phase: "hand_off" }, replies: handOff, ...over },
      work("Long", [{ calls: [write("b.txt", "b")] }, done()], { part: 2 }),
    ),
  )
  const project = await app.createProject()
  await app.runAll(project)
  const [task] = (await app.client.call("listTasks", { params: { p: project.id }, query: {} })).items
  const at = app.model.requests.findIndex((body) => plain(body).includes("Call hand_off now"))
  return {
    task,
    before: app.model.requests[at - 1],
    asked: app.model.requests[at],
    requests: app.model.requests,
  }
}

const words = { calls: [call("hand_off", { summary: "a and c are there.", next_step: "write b" })] }

describe("the request for a hand-off", () => {
  it("continues the session: the same tools, system prompt and messages, thoughts included, and one message more", async () => {
    const { task, before, asked } = await runLong([words])
    expect(task).toMatchObject({ status: "done", attempts: 1 })
    expect(plain([asked?.tools, asked?.system, asked?.thinking])).toBe(
      plain([before?.tools, before?.system, before?.thinking]),
    )
    expect(plain(asked?.messages).startsWith(plain(before?.messages).slice(0, -1))).toBe(true)
    expect(plain(asked?.messages)).toContain("First a.")
    expect(asked?.max_tokens).toBe(16_000)
  })

  it("is made again when only a thought came, and when something else was called", async () => {
    const { task, requests } = await runLong([{ thinking: "Hm." }, words])
    expect(task).toMatchObject({ status: "done", attempts: 1 })
    expect(
      requests.filter((body) => plain(body.messages).includes("give the hand_off now")).length,
    ).toBeGreaterThan(0)
    const other = await runLong([{ calls: [write("d.txt", "d")] }, words])
    expect(other.task).toMatchObject({
      status: "done",
      attempts: 1,
      filesChanged: [{ path: "a.txt" }, { path: "b.txt" }, { path: "c.txt" }],
    })
  })
})

it("the system prompt and all tools of a worker take less than 8 kB, and the brief says where it works", async () => {
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene({ title: "First", checks: ["test -s a.txt"] }),
      work("First", [{ calls: [write("a.txt", "a")] }, done()]),
    ),
  )
  const project = await app.createProject()
  await app.runAll(project)
  const today = new Date().toISOString().slice(0, 10)
  const bodies = app.model.requests.map(plain)
  expect(bodies.every((body) => body.includes(`Today is ${today}.`) && body.includes("node "))).toBe(true)
  expect(bodies.every((body) => body.includes("Commands have no network"))).toBe(true)
  const worker = app.model.requests.find((body) => plain(body.tools).includes("task_done"))
  expect(plain([worker?.system, worker?.tools]).length).toBeLessThan(8_000)
  expect(plain(worker?.system)).not.toContain("{{")
})

it("a worker may look up the specs, the tasks before it with what they left to know, and the requirements", async () => {
  const look = [
    call("list_specs", {}),
    call("get_spec", { spec: "Core" }),
    call("get_task", { task: "First" }),
    call("list_requirements", {}),
  ]
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene(
        { title: "First", checks: ["test -s a.txt"] },
        { title: "Second", checks: ["test -s b.txt"] },
      ),
      work("First", [
        { calls: [write("a.txt", "a")] },
        { calls: [call("task_done", { notes: "a holds the letter." })] },
      ]),
      work("Second", [
        { calls: look },
        {
          calls: [write("b.txt", "b")],
          expect: { contains: ["# Core", "a holds the letter.", "Files changed: a.txt", "R1:"] },
        },
        done(),
      ]),
    ),
  )
  const project = await app.createProject()
  await app.runAll(project)
  const { items } = await app.client.call("listTasks", { params: { p: project.id }, query: {} })
  expect(items.map(({ status }) => status)).toEqual(["done", "done"])
})
