/** What is secret stays out of everything Aura writes, sends, starts and shows. */
import { spawn } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { createRedactor, type LiveEvent, removed, tableNames } from "@aura/core"
import type { Keychain } from "@aura/domain"
import { describe, expect, it, onTestFinished } from "vitest"
import { createRedactingFeed } from "../src/redacting.ts"
import { call, done, screenplayOf, specsScene, tasksScene, testApp, work, write } from "./_app.ts"

const marker = "marker+value/that=is.secret"
const forms = [
  marker,
  Buffer.from(marker).toString("base64"),
  Buffer.from(`..${marker}..`).toString("base64"),
  encodeURIComponent(marker),
]
/** A part of each that no redaction leaves standing. */
const traces = ["value/that=is.secret", "alue%2Fthat", ...forms.slice(1, 3).map((form) => form.slice(8, 28))]
const shown = (text: string) => traces.filter((trace) => text.includes(trace))

const play = screenplayOf(
  specsScene("Core"),
  tasksScene({ title: "Make a", checks: ["test -s a.txt && cat leak.txt"], requirements: ["R1"] }),
  work("Make a", [
    {
      calls: [
        call("read_file", { path: "leak.txt" }),
        call("read_file", { path: ".env" }),
        call("search_code", { pattern: "hunter" }),
        call("run_command", { command: "env; tr '\\0' '\\n' < /proc/$PPID/environ; cat leak.txt" }),
      ],
    },
    { calls: [write("a.txt", "a")] },
    done(),
  ]),
)

