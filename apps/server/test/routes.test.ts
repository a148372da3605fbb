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

const play = screenplayOf(
  specsScene("Core"),
  tasksScene({ title: "Make a", checks: ["test -s a.txt"] }, { title: "Make b", depends_on: ["Make a"] }),
  work("Make a", [{ calls: [write("a.txt", "a")] }, done()]),
  {
    when: { phase: "chat", says: "rename" },
    replies: [
      { calls: [call("update_task", { task: "Make b", title: "Make c" })] },
      { text: "It is called Make c now." },
    ],
  },
  { when: { phase: "chat" }, replies: [{ text: "Two tasks are planned." }] },
)

const pdf = Buffer.from("%PDF-1.7 <</Type/Page>>").toString("base64")

async function planned() {
  const app = await testApp(play)
  const project = await app.createProject()
  const params = { p: project.id }
  await app.plan(project)
  const instance = (await app.client.call("listInstances", { params, query: {} })).items[0]
  return { app, project, params, instance: { p: project.id, i: instance?.id ?? "" } }
}

describe("chat", () => {
  it("answers with the plan in hand, and its words stay", async () => {
    const { app, params, instance } = await planned()
    const asked = await app.client.call("sendMessage", {
      params: instance,
      body: {
        text: "How many tasks?",
        attachments: [
          { name: "note.txt", text: "a note" },
          { name: "a.pdf", data: pdf },
        ],
      },
    })
    expect(asked).toMatchObject({ role: "user", text: expect.stringContaining("a note") })
    await app.idle()
    expect(JSON.stringify(app.model.requests.at(-1))).toContain(
      `{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"${pdf}"}}`,
    )
    const odd = { text: "And this?", attachments: [{ name: "a.bin", data: "AAEC" }] }
    await expect(app.client.call("sendMessage", { params: instance, body: odd })).rejects.toThrow(
      "a.bin is neither a picture nor a PDF",
    )
    await app.client.call("sendMessage", { params: instance, body: { text: "Please rename b." } })
    await app.idle()
    const { items } = await app.client.call("listMessages", { params: instance, query: {} })
    expect(items.map((message) => [message.role, message.text.split("\n")[0]])).toEqual([
      ["user", "How many tasks?"],
      ["assistant", "Two tasks are planned."],
      ["user", "Please rename b."],
      ["assistant", "It is called Make c now."],
    ])
    expect(
      (await app.client.call("listTasks", { params, query: {} })).items.map((task) => task.title),
    ).toEqual(["Make a", "Make c"])
  })

  it("streams the answer, and the stream ends with it", async () => {
    const { app, instance } = await planned()
    const response = await app.client.open("sendMessageStream", {
      params: instance,
      body: { text: "How many tasks?" },
    })
    expect(response.headers.get("content-type")).toContain("text/event-stream")
    const text = await response.text()
    expect(text).toContain('"type":"reply.delta"')
    expect(text).toContain('"kind":"reply"')
  })

  it("streams the writing of specs the same way", async () => {
    const app = await testApp(play)
    const project = await app.createProject()
    const response = await app.client.open("generateSpecsStream", { params: { p: project.id } })
    const text = await response.text()
    expect(text).toContain('"type":"spec.draft"')
    expect(text).toContain('"type":"specs.generated"')
  })
})

