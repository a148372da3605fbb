/** One whole job for a crash to hit anywhere: its screenplay, real `aura run` processes, and what is left in the end. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { ModelServer } from "@aura/model"
import { openStore } from "@aura/store"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))
const compiled = fileURLToPath(new URL("../../../node_modules/.cache/compile", import.meta.url))

const call = (tool: string, input: object = {}) => ({ tool, input })
const write = (path: string, content: string) => call("write_file", { path, content })
const edit = (path: string, old_text: string, new_text: string) =>
  call("edit_file", { path, old_text, new_text })
const run = (command: string) => call("run_command", { command })
const done = (more: object = {}) => call("task_done", { notes: "Done.", ...more })
const task = (title: string, checks: string[], more: object = {}) =>
  call("create_task", {
    spec: "Core",
    title,
    description: "Do it.",
    checks,
    requirements: ["R1", "R2"],
    ...more,
  })
const turn = (...calls: object[]) => ({ text: "I go on.", calls })
const work = (title: string, replies: object[], when: object = {}) => ({
  when: { phase: "work", task: title, ...when },
  replies,
})

/** Five tasks: edits, a command that must not run twice, a hand-over half-way, a lost attempt, a follow-up. */
export const play = {
  scenes: [
    {
      when: { phase: "specs" },
      replies: [turn(call("create_spec", { title: "Core", markdown: "# Core" })), { text: "Done." }],
    },
    {
      when: { phase: "tasks" },
      replies: [
        turn(
          task("Base", ["test \"$(cat base.txt)\" = 'one two'"]),
          task("Generate", ['test "$(cat made.txt)" = hi'], { depends_on: ["Base"] }),
          task("Fix", ["test ! -e old.txt", 'test "$(cat part.txt)" = whole'], { depends_on: ["Base"] }),
          task("Retry", ["test -s right.txt"]),
        ),
        { text: "Done." },
      ],
    },
    work("Base", [
      turn(write("base.txt", "one\n"), write("old.txt", "old\n"), write("lib/deep/a.txt", "a\n")),
      turn(edit("base.txt", "one", "one two")),
      turn(done({ follow_ups: [{ title: "Tidy", description: "Clean up." }] })),
    ]),
    // It looks before it makes the line again; what both interruptions cost is fixed in the end.
    work("Generate", [
      turn(run("echo hi >> made.txt")),
      turn(run("test -e made.txt || echo hi >> made.txt")),
      turn(done()),
      turn(write("made.txt", "hi\n")),
      turn(done()),
    ]),
    work("Fix", [
      turn(call("delete_file", { path: "old.txt" }), write("part.txt", "half\n")),
      turn(done()),
      { ...turn(call("read_file", { path: "part.txt" })), usage: { share: 0.55 } },
    ]),
    {
      when: { phase: "hand_off" },
      replies: [turn(call("hand_off", { summary: "Half of it is there.", next_step: "Make it whole." }))],
    },
    work("Fix", [turn(edit("part.txt", "half", "whole")), turn(done())], { part: 2 }),
    work("Retry", [turn(write("wrong.txt", "x\n")), ...Array.from({ length: 4 }, () => turn(done()))], {
      attempt: 1,
    }),
    work("Retry", [turn(write("right.txt", "x\n")), turn(done())], { attempt: 2 }),
    {
      when: { phase: "checks" },
      replies: [
        turn(
          call("create_check", {
            requirement: "R1",
            title: "The base says one and two",
            command: "sh held/base.sh",
            files: [{ path: "held/base.sh", content: "grep -q one base.txt && grep -q two base.txt\n" }],
          }),
          call("create_check", {
            requirement: "R2",
            title: "The right file is there",
            command: "grep -q x right.txt",
          }),
        ),
        { text: "Done." },
      ],
    },
    { when: { phase: "review" }, replies: [turn(call("verdict", { accept: true, findings: [] }))] },
    {
      when: { phase: "product" },
      replies: [
        turn(run("cat base.txt right.txt")),
        turn(
          call("report_proven", { requirement: "R1", how: "grep -q two base.txt" }),
          call("report_proven", { requirement: "R2", how: "test -s right.txt" }),
        ),
        { text: "Done." },
      ],
    },
    work("Tidy", [turn(write("tidy.txt", "x\n")), turn(done({ checks: ["test -s tidy.txt"] }))]),
  ],
}

