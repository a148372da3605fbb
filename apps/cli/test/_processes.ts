/** Real `aura` processes on a folder, a data directory and a scripted model of their own. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Readable } from "node:stream"
import { fileURLToPath } from "node:url"
import { createClient } from "@aura/core"
import { parseScreenplay, startModelServer } from "@aura/model"
import { expect, onTestFinished } from "vitest"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))
export const call = (tool: string, input: object) => ({ tool, input })
export const task = (title: string, more: object = {}) =>
  call("create_task", {
    spec: "Core",
    title,
    description: "Do it.",
    requirements: ["R1", "R2", "R3"],
    ...more,
  })
export const work = (title: string, ...calls: object[]) => ({
  when: { phase: "work", task: title },
  replies: [...calls.map((one) => ({ calls: [one] })), { calls: [call("task_done", { notes: "Done." })] }],
})

/** In the workspace, and ignored by git. */
const marker = "node_modules/again"

type Scene = { when: { phase: string; task?: string }; replies: object[] }
export const play: { scenes: Scene[] } = {
  scenes: [
    {
      when: { phase: "specs" },
      replies: [{ calls: [call("create_spec", { title: "Core", markdown: "# Core" })] }, { text: "Done." }],
    },
    {
      when: { phase: "tasks" },
      replies: [
        {
          calls: [
            task("One", { checks: ["test -s one.txt"] }),
            task("Two", { depends_on: ["One"], checks: ["test -s two.txt"] }),
            task("Three", { checks: ["test -s three.txt"] }),
          ],
        },
        { text: "Done." },
      ],
    },
    work("One", call("write_file", { path: "one.txt", content: "1" })),
    // Only the first time does it take long enough to be killed in the middle.
    work(
      "Two",
      call("write_file", { path: "two.txt", content: "2" }),
      call("run_command", {
        command: `test -e ${marker} || { mkdir -p node_modules; touch ${marker}; sleep 600; }`,
      }),
    ),
    work("Three", call("write_file", { path: "three.txt", content: "3" })),
  ],
}

export const quickTwo = work("Two", call("write_file", { path: "two.txt", content: "2" }))

/** @param told resolves once stderr has the text */
export type Reader = (
  output: Readable,
  take: (text: string) => void,
  told: (text: string) => Promise<void>,
) => Promise<void>

const readAtOnce: Reader = async (output, take) => {
  for await (const chunk of output.setEncoding("utf8")) take(String(chunk))
}

/** @param readAll how the standard output of each process is read */
export async function setUp(screenplay: object = play, readAll: Reader = readAtOnce) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "aura-cli-")))
  const model = await startModelServer({ screenplay: parseScreenplay(JSON.stringify(screenplay)), port: 0 })
  mkdirSync(join(root, "ws"))
  writeFileSync(join(root, "requirements.md"), "# Three files\n\n- one\n- two\n- three\n")
  const children = new Set<ChildProcess>()
  onTestFinished(async () => {
    for (const child of children) child.kill("SIGKILL")
    await model.close()
    rmSync(root, { recursive: true, force: true })
  })
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    AURA_DATA_DIR: join(root, "data"),
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: "test-key",
  }
  const startWith = (more: object, ...args: string[]) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: root,
      env: { ...env, ...more },
      stdio: ["ignore", "pipe", "pipe"],
    })
    children.add(child)
    let stdout = ""
    let stderr = ""
    const take = (text: string) => {
      stdout += text
    }
    void readAll(child.stdout, take, (text) =>
      expect.poll(() => stderr.includes(text), { timeout: 120_000 }).toBe(true),
    )
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString("utf8")
    })
    const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
      child.on("close", (code) => resolve({ code, stdout, stderr })),
    )
    /** Resolves when stdout has the text. */
    const printed = (text: string) =>
      expect.poll(() => stdout.includes(text), { timeout: 120_000 }).toBe(true)
    return { child, ended, printed, stdout: () => stdout }
  }
  const start = (...args: string[]) => startWith({}, ...args)
  /** Resolves when the file is there: the command that makes it has really begun. */
  const begun = () => expect.poll(() => existsSync(join(root, "ws", marker)), { timeout: 120_000 }).toBe(true)
  /** A client of the server that is running on the data directory. */
  const connect = async () => {
    await expect.poll(() => existsSync(join(root, "data", "server.json")), { timeout: 60_000 }).toBe(true)
    const token = (await start("token").ended).stdout.trim()
    const noted = readFileSync(join(root, "data", "server.json"), "utf8")
    return createClient(/"url":"([^"]+)"/.exec(noted)?.[1] ?? "", async () => token)
  }
  /** Comments on the first project, as a person in the interface does, until something is true. */
  const commentUntil = async (isTrue: () => boolean) => {
    const client = await connect()
    const { items } = await client.call("listProjects", { query: {} })
    await expect
      .poll(
        async () => {
          await client.call("createComment", { params: { p: items[0]?.id ?? "" }, body: { text: "Go on." } })
          return isTrue()
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBe(true)
  }
  return {
    root,
    commentUntil,
    connect,
    startWith,
    begun,
    start,
    git: (...args: string[]) => execFileSync("git", args, { cwd: join(root, "ws"), encoding: "utf8" }).trim(),
  }
}

export const runArgs = ["run", "requirements.md", "--workspace", "ws"]
