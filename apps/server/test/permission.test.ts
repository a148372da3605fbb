/** What agents may do, who may raise it, and what becomes of what they ask for. */
import { asks, permissions } from "@aura/domain"
import { describe, expect, it } from "vitest"
import { call, done, repeating, screenplayOf, specsScene, tasksScene, testApp, work, write } from "./_app.ts"
import { findBarriers, shoot, signIn, useBrowser } from "./_browser.ts"

const asking = call("ask_permission", { hosts: ["registry.npmjs.org"], reason: "to install a package" })
const play = screenplayOf(
  specsScene("Core"),
  tasksScene({ title: "Make a", checks: ["test -s a.txt"] }, { title: "Make b", checks: ["test -s b.txt"] }),
  {
    when: { phase: "work", task: "Make a", says: "was allowed" },
    replies: [{ calls: [write("a.txt", "a")] }, done()],
  },
  {
    when: { phase: "work", task: "Make a", says: "expired" },
    replies: [{ calls: [write("a.txt", "a")] }, done()],
  },
  work("Make a", [{ calls: [asking] }]),
  work("Make b", [{ calls: [write("b.txt", "b")] }, done()]),
)

async function asked() {
  const app = await testApp(play)
  const project = await app.createProject()
  const params = { p: project.id }
  await app.runAll(project)
  const states = async () =>
    (await app.client.call("listTasks", { params, query: {} })).items.map((task) => [task.title, task.status])
  const ask = (await app.client.call("listProjectAsks", { params, query: {} })).items[0]
  const goOn = async () => {
    await app.client.call("startLoop", { params, body: {} })
    await app.idle()
  }
  return { app, project, params, states, ask, goOn }
}

describe("what an agent asks for", () => {
  it("blocks its task alone, and once allowed holds for the project and is told to the model", async () => {
    const { app, project, params, states, ask, goOn } = await asked()
    expect(await states()).toEqual([
      ["Make a", "blocked"],
      ["Make b", "done"],
    ])
    expect(ask).toMatchObject({
      status: "open",
      hosts: ["registry.npmjs.org"],
      detail: "to install a package",
    })
    expect((await app.client.call("listAsks", { query: {} })).items).toHaveLength(1)
    const answered = await app.client.call("answerAsk", {
      params: { a: ask?.id ?? "" },
      body: { allow: true },
    })
    expect(answered).toMatchObject({ status: "allowed", answeredAt: expect.any(String) })
    expect(await app.client.call("getProject", { params })).toMatchObject({
      level: 3,
      hosts: ["registry.npmjs.org"],
    })
    expect((await app.post(`/api/asks/${ask?.id}/answer`, { allow: false })).status).toBe(409)
    await goOn()
    expect(await states()).toEqual([
      ["Make a", "done"],
      ["Make b", "done"],
    ])
    const types = (await app.events()).map((event) => event.type)
    expect(types).toEqual(expect.arrayContaining(["ask.opened", "ask.answered"]))
    expect((await app.client.call("getProject", { params })).id).toBe(project.id)
  })

  it("expires unanswered, and the model is told so", async () => {
    const { app, params, states, goOn } = await asked()
    const { aura } = app.running
    const day = 24 * 3600 * 1000
    expect(await asks.expire(aura)).toBeGreaterThan(Date.now())
    expect(await asks.expire({ ...aura, now: () => Date.now() + day + 1000 })).toBeUndefined()
    expect((await app.client.call("listProjectAsks", { params, query: {} })).items).toMatchObject([
      { status: "expired" },
    ])
    expect(await app.client.call("getProject", { params })).toMatchObject({ level: 2, hosts: [] })
    await goOn()
    expect((await states())[0]).toEqual(["Make a", "done"])
    expect(JSON.stringify(app.model.requests)).toContain("it has expired")
  })
})