describe("projects, tasks and agents", () => {
  it("are changed, put away, brought back and forgotten", async () => {
    const { app, project, params } = await planned()
    const renamed = await app.client.call("updateProject", {
      params,
      body: { name: "Other", testCommand: "true" },
    })
    expect(renamed).toMatchObject({ name: "Other", testCommand: "true" })
    expect(await app.client.call("archiveProject", { params })).toMatchObject({ status: "archived" })
    expect((await app.post(`/api/projects/${project.id}/loop/start`)).status).toBe(409)
    expect(await app.client.call("unarchiveProject", { params })).toMatchObject({ status: "active" })
    await app.client.call("removeProject", { params })
    await expect(app.client.call("getProject", { params })).rejects.toMatchObject({ code: "not_found" })
    expect((await app.client.call("listProjects", { query: {} })).items).toEqual([])
  })

  it("number a new version of the document and keep the numbers of what stayed", async () => {
    const { app, params } = await planned()
    const saved = await app.client.call("saveRequirements", {
      params,
      body: { markdown: "- New\n- It has a file b.txt\n" },
    })
    expect([saved.version, saved.requirements.map((row) => row.id)]).toEqual([2, ["R3", "R2"]])
    expect(
      (await app.client.call("saveRequirements", { params, body: { markdown: saved.markdown } })).version,
    ).toBe(2)
  })

  it("let people add, edit, reorder and remove tasks, but never tie them into a circle", async () => {
    const { app, params } = await planned()
    const [a, b] = (await app.client.call("listTasks", { params, query: {} })).items
    const specId = a?.specId ?? ""
    const c = await app.client.call("createTask", {
      params,
      body: { specId, title: "Make c", description: "", checks: ["true"] },
    })
    expect(c).toMatchObject({ status: "ready", order: 3 })
    expect(
      await app.client.call("updateTask", { params: { ...params, t: c.id }, body: { order: 1 } }),
    ).toMatchObject({ order: 1 })
    expect(
      await app.client.call("updateTask", {
        params: { ...params, t: c.id },
        body: { dependsOn: [b?.id ?? ""] },
      }),
    ).toMatchObject({ status: "pending", order: 3 })
    await expect(
      app.client.call("updateTask", { params: { ...params, t: a?.id ?? "" }, body: { dependsOn: [c.id] } }),
    ).rejects.toMatchObject({ code: "bad_request" })
    await expect(
      app.client.call("removeTask", { params: { ...params, t: b?.id ?? "" } }),
    ).rejects.toMatchObject({ code: "conflict" })
    await app.client.call("removeTask", { params: { ...params, t: c.id } })
    expect((await app.client.call("listTasks", { params, query: { limit: 1 } })).next).toBe(a?.id)
  })

  it("keep agent templates, put them to work, and hold on to those in use", async () => {
    const { app, project, params } = await planned()
    const agent = await app.client.call("createAgent", { body: { name: "Ada", role: "careful" } })
    expect(
      await app.client.call("updateAgent", { params: { a: agent.id }, body: { personality: "calm" } }),
    ).toMatchObject({ role: "careful", personality: "calm" })
    const instance = await app.client.call("createInstance", {
      params,
      body: { agentId: agent.id, workspace: { kind: "local", path: app.workspace } },
    })
    expect(instance).toMatchObject({ name: "Ada", projectId: project.id })
    await expect(app.client.call("removeAgent", { params: { a: agent.id } })).rejects.toMatchObject({
      code: "conflict",
    })
    await app.client.call("removeInstance", { params: { ...params, i: instance.id } })
    await app.client.call("removeAgent", { params: { a: agent.id } })
    const remote = await app.post(`/api/projects/${project.id}/agents`, {
      workspace: { kind: "remote", url: "http://x" },
    })
    expect(remote.status).toBe(503)
  })
})

describe("a terminal", () => {
  useBareHome()

  it("carries a shell, shows its past to whoever attaches again, and ends with all it started", async () => {
    const { app, project } = await planned()
    const terminal = await app.client.call("createTerminal", {
      body: { projectId: project.id, cols: 80, rows: 24 },
    })
    const attach = async () => {
      const { ticket } = await app.client.call("createTicket", {})
      const socket = new WebSocket(
        `${app.running.url.replace("http", "ws")}/ws/terminal/${terminal.id}?token=${ticket}`,
      )
      let seen = ""
      const heard = new Set<() => void>()
      socket.addEventListener("message", ({ data }) => {
        const frame = JSON.parse(String(data))
        if (frame.type === "output" || frame.type === "screen") seen += frame.text
        for (const look of heard) look()
      })
      await new Promise((resolve) => socket.addEventListener("open", resolve))
      const sees = (text: string) =>
        new Promise<void>((resolve) => {
          const look = () => seen.includes(text) && resolve()
          heard.add(look)
          look()
        })
      return { socket, sees }
    }
    const first = await attach()
    first.socket.send(JSON.stringify({ type: "input", text: "echo $((6*7))-ok; pwd\n" }))
    await first.sees("42-ok")
    await first.sees(app.workspace)
    first.socket.close()
    const second = await attach()
    await second.sees("42-ok")
    const closed = new Promise((resolve) => second.socket.addEventListener("close", resolve))
    await app.client.call("removeTerminal", { params: { id: terminal.id } })
    await closed
    expect((await app.client.call("listTerminals", {})).items).toEqual([])
  })
})
