/** Plays the bundled screenplays with real files and commands: what they build must really work. */
import { execFile } from "node:child_process"
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { contextTokens } from "@aura/core"
import { afterEach, describe, expect, test } from "vitest"
import { findModel } from "../catalog.ts"
import { textOf } from "../json.ts"
import type { Message, Model, Reply, ToolResult, ToolSpec } from "../model.ts"
import { createScreenplayModel } from "./model.ts"
import { parseScreenplay } from "./screenplay.ts"

type Input = Record<string, unknown>
type Task = { title: string; dependsOn: string[]; checks: string[]; requirements: string[] }
type Attempt = { title: string; refusals: number; parts: number; calls: string[] }

const examples = new URL("../../../../examples/", import.meta.url)
const modelId = "claude-opus-5-5"
const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describe("the rehearsal", () => {
  test("plans, builds and proves a program that works, with one refusal and one rotation", async () => {
    const play = await playThrough("rehearsal")

    expect(play.specs).toEqual(["Ledger lines", "Overlaps", "Sums", "Reports", "Command line"])
    expect(play.attempts).toHaveLength(9)
    expect(play.attempts.filter(({ refusals }) => refusals > 0)).toMatchObject([
      { title: "Parse ledger lines", refusals: 1 },
    ])
    expect(play.attempts.filter(({ parts }) => parts > 1)).toMatchObject([
      { title: "Build the command line", parts: 2 },
    ])
    expect(play.attempts.at(-1)?.title).toBe("Explain tally in the README")
    expect(play.tasks.find(({ title }) => title === "Build the command line")?.dependsOn).toHaveLength(3)
    expect(new Set(play.tasks.flatMap(({ requirements }) => requirements))).toEqual(
      new Set(Array.from({ length: 16 }, (_, i) => `R${i + 1}`)),
    )
    const used = new Set(play.attempts.flatMap(({ calls }) => calls))
    expect([...used]).toEqual(
      expect.arrayContaining(["read_file", "list_files", "find_files", "search_code", "edit_file"]),
    )
    expect(await findFailure(["npm test"], play.folder)).toBeUndefined()
    const report = await runCommand("node bin/tally.js example/week.txt", play.folder)
    expect(report.output).toMatch(/^Total +11h 45m$/m)
  }, 60_000)

  test("goes on in one session where sessions rotate late", async () => {
    const play = await playThrough("rehearsal", { rotateAt: 0.9, skipChecks: true })

    expect(play.attempts).toHaveLength(9)
    expect(play.attempts.every(({ parts }) => parts === 1)).toBe(true)
  })

  test("numbers as many requirements as its document lists", () => {
    const markdown = readFileSync(new URL("rehearsal/requirements.md", examples), "utf8")
    expect(markdown.match(/^- /gm)).toHaveLength(16)
  })
})

test("the hello example builds a greeting that works", async () => {
  const play = await playThrough("hello")

  expect(play.attempts.map(({ title }) => title)).toEqual(["Write the greeting", "Print the greeting"])
  expect((await runCommand("node hello.js", play.folder)).output).toBe("Hello, world!\n")
}, 30_000)

type Options = { rotateAt?: number; skipChecks?: boolean }

/** A small stand-in for the engine: phases, tools, checks and rotation, no more than a screenplay needs. */
async function playThrough(name: string, { rotateAt = 0.5, skipChecks = false }: Options = {}) {
  const folder = mkdtempSync(join(tmpdir(), "aura-rehearsal-"))
  folders.push(folder)
  const screenplay = parseScreenplay(readFileSync(new URL(`${name}/screenplay.yaml`, examples), "utf8"))
  const model = createScreenplayModel(screenplay, { now: () => 0 })
  const specs: string[] = []
  const tasks: Task[] = []
  const attempts: Attempt[] = []

  await converse(model, ["create_spec"], "Write the specs.", async (_, input) => {
    specs.push(textOf(input.title))
    return ok("created")
  })
  await converse(model, ["create_task"], "Write the tasks.", async (_, input) => {
    expect(specs).toContain(input.spec)
    tasks.push({
      title: textOf(input.title),
      dependsOn: texts(input.depends_on),
      checks: texts(input.checks),
      requirements: texts(input.requirements),
    })
    return ok("created")
  })

  for (const task of tasks) {
    const before = attempts.map(({ title }) => title)
    expect(before).toEqual(expect.arrayContaining(task.dependsOn))
    attempts.push(await work(task))
  }
  return { folder, specs, tasks, attempts }

  async function work(task: Task): Promise<Attempt> {
    const attempt: Attempt = { title: task.title, refusals: 0, parts: 1, calls: [] }
    let isDone = false
    const runTool = async (tool: string, input: Input): Promise<Output> => {
      attempt.calls.push(tool)
      if (tool === "run_command" && skipChecks) return ok("")
      if (tool !== "task_done") return await runFileTool(tool, input, folder)
      const failure = skipChecks ? undefined : await findFailure(task.checks, folder)
      if (failure !== undefined) {
        attempt.refusals += 1
        return { output: failure, isError: true }
      }
      isDone = true
      for (const { title } of rows(input.follow_ups)) {
        tasks.push({ title: textOf(title), dependsOn: [], checks: [], requirements: [] })
      }
      return ok("accepted")
    }
    while (!isDone) {
      const brief = `# Task: ${task.title}\nAttempt 1, part ${attempt.parts}\n\nDo it.`
      const tools = ["read_file", "write_file", "task_done"]
      const ending = await converse(model, tools, brief, runTool, { rotateAt, isOver: () => isDone })
      expect(ending, `${task.title} ended without task_done`).not.toBe("end_turn")
      if (ending !== "rotate") continue
      const handOff = `# Task: ${task.title}\nAttempt 1, part ${attempt.parts}\n\nHand over.`
      let summary = ""
      await converse(model, ["hand_off"], handOff, async (_, input) => {
        summary = textOf(input.summary)
        return ok("noted")
      })
      expect(summary).not.toBe("")
      attempt.parts += 1
    }
    return attempt
  }
}

