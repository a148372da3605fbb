/** Boots the real app on a real store, with a screenplay served over real HTTP, in folders of its own. */
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { type AuraEvent, type Client, type CreateProject, createClient, type Project } from "@aura/core"
import { idle } from "@aura/engine"
import { type Api, type ModelServer, parseScreenplay, startModelServer } from "@aura/model"
import { type Running, readEnv, type StartOptions, startServer } from "@aura/server"
import { afterAll, beforeAll, onTestFinished, vi } from "vitest"

export type TestApp = {
  running: Running
  client: Client
  token: string
  model: ModelServer
  /** The folder the project works in. */
  workspace: string
  dataDir: string
  /** What it was started with. */
  env: StartOptions["env"]
  /** Waits until no loop, plan or answer is going on. */
  idle(): Promise<void>
  events(): Promise<AuraEvent[]>
  /** Resolves when the next tool, or the next of this name, has begun. */
  toolStarted(name?: string): Promise<void>
  git(...args: string[]): string
  write(name: string, text: string): void
  createProject(input?: Partial<Parameters<typeof createBody>[1]>): Promise<Project>
  /** Makes specs and tasks. */
  plan(project: Project): Promise<void>
  /** Plans and works to the end. */
  runAll(project: Project): Promise<void>
  restart(): Promise<void>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
}

/** A home with nothing in it for all tests of a file: what somebody's shell does when it starts is not what they test. */
export function useBareHome(): void {
  const home = mkdtempSync(join(tmpdir(), "aura-home-"))
  beforeAll(() => void vi.stubEnv("HOME", home))
  afterAll(() => {
    vi.unstubAllEnvs()
    rmSync(home, { recursive: true, force: true })
  })
}

type Scene = Record<string, unknown>

/** Every scene of a screenplay, most tests needing only their own work scenes. */
export function screenplayOf(...scenes: Scene[]): { title: string; scenes: Scene[] } {
  return { title: "Test", scenes }
}

export const specsScene = (...titles: string[]): Scene => ({
  when: { phase: "specs" },
  replies: [
    {
      calls: titles.map((title) => ({
        tool: "create_spec",
        input: { title, markdown: `# ${title}\n\nPurpose.` },
      })),
    },
    { text: "Done." },
  ],
})

type PlannedTask = {
  title: string
  depends_on?: string[]
  checks?: string[]
  requirements?: string[]
  spec?: string
  description?: string
}
/** What a plan of tasks covers unless the test says so: both requirements of the usual document. */
const usualRequirements = ["R1", "R2"]

export const tasksScene = (...tasks: PlannedTask[]): Scene => ({
  when: { phase: "tasks" },
  replies: [
    {
      calls: tasks.map((task) => ({
        tool: "create_task",
        input: {
          spec: "Core",
          description: "Do it.",
          ...(tasks.some(({ requirements }) => requirements) ? {} : { requirements: usualRequirements }),
          ...task,
        },
      })),
    },
    { text: "Done." },
  ],
})

export const call = (tool: string, input: Record<string, unknown> = {}) => ({ tool, input })
export const write = (path: string, content: string) => call("write_file", { path, content })
export const done = (more: Record<string, unknown> = {}) => ({
  calls: [call("task_done", { notes: "Done.", ...more })],
})
export const work = (task: string, replies: object[], when: object = {}): Scene => ({
  when: { phase: "work", task, ...when },
  replies,
})

/** The last reply is given again and again. */
export const repeating = (scene: Scene): Scene => ({ ...scene, then: "repeat" })

const requirements = "# Thing\n\n- It has a file a.txt\n- It has a file b.txt\n"

function createBody(workspacePath: string, input: Partial<Omit<CreateProject, "workspacePath">>) {
  return { name: "Thing", requirements, workspacePath, ...input }
}

/** The environment with which a model server of this API is used. */
export function variablesFor(api: Api, url: string): Record<string, string> {
  if (api === "anthropic") return { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: "test-key" }
  if (api === "gemini")
    return {
      GEMINI_BASE_URL: `${url}/v1beta`,
      GEMINI_API_KEY: "test-key",
      AURA_MODEL: "gemini:scripted",
      AURA_FAST_MODEL: "gemini:scripted",
    }
  return {
    OPENAI_BASE_URL: api === "responses" ? `${url}/v1/responses` : `${url}/v1`,
    OPENAI_API_KEY: "test-key",
    AURA_MODEL: "openai:scripted",
    AURA_FAST_MODEL: "openai:scripted",
  }
}

export async function testApp(
  screenplay: object,
  options: {
    env?: Record<string, string>
    modelUrl?: string
    /** Whose API the model server speaks; Anthropic's by default. */
    api?: Api
    /** The window of the scripted model, where it is not that of the table. */
    contextWindow?: number
    start?: Pick<StartOptions, "patience" | "keychain" | "limits">
  } = {},
): Promise<TestApp> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "aura-app-")))
  const workspace = join(root, "workspace")
  const dataDir = join(root, "data")
  mkdirSync(workspace)
  const { api = "anthropic", contextWindow } = options
  const model = await startModelServer({
    screenplay: parseScreenplay(JSON.stringify(screenplay)),
    port: 0,
    api,
    contextWindow,
  })
  const env = readEnv(
    {
      ...variablesFor(api, options.modelUrl ?? model.url),
      AURA_DATA_DIR: dataDir,
      AURA_SERVER_PORT: "1",
      ...options.env,
    },
    null,
  )
  const boot = () => startServer({ env: { ...env, port: 0 }, ...options.start })
  let running = await boot()
  let token = ""
  const signIn = async () => {
    const code = running.createSignInLink().split("#code=")[1] ?? ""
    const response = await fetch(`${running.url}/api/auth/exchange`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code }),
    })
    token = JSON.parse(await response.text()).access_token
  }
  await signIn()
  const forward: Client = {
    call: (name, input, opts) => createClient(running.url, () => token).call(name, input, opts),
    open: (name, input, opts) => createClient(running.url, () => token).open(name, input, opts),
  }
  onTestFinished(async () => {
    await running.stop()
    await model.close()
    rmSync(root, { recursive: true, force: true })
  })
  const app: TestApp = {
    get running() {
      return running
    },
    get token() {
      return token
    },
    client: forward,
    model,
    workspace,
    dataDir,
    env,
    idle: () => idle(running.engine),
    toolStarted: (name) =>
      new Promise((resolve) => {
        const end = running.host.feed.listen((event) => {
          if (event.type !== "tool.started" || (name !== undefined && event.name !== name)) return
          end()
          resolve()
        })
      }),
    events: () => running.aura.store.eventsAfter(0, { limit: 100_000 }),
    git: (...args) => execFileSync("git", args, { cwd: workspace, encoding: "utf8" }).trim(),
    write(name, text) {
      mkdirSync(dirname(join(workspace, name)), { recursive: true })
      writeFileSync(join(workspace, name), text)
    },
    createProject: (input = {}) => forward.call("createProject", { body: createBody(workspace, input) }),
    async plan(project) {
      const params = { p: project.id }
      await forward.call("generateSpecs", { params })
      await app.idle()
      await forward.call("extractTasks", { params })
      await app.idle()
    },
    async runAll(project) {
      await app.plan(project)
      await forward.call("startLoop", { params: { p: project.id }, body: {} })
      await app.idle()
    },
    async restart() {
      await running.stop()
      running = await boot()
      await signIn()
    },
    post: (path, body, headers = {}) =>
      fetch(`${running.url}${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
  }
  return app
}