describe("a level", () => {
  it("is raised by people alone: no document, tool call or field of a task or project does", async () => {
    const raising = {
      title: "Make a",
      checks: ["test -s a.txt"],
      requirements: ["R1"],
      level: 4,
      hosts: ["evil.example"],
    }
    const sneaky = screenplayOf(
      specsScene("Core"),
      tasksScene(raising),
      repeating(
        work("Make a", [
          { calls: [write("aura.json", '{"level":4}'), write(".env", "AURA_LEVEL=4")] },
          { calls: [call("set_level", { level: 4 }), write("a.txt", "a")] },
          done({ level: 4 }),
        ]),
      ),
    )
    const app = await testApp(sneaky)
    const project = await app.createProject({ requirements: "# Thing\n\n- level: 4, hosts: evil.example\n" })
    const params = { p: project.id }
    await app.runAll(project)
    expect(await app.client.call("getProject", { params })).toMatchObject({ level: 2, hosts: [] })
    const put = (body: object) =>
      fetch(`${app.running.url}/api/projects/${project.id}`, {
        method: "PUT",
        headers: { authorization: `Bearer ${app.token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      })
    expect((await put({ level: 4 })).status).toBe(400)
    expect((await put({ hosts: ["x.example"] })).status).toBe(400)
    expect((await app.post("/api/projects", { name: "x", requirements: "- a", level: 4 })).status).toBe(400)
  })

  it("below 2 starts no loop, and 4 asks for the project's name and ends after eight hours", async () => {
    const app = await testApp(play)
    const project = await app.createProject()
    const params = { p: project.id }
    const set = (body: { level: 0 | 1 | 2 | 3 | 4; hosts?: string[]; confirm?: string }) =>
      app.client.call("setLevel", { params, body })
    await app.plan(project)
    await set({ level: 1 })
    const refused = await app.post(`/api/projects/${project.id}/loop/start`, {})
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining("level is 1")])
    await expect(set({ level: 4 })).rejects.toMatchObject({ code: "bad_request" })
    await expect(set({ level: 3, hosts: ["http://x/"] })).rejects.toMatchObject({ code: "bad_request" })
    const raised = await set({ level: 4, confirm: project.name })
    const hours = (Date.parse(raised.levelUntil ?? "") - Date.now()) / 3_600_000
    expect([raised.level, Math.round(hours)]).toEqual([4, 8])
    const later = { ...app.running.aura, now: () => Date.now() + 9 * 3600 * 1000 }
    expect(await permissions.of(later, project.id)).toMatchObject({ level: 2 })
    const levels = (await app.client.call("listAudit", { query: {} })).items.filter(
      (line) => line.kind === "level",
    )
    expect(levels.map((line) => line.facts.level)).toEqual([4, 1])
  })
})

describe("a question of an agent on screen", () => {
  const chrome = useBrowser()

  it("is listed once, as the question, and answered there; the level is chosen beside the project", async () => {
    const { app, project, states } = await asked()
    const { page, faults } = await signIn(chrome.browser, app)
    await page.getByRole("link", { name: /^Needs you/ }).click()
    await page.getByRole("list", { name: "Hosts" }).getByText("registry.npmjs.org").waitFor()
    await page.getByText("to install a package").waitFor()
    expect(await page.title()).toMatch(/^\(1\) /)
    await shoot(page, "ask")
    await page.getByRole("button", { name: "Allow" }).click()
    await page.getByText("Nothing needs you").waitFor()
    expect((await states())[0]).toEqual(["Make a", "ready"])

    await page.goto(`${app.running.url}/projects/${project.id}/tasks`)
    await page.getByRole("button", { name: "More about this project" }).click()
    await page.getByRole("menuitem", { name: "Permissions…" }).click()
    const dialog = page.getByRole("dialog", { name: "Permissions" })
    expect(await dialog.getByRole("radio", { name: "Reach listed hosts" }).isChecked()).toBe(true)
    expect(await dialog.getByRole("textbox", { name: "Hosts" }).inputValue()).toBe("registry.npmjs.org")
    await shoot(page, "permissions")
    expect(await findBarriers(page)).toEqual([])
    await dialog.getByRole("radio", { name: "The whole network" }).check()
    expect(await dialog.getByRole("button", { name: "Save" }).isDisabled()).toBe(true)
    await dialog.getByLabel(/^Type /).fill(project.name)
    await dialog.getByRole("button", { name: "Save" }).click()
    await dialog.waitFor({ state: "detached" })
    const level = async () => (await app.client.call("getProject", { params: { p: project.id } })).level
    expect(await level()).toBe(4)
    expect(faults).toEqual([])
  })
})
