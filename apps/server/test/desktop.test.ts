/** What only a desktop does, with an attached window that is a test and editors that only say what they were told. */
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { WindowOrder } from "@aura/core"
import { findProgram } from "@aura/workspace"
import { describe, expect, it, vi } from "vitest"
import { screenplayOf, specsScene, type TestApp, testApp } from "./_app.ts"

async function open() {
  const app = await testApp(screenplayOf(specsScene("Core")))
  return { app, project: await app.createProject() }
}

/** Attaches like the window does, and gives what it is asked. */
async function attach(app: TestApp): Promise<{ orders: WindowOrder[]; detach(): void }> {
  const abort = new AbortController()
  const orders: WindowOrder[] = []
  const response = await app.client.open("attachWindow", {}, { signal: abort.signal })
  void (async () => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? [])
      for (const line of chunk.split("\n"))
        if (line.startsWith("data: ")) orders.push(WindowOrder.parse(JSON.parse(line.slice(6))))
  })().catch(() => undefined)
  return { orders, detach: () => abort.abort() }
}

/** Programs in a folder of their own: each writes its arguments into a file, one a line. */
function usePrograms(app: TestApp, ...names: string[]): { told(name: string): string[] } {
  const bin = join(app.dataDir, "bin")
  mkdirSync(bin)
  app.running.host.findProgram = (name) => findProgram(name, { path: bin, system: [] })
  for (const name of names) {
    writeFileSync(join(bin, name), `#!/bin/sh\nprintf '%s\\n' "$@" > '${bin}/${name}.told'\n`)
    chmodSync(join(bin, name), 0o755)
  }
  return {
    told: (name) => {
      const file = join(bin, `${name}.told`)
      return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : []
    },
  }
}

describe("a window", () => {
  it("is asked for a path, opened and told; without one all of it is refused in a sentence", async () => {
    const { app } = await open()
    const picking = () => app.client.call("pickPath", { body: { kind: "folder" } })
    await expect(picking()).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("npm run desktop"),
    })
    await expect(app.client.call("openWindow", {})).rejects.toMatchObject({ code: "conflict" })
    await expect(app.client.call("notify", { body: { title: "t", body: "b" } })).rejects.toMatchObject({
      code: "conflict",
    })

    const { orders, detach } = await attach(app)
    await app.client.call("openWindow", { body: { path: "/settings" } })
    await app.client.call("notify", { body: { title: "Tally", body: "A task failed.", path: "/inbox" } })
    await vi.waitFor(() =>
      expect(orders).toEqual([
        { type: "open", path: "/settings" },
        { type: "notify", title: "Tally", body: "A task failed.", path: "/inbox" },
      ]),
    )
    const answerNext = async (body: { path: string | null; problem?: string }) => {
      const asked = await vi.waitFor(() => {
        const order = orders.splice(0).find(({ type }) => type === "pick")
        if (order?.type !== "pick") throw new Error("not asked yet")
        return order
      })
      await app.client.call("answerWindow", { params: { id: asked.id }, body })
      return asked.id
    }
    const [chosen, id] = await Promise.all([picking(), answerNext({ path: "/home/ada/todo" })])
    expect(chosen).toEqual({ path: "/home/ada/todo" })
    await expect(
      app.client.call("answerWindow", { params: { id }, body: { path: null } }),
    ).rejects.toMatchObject({ code: "not_found" })
    expect((await Promise.all([picking(), answerNext({ path: null })]))[0]).toEqual({ path: null })

    const left = picking()
    await vi.waitFor(() => expect(orders.some(({ type }) => type === "pick")).toBe(true))
    detach()
    await expect(left).rejects.toMatchObject({ code: "service_unavailable" })
    await vi.waitFor(() =>
      expect(app.client.call("openWindow", {})).rejects.toMatchObject({ code: "conflict" }),
    )
  })

  it("opens on paths of the interface alone", async () => {
    const { app } = await open()
    const { detach } = await attach(app)
    for (const path of ["//evil.example", "https://evil.example", "settings"]) {
      const answer = await app.post("/api/desktop/window", { path })
      expect([path, answer.status]).toEqual([path, 400])
    }
    detach()
  })
})

describe("the user's editor", () => {
  it("is found, chosen in Settings, and told file and line as arguments", async () => {
    const { app, project } = await open()
    const programs = usePrograms(app, "code", "zed", "vim", "x-terminal-emulator", "xdg-open")
    const { items } = await app.client.call("listEditors", {})
    expect(items.map(({ name }) => name)).toEqual(["VS Code", "Zed", "Vim"])
    app.write("src/a b;$(id).ts", "one\ntwo\n")
    const file = join(app.workspace, "src/a b;$(id).ts")
    const edit = (line?: number) =>
      app.client.call("openInEditor", {
        body: { projectId: project.id, path: "src/a b;$(id).ts", ...(line ? { line } : {}) },
      })

    await edit(2)
    expect(programs.told("code")).toEqual(["--goto", `${file}:2`])
    await app.client.call("updateSettings", { body: { editor: "vim" } })
    await edit(7)
    expect(programs.told("x-terminal-emulator")).toEqual([
      "-e",
      expect.stringMatching(/\/vim$/),
      "+7",
      "--",
      file,
    ])
    await app.client.call("updateSettings", { body: { editor: "cursor" } })
    await expect(edit()).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("Settings"),
    })

    await app.client.call("revealPath", { body: { projectId: project.id, path: "src/a b;$(id).ts" } })
    expect(programs.told("xdg-open")).toEqual([join(app.workspace, "src")])
  })

  it("opens nothing outside an attached workspace, nor what is not there", async () => {
    const { app, project } = await open()
    const programs = usePrograms(app, "code", "xdg-open")
    symlinkSync("/etc/passwd", join(app.workspace, "link"))
    const asked = [
      [{ path: "/etc/passwd" }, "forbidden"],
      [{ projectId: project.id, path: "../data/keys.json" }, "forbidden"],
      [{ projectId: project.id, path: "link" }, "forbidden"],
      [{ projectId: project.id, path: ".git/config" }, "forbidden"],
      [{ projectId: project.id, path: "none.ts" }, "not_found"],
    ] as const
    for (const [body, code] of asked) {
      await expect(app.client.call("openInEditor", { body })).rejects.toMatchObject({ code })
      await expect(app.client.call("revealPath", { body })).rejects.toMatchObject({ code })
    }
    expect([programs.told("code"), programs.told("xdg-open")]).toEqual([[], []])
  })

  it("says what a program said that could not start", async () => {
    const { app, project } = await open()
    usePrograms(app, "code")
    writeFileSync(join(app.dataDir, "bin", "code"), "#!/bin/sh\necho 'no display' >&2\nexit 1\n")
    await expect(
      app.client.call("openInEditor", { body: { projectId: project.id, path: "." } }),
    ).rejects.toMatchObject({ code: "service_unavailable", message: expect.stringContaining("no display") })
  })
})