type Output = { output: string; isError: boolean }
type RunTool = (tool: string, input: Input) => Promise<Output>

function ok(output: string): Output {
  return { output, isError: false }
}

async function converse(
  model: Model,
  toolNames: string[],
  prompt: string,
  runTool: RunTool,
  { rotateAt = 1, isOver = () => false }: { rotateAt?: number; isOver?: () => boolean } = {},
): Promise<"end_turn" | "rotate" | "over"> {
  const tools: ToolSpec[] = toolNames.map((name) => ({
    name,
    description: name,
    inputSchema: { type: "object" },
  }))
  const messages: Message[] = [{ role: "user", content: [{ type: "text", text: prompt }] }]
  for (let turn = 0; turn < 50; turn++) {
    const reply = await ask(model, messages, tools)
    const calls = reply.blocks.filter((block) => block.type === "tool_use")
    if (calls.length === 0) return "end_turn"
    const results: ToolResult[] = []
    for (const { id, name, input } of calls) {
      results.push({ type: "tool_result", toolUseId: id, ...(await runTool(name, input)) })
      const last = results.at(-1)
      const mayFail = name === "task_done" || name === "run_command"
      expect(mayFail || !last?.isError, `${name} failed: ${last?.output}`).toBe(true)
    }
    messages.push({ role: "assistant", content: reply.blocks }, { role: "user", content: results })
    if (isOver()) return "over"
    if (contextTokens(reply.usage) >= rotateAt * findModel(modelId).contextWindow) return "rotate"
  }
  throw new Error("the conversation does not end")
}

async function ask(model: Model, messages: Message[], tools: ToolSpec[]): Promise<Reply> {
  const { signal } = new AbortController()
  const request = { model: modelId, system: "Play.", messages, tools, maxTokens: 1000 }
  for await (const event of model.stream(request, signal)) {
    if (event.type === "failed") throw new Error(event.failure.message)
    if (event.type === "reply") return event.reply
  }
  throw new Error("no reply")
}

async function runFileTool(tool: string, input: Input, folder: string): Promise<Output> {
  const path = join(folder, textOf(input.path))
  switch (tool) {
    case "write_file":
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, textOf(input.content))
      return ok("written")
    case "edit_file": {
      const text = readFileSync(path, "utf8")
      const parts = text.split(textOf(input.old_text))
      if (parts.length !== 2) return { output: `old_text is there ${parts.length - 1} times`, isError: true }
      writeFileSync(path, parts.join(textOf(input.new_text)))
      return ok("edited")
    }
    case "read_file":
      return existsSync(path) ? ok(readFileSync(path, "utf8")) : { output: "no such file", isError: true }
    case "list_files":
    case "find_files":
    case "search_code":
      return ok(globSync("**/*.*", { cwd: folder }).join("\n"))
    case "run_command": {
      const { output, passed } = await runCommand(textOf(input.command), folder)
      return { output, isError: !passed }
    }
    default:
      return { output: `there is no tool ${tool}`, isError: true }
  }
}

async function findFailure(checks: string[], folder: string): Promise<string | undefined> {
  for (const check of checks) {
    const { passed, output } = await runCommand(check, folder)
    if (!passed) return `${check}\n${output}`
  }
  return undefined
}

function runCommand(command: string, cwd: string): Promise<{ passed: boolean; output: string }> {
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`
  return new Promise((resolve) => {
    execFile("sh", ["-c", command], { cwd, env: { PATH } }, (error, stdout, stderr) =>
      resolve({ passed: error === null, output: stdout + stderr }),
    )
  })
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function rows(value: unknown): Input[] {
  return Array.isArray(value) ? value : []
}