export type Ended = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }

type Started = {
  child: ChildProcess
  ended: Promise<Ended>
  /** Resolves when stdout has the text. */
  printed(text: string): Promise<void>
}

const switches = ["--held-out", "on", "--product-proof", "on", "--review", "on"]
const proving = ["run", "requirements.md", "--workspace", "ws", ...switches]

export type Job = {
  /** Starts `aura run` on it, or another command; `crashAt` is `point:n`. */
  start(options?: { crashAt?: string; args?: readonly string[] }): Started
  /** All that two runs must have in common. */
  result(): Promise<object>
  /** Processes that have the job's folder as theirs. */
  processes(): string[]
  close(): void
}

export function openJob(model: ModelServer): Job {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "aura-crash-")))
  mkdirSync(join(root, "ws"))
  writeFileSync(join(root, "requirements.md"), "# Files\n\n- one\n- two\n")
  const children = new Set<ChildProcess>()
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_COMPILE_CACHE: compiled,
    AURA_DATA_DIR: join(root, "data"),
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: "test-key",
  }
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: join(root, "ws"), encoding: "utf8" }).trim()
  return {
    start({ crashAt, args = proving } = {}) {
      const child = spawn(process.execPath, [main, ...args], {
        cwd: root,
        env: { ...env, ...(crashAt ? { AURA_CRASH_AT: crashAt } : {}) },
        stdio: ["ignore", "pipe", "pipe"],
      })
      children.add(child)
      let [stdout, stderr] = ["", ""]
      child.stdout.on("data", (chunk: Buffer) => {
        stdout += chunk.toString("utf8")
      })
      child.stderr.on("data", (chunk: Buffer) => {
        stderr += chunk.toString("utf8")
      })
      const ended = new Promise<Ended>((resolve) =>
        child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr })),
      )
      const printed = (text: string) =>
        new Promise<void>((resolve) => {
          const look = () => stdout.includes(text) && resolve()
          child.stdout.on("data", look)
          look()
        })
      return { child, ended, printed }
    },
    async result() {
      const store = await openStore(join(root, "data", "db"), { now: Date.now })
      const [tasks, specs, loops] = [
        await store.list("tasks"),
        await store.list("specs"),
        await store.list("loops"),
      ]
      const beside = {
        heldOut: (await store.list("heldOutChecks")).map(({ title, status, result }) => [
          title,
          status,
          result?.passed,
        ]),
        proofs: (await store.list("productProofs")).map(({ outcome, proven }) => [outcome, proven.length]),
        verdicts: tasks.map(({ evidence }) => evidence?.reviews?.length),
      }
      const commands = (await store.list("entries")).flatMap((entry) =>
        entry.kind === "tool" && entry.name === "run_command" ? [entry.toolUseId] : [],
      )
      await store.close()
      return {
        specs: specs.map((spec) => spec.title),
        tasks: tasks
          .toSorted((a, b) => a.order - b.order)
          .map((row) => [row.title, row.status, row.attempts, row.notes, row.filesChanged.length]),
        ...beside,
        unfinished: loops.filter((loop) => loop.status !== "finished").length,
        commits: git("log", "--reverse", "--format=%s").split("\n"),
        // Each commit is the one its task names, and no task has two.
        owners: git("log", "--reverse", "--format=%(trailers:key=Aura-Task,valueonly,separator=) %H")
          .split("\n")
          .map((line) => tasks.find((row) => line === `${row.id} ${row.commit}`)?.title),
        commands: new Set(commands).size === commands.length,
        tree: git("rev-parse", "HEAD^{tree}"),
        status: git("status", "--porcelain", "--ignored"),
      }
    },
    processes: () =>
      readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .filter((pid) => readFolder(pid).startsWith(root)),
    close() {
      for (const child of children) child.kill("SIGKILL")
      rmSync(root, { recursive: true, force: true })
    },
  }
}

function readFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return ""
  }
}