describe("a secret", () => {
  it("appears in no event, row, live event, prompt, log or commit, in whichever writing", async () => {
    const app = await testApp(play, { env: { ANTHROPIC_API_KEY: marker } })
    app.write("leak.txt", `${forms.join("\n")}\n`)
    app.write(".env", "PASSWORD=hunter2-and-more\n")
    app.git("init", "-q")
    app.git("add", "leak.txt")
    app.git("-c", "user.name=u", "-c", "user.email=u@example.org", "commit", "-qm", "start")
    const live: LiveEvent[] = []
    const end = app.running.host.feed.listen((event) => live.push(event))
    const project = await app.createProject({
      requirements: `# Thing\n\n- It has a file a.txt, and the key ${marker}\n`,
    })
    await app.runAll(project)
    end()
    const { store } = app.running.aura
    const rows = await Promise.all(tableNames.map((table) => store.list(table)))
    expect(rows.flat().some((row) => "status" in row && row.status === "done")).toBe(true)
    expect(shown(JSON.stringify(rows))).toEqual([])
    expect(shown(JSON.stringify(await app.events()))).toEqual([])
    expect(shown(JSON.stringify(live))).toEqual([])
    const prompts = JSON.stringify(app.model.requests)
    expect(app.model.requests.length).toBeGreaterThan(4)
    expect(shown(prompts)).toEqual([])
    expect(prompts).toContain(removed)
    expect(prompts).not.toContain("hunter2")
    expect(shown(app.git("log", "-p", "--format=%B", "-1"))).toEqual([])
    expect(shown(app.git("log", "--format=%B"))).toEqual([])
    // A server that has ended has written everything out and changes no file any more.
    await app.running.stop()
    const files = readdirSync(app.dataDir, { recursive: true, withFileTypes: true })
    // Snapshots hold the files of the folder as they are, as the folder itself does.
    const isKept = (path: string) => path.includes(join("snapshots", "blobs"))
    for (const file of files.filter((entry) => entry.isFile() && !isKept(entry.parentPath))) {
      const text = readFileSync(join(file.parentPath, file.name), "latin1")
      expect([file.name, shown(text)]).toEqual([file.name, []])
    }
  })

  it("is not seen in harmless settings, nor in a file of which a person says that it holds none", async () => {
    const key = `sk-ant-${"x".repeat(30)}`
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "Make a", description: "Make it.", checks: ["test -s a.txt"] }),
        work("Make a", [
          {
            calls: [
              write("a.txt", "a\n"),
              write(".npmrc", "save-exact=true\nregistry=https://registry.npmjs.org/\n"),
              write(".env.test", "MODE=test\n"),
              write("test/keys.txt", `${key}\n`),
            ],
          },
          done(),
        ]),
      ),
    )
    const project = await app.createProject()
    const params = { p: project.id }
    await app.plan(project)
    const [task] = (await app.client.call("listTasks", { params, query: {} })).items
    await app.client.call("updateTask", {
      params: { ...params, t: task?.id ?? "" },
      body: { description: "Make it.\n\nNot secret: `test/keys.txt`" },
    })
    await app.client.call("startLoop", { params, body: {} })
    await app.idle()
    const tasks = await app.client.call("listTasks", { params, query: {} })
    expect(tasks.items.map((one) => one.status)).toEqual(["done"])
    const names = app.git("ls-files")
    for (const name of [".npmrc", ".env.test", "test/keys.txt"]) expect(names).toContain(name)
  })

  it("is refused by a commit: a file for secrets and a key in code", async () => {
    const key = `sk-ant-${"x".repeat(30)}`
    const pem = `-----BEGIN PRIVATE KEY-----\n${"b".repeat(40)}\n-----END PRIVATE KEY-----\n`
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({
          title: "Make a",
          checks: ["test -s a.txt"],
        }),
        work("Make a", [
          {
            calls: [
              write("a.txt", `fine\nkey = "${key}"\n`),
              write("config/.pgpass", "localhost:5432:db:ada:hunter2\n"),
              write("deploy.ts", `const key = \`${pem}\`\n`),
              write(".env.example", "PASSWORD=\n"),
              write(".npmrc", "# nothing\n"),
            ],
          },
          done(),
          {
            calls: [
              write("a.txt", "a\n"),
              write(".gitignore", "config/.pgpass\n"),
              write("deploy.ts", "const key = process.env.KEY\n"),
            ],
          },
          done({ left_out: ["config/.pgpass"] }),
        ]),
      ),
    )
    const project = await app.createProject()
    await app.runAll(project)
    const results = JSON.stringify(app.model.requests.at(-1))
    expect(results).toContain("a.txt line 2, config/.pgpass, a file for secrets, deploy.ts line 1")
    const tasks = await app.client.call("listTasks", { params: { p: project.id }, query: {} })
    expect(tasks.items.map((task) => task.status)).toEqual(["done"])
    const history = app.git("log", "-p", "--all", "--format=%B")
    expect(history).toContain("process.env.KEY")
    for (const secret of ["sk-ant-", "hunter2", "PRIVATE KEY"]) expect(history).not.toContain(secret)
  })

  it("is not cut in two by the pieces live text comes in", () => {
    const redactor = createRedactor([marker])
    const told: string[] = []
    const tell = createRedactingFeed(redactor, (event) => "text" in event && told.push(event.text))
    const piece = (text: string): LiveEvent => ({
      type: "tool.output",
      projectId: "p",
      sessionId: "s",
      toolUseId: "t",
      text,
    })
    for (const text of ["a ", marker.slice(0, 9), `${marker.slice(9)} b\nc`, "d\n"]) tell(piece(text))
    expect(told.join("")).toBe(`a ${removed} b\ncd\n`)
  })

  it("is left in the keychain where there is one, and sealed in the memory where it fails", async () => {
    const kept = new Map<string, string>()
    const keychain: Keychain = {
      get: async (name) => kept.get(name) ?? null,
      set: async (name, secret) => void kept.set(name, secret),
      remove: async (name) => void kept.delete(name),
    }
    const app = await testApp(play, { start: { keychain: () => keychain } })
    const { aura } = app.running
    await app.client.call("setApiKey", { body: { key: marker } })
    expect([...kept.values()]).toEqual([marker])
    expect((await aura.store.list("secrets"))[0]).toMatchObject({ sealed: null })
    await app.restart()
    expect(await app.client.call("getApiKey", {})).toMatchObject({ source: "settings" })
    keychain.set = () => Promise.reject(new Error("locked"))
    await app.client.call("setApiKey", { body: { key: marker } })
    const { store } = app.running.aura
    expect((await store.list("secrets"))[0]).toMatchObject({ sealed: expect.any(String) })
    kept.clear()
    await app.client.call("removeApiKey", {})
    expect(await app.client.call("getApiKey", {})).toMatchObject({ source: "environment" })
  })

  it.runIf(process.platform === "linux")(
    "is in the environment of neither the running server nor its launcher nor their children",
    async () => {
      const dataDir = mkdtempSync(join(tmpdir(), "aura-environ-"))
      const bin = fileURLToPath(new URL("../../cli/bin/aura.mjs", import.meta.url))
      const env = { ...process.env, AURA_DATA_DIR: dataDir, ANTHROPIC_API_KEY: marker, AURA_SERVER_PORT: "0" }
      const launcher = spawn(process.execPath, [bin, "serve"], { env, stdio: ["ignore", "pipe", "inherit"] })
      const ended = new Promise((resolve) => launcher.once("exit", resolve))
      onTestFinished(async () => {
        launcher.kill("SIGTERM")
        await ended
        rmSync(dataDir, { recursive: true, force: true })
      })
      await new Promise<void>((resolve, reject) => {
        launcher.once("exit", () => reject(new Error("it ended before it was up")))
        launcher.stdout.on("data", (chunk) => String(chunk).includes("Sign in") && resolve())
      })
      const family = familyOf(launcher.pid ?? 0)
      expect(family.length).toBeGreaterThan(1)
      for (const pid of family) {
        const environ = readFileSync(`/proc/${pid}/environ`, "latin1")
        expect([environ.includes("AURA_DATA_DIR="), shown(environ)]).toEqual([true, []])
        expect(shown(readFileSync(`/proc/${pid}/cmdline`, "latin1"))).toEqual([])
      }
    },
  )
})

/** A process and all below it. */
function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean)
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))]
}
