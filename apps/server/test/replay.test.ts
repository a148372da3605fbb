/** Runs that were recorded are played again with the model switched off, and end the same; or it is said where not. */
import { rmSync } from "node:fs"
import { dirname } from "node:path"
import type { Project } from "@aura/core"
import { idle, startLoop } from "@aura/engine"
import { parseScreenplay, startModelServer, toScreenplay } from "@aura/model"
import { type RecordedRun, type Replay, readEnv, readRun, replay, startServer } from "@aura/server"
import { describe, expect, it, onTestFinished } from "vitest"
import {
  call,
  done,
  repeating,
  screenplayOf,
  specsScene,
  type TestApp,
  tasksScene,
  testApp,
  work,
  write,
} from "./_app.ts"

const edit = (path: string, old_text: string, new_text: string) =>
  call("edit_file", { path, old_text, new_text })

/** A failing check that is fixed, a rotation, a follow-up, a lost attempt, silence, and a call that is no JSON. */
const eventful = screenplayOf(
  specsScene("Core"),
  tasksScene(
    { title: "Fix", checks: ["grep -q right a.txt"] },
    { title: "Long", checks: ["test -s b.txt && test -s c.txt"], depends_on: ["Fix"] },
    { title: "Hopeless", checks: ["false"] },
  ),
  work("Fix", [
    { thinking: "First wrong.", calls: [write("a.txt", "wrong\n"), call("run_command", { command: "pwd" })] },
    done(),
    { text: "Fix:", calls: [edit("a.txt", "wrong", "right"), edit("a.txt", "absent", "x")] },
    { calls: [write("lost.txt", "x")], fault: { malformed: true } },
    done({ follow_ups: [{ title: "After", description: "More." }] }),
  ]),
  work("Long", [{ calls: [write("b.txt", "b\n")], usage: { share: 0.6 } }], { part: 1 }),
  {
    when: { phase: "hand_off", task: "Long" },
    replies: [{ calls: [call("hand_off", { summary: "Half." })] }],
  },
  work("Long", [{}], { part: 2 }),
  work("Long", [{ calls: [write("c.txt", "c\n")] }, done()], { part: 2, says: "not finished until" }),
  repeating(work("Hopeless", [{ calls: [write("junk.txt", "junk\n")] }, done()])),
  work("After", [{ calls: [write("d.txt", "d\n")] }, done({ checks: ["test -s d.txt"] })]),
)

const simple = screenplayOf(
  specsScene("Core"),
  tasksScene({ title: "Make", checks: ["test -s a.txt"] }),
  work("Make", [{ calls: [write("a.txt", "a")] }, done()]),
)

const sum = "# Sum\n\n- `node add.js A B` prints the sum of A and B\n"
const right = "console.log(Number(process.argv[2]) + Number(process.argv[3]))\n"
const addTask = { title: "Add", checks: ['test "$(node add.js 1 2)" = 3'], requirements: ["R1"] }
const verdict = (accept: boolean, ...findings: string[]) => ({
  calls: [call("verdict", { accept, findings })],
})
const review = (task: string, part: number, ...replies: object[]) => ({
  when: { phase: "review", task, part },
  replies,
})
const product = (says: string, ...replies: object[]) => ({ when: { phase: "product", says }, replies })

/** A hard-coded output that a held-out check catches, a review that sends the work back, and a product that fails once. */
const doubted = screenplayOf(
  specsScene("Core"),
  tasksScene(addTask),
  {
    when: { phase: "checks" },
    replies: [
      {
        calls: [
          call("create_check", {
            requirement: "R1",
            title: "It adds any two numbers",
            command: "node acceptance/sum.mjs",
            files: [
              {
                path: "acceptance/sum.mjs",
                content:
                  'import { execFileSync } from "node:child_process"\nif (execFileSync("node", ["add.js", "20", "22"], { encoding: "utf8" }).trim() !== "42") process.exit(1)\n',
              },
            ],
          }),
        ],
      },
      { text: "Done." },
    ],
  },
  work("Add", [
    { calls: [write("add.js", "console.log(3)\n")] },
    done(),
    { calls: [write("add.js", `// slow\n${right}`)] },
    done(),
    { calls: [write("add.js", right)] },
    done(),
  ]),
  review("Add", 1, { calls: [call("read_file", { path: "add.js" })] }, verdict(false, "It is slow.")),
  review("Add", 2, verdict(true)),
  review("R1: node add.js alone", 1, verdict(true)),
  product(
    "Round 1",
    {
      calls: [
        call("run_command", { command: "node add.js" }),
        call("report_failure", {
          requirement: "R1",
          what: "node add.js alone",
          expected: "a message",
          seen: "NaN",
          command: 'test "$(node add.js)" != NaN',
        }),
      ],
    },
    { text: "Done." },
  ),
  work("R1: node add.js alone", [{ calls: [write("add.js", `if (process.argv[3]) ${right}`)] }, done()]),
  product(
    "Round 2",
    { calls: [call("report_proven", { requirement: "R1", how: 'test "$(node add.js 5 6)" = 11' })] },
    { text: "Done." },
  ),
)

async function record(app: TestApp, project?: Project): Promise<RecordedRun> {
  const { id } = project ?? (await app.createProject())
  if (!project) await app.runAll(await app.client.call("getProject", { params: { p: id } }))
  return await readRun(app.client, id)
}

async function play(run: RecordedRun, options = {}): Promise<Replay> {
  const played = await replay(run, options)
  const { place } = played
  if (place) onTestFinished(() => rmSync(dirname(place.dataDir), { recursive: true, force: true }))
  return played
}

describe("a replay", () => {
  it("ends in the same state: checks that failed, hand-overs, follow-ups and lost attempts included", async () => {
    const app = await testApp(eventful)
    const run = await record(app)
    expect(run.tasks.map(({ title, status }) => `${title} ${status}`)).toEqual([
      "Fix done",
      "Long done",
      "Hopeless failed",
      "After done",
    ])
    expect(new Set(run.turns.map(({ when }) => when.phase))).toEqual(
      new Set(["specs", "tasks", "work", "hand_off"]),
    )
    const before = app.model.requests.length
    const played = await play(run)
    expect(played).toMatchObject({
      result: "same",
      divergence: null,
      tree: app.git("rev-parse", "HEAD^{tree}"),
      tasks: 4,
      turns: run.turns.length,
      warnings: [],
      place: null,
    })
    expect(app.model.requests).toHaveLength(before)
    const screenplay = toScreenplay(run.turns, "Eventful")
    expect(parseScreenplay(JSON.stringify(screenplay))).toEqual(screenplay)
  })

  it("names the first turn where something else happened", async () => {
    const app = await testApp(eventful)
    const run = await record(app)
    const other: RecordedRun = structuredClone(run)
    const turn = other.turns.findIndex(({ calls }) => calls.some(({ input }) => input.path === "b.txt"))
    const reply = other.turns[turn]?.reply.calls[0]
    if (reply) reply.input = { path: "b.txt", content: "b\nand more\n" }
    const played = await play(other)
    expect(played.divergence).toMatchObject({
      turn: turn + 1,
      where: 'task "Long", attempt 1, part 1',
      what: "write_file b.txt",
      recorded: "done, b.txt added (+1 -0)",
      now: "done, b.txt added (+2 -0)",
    })
  })

  it("names a check that ended differently, and the files where only the folder differs", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "Make", checks: ["test -s a.txt"] }),
        work("Make", [{ calls: [call("run_command", { command: "date +%s%N > a.txt" })] }, done()]),
      ),
    )
    const run = await record(app)
    const folder = await play(run)
    expect(folder.divergence).toMatchObject({
      turn: run.turns.length,
      what: "the folder when `test -s a.txt` ran, in a.txt",
      recorded: `tree ${run.tasks[0]?.evidence?.treeHash}`,
    })
    const other: RecordedRun = structuredClone(run)
    const check = other.turns.at(-1)?.checks[0]
    if (check) Object.assign(check, { passed: false, exitCode: 7 })
    expect((await play(other)).divergence).toMatchObject({
      what: "the check `test -s a.txt`",
      recorded: "`test -s a.txt` failed with exit code 7",
      now: "`test -s a.txt` passed",
    })
  })

  it("begins with what the folder held, and never reaches the folder itself", async () => {
    const app = await testApp(eventful)
    app.git("init", "-q", "-b", "trunk")
    app.write("old.txt", "old\n")
    app.git("add", ".")
    app.git("-c", "user.name=Ada", "-c", "user.email=a@b.c", "commit", "-q", "-m", "first")
    app.write("mine.txt", "mine")
    const project = await app.createProject()
    await app.runAll(project)
    const run = await record(app, project)
    const played = await play(run)
    expect(played).toMatchObject({ result: "same", tree: app.git("rev-parse", "HEAD^{tree}") })
    expect(played.warnings[0]).toContain("mine.txt")
    const astray: RecordedRun = structuredClone(run)
    const command = astray.turns
      .flatMap(({ reply }) => reply.calls)
      .find(({ tool }) => tool === "run_command")
    if (command) command.input = { command: `touch ${app.workspace}/astray.txt` }
    expect((await play(astray)).divergence?.what).toContain("in astray.txt")
    expect(app.git("status", "--porcelain")).toBe("?? mine.txt")
  })

  it("is as if there had been no stop", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "Make", checks: ["test -s a.txt"] }),
        work("Make", [
          { calls: [write("a.txt", "half")] },
          { calls: [call("run_command", { command: "sleep 600" })] },
          { calls: [write("a.txt", "whole")] },
          done(),
        ]),
      ),
    )
    const project = await app.createProject()
    const params = { p: project.id }
    const sleeping = app.toolStarted("run_command")
    const whole = app.runAll(project)
    await sleeping
    await app.client.call("stopLoop", { params })
    await whole
    const stopped = await record(app, project)
    expect(await play(stopped)).toMatchObject({ result: "same", tree: null })
    await app.client.call("startLoop", { params, body: {} })
    await app.idle()
    const run = await record(app, project)
    expect(await play(run)).toMatchObject({ result: "same", tree: app.git("rev-parse", "HEAD^{tree}") })
  })

  it("halts after a turn, and another model goes on from there in the same attempt", async () => {
    const app = await testApp(eventful)
    const run = await record(app)
    const until = run.turns.findIndex(({ checks }) => checks.some(({ passed }) => !passed)) + 1
    const played = await play(run, { until })
    expect(played).toMatchObject({ result: "halted", divergence: null, turns: until })
    const { dataDir = "", projectId = "" } = played.place ?? {}
    const other = screenplayOf(
      repeating(work("Fix", [{}, {}, { calls: [edit("a.txt", "wrong", "all right")] }, done()])),
    )
    const model = await startModelServer({ screenplay: parseScreenplay(JSON.stringify(other)), port: 0 })
    const env = readEnv({ ANTHROPIC_BASE_URL: model.url, AURA_DATA_DIR: dataDir }, null)
    const server = await startServer({ env: { ...env, port: 0 } })
    onTestFinished(() => model.close())
    await startLoop(server.engine, projectId)
    await idle(server.engine)
    const tasks = await server.aura.store.list("tasks", { projectId })
    await server.stop()
    expect(tasks[0]).toMatchObject({ title: "Fix", status: "done", attempts: 1 })
    expect(tasks[0]?.evidence?.treeHash).not.toBe(run.tasks[0]?.evidence?.treeHash)
  })

  it("holds the sessions again that proved it: held-out checks, reviews and the whole product", async () => {
    const app = await testApp(doubted)
    const settings = { heldOut: "auto", productProof: null, budgetUsd: 50, review: "on" } as const
    const project = await app.createProject({ requirements: sum, ...settings })
    await app.runAll(project)
    const run = await record(app, project)
    expect(run.loop).toMatchObject({ outcome: "done" })
    expect(new Set(run.turns.map(({ when }) => when.phase))).toEqual(
      new Set(["specs", "tasks", "checks", "work", "review", "product"]),
    )
    const played = await play(run)
    expect(played).toMatchObject({
      result: "same",
      divergence: null,
      tree: app.git("rev-parse", "HEAD^{tree}"),
      turns: run.turns.length,
    })
    const other = structuredClone(run)
    const reviewed = other.turns.findIndex(({ when }) => when.phase === "review")
    const call = other.turns[reviewed]?.reply.calls[0]
    if (call) call.input = { path: "absent.js" }
    expect((await play(other)).divergence).toMatchObject({
      turn: reviewed + 1,
      where: 'task "Add", attempt 1, part 1, review',
    })
  })

  it("answers as people did who overruled a review", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene(addTask),
        work("Add", [
          { calls: [write("add.js", right)] },
          done(),
          { calls: [write("add.js", `// 1\n${right}`)] },
          done(),
          { calls: [write("add.js", `// 2\n${right}`)] },
          done(),
        ]),
        { when: { phase: "review" }, replies: [verdict(false, "I would do it in Rust.")] },
      ),
    )
    const project = await app.createProject({ requirements: sum, review: "on", heldOut: "off" })
    await app.runAll(project)
    const { items } = await app.client.call("listAsks", { query: {} })
    const body = { allow: true, reason: "The language is my choice." }
    await app.client.call("answerAsk", { params: { a: items[0]?.id ?? "" }, body })
    await app.client.call("startLoop", { params: { p: project.id }, body: {} })
    await app.idle()
    const run = await record(app, project)
    expect(run.tasks.map(({ status }) => status)).toEqual(["done"])
    expect(await play(run)).toMatchObject({ result: "same", tree: app.git("rev-parse", "HEAD^{tree}") })
  })

  it("is refused while the loop is not finished, and for turns that are none", async () => {
    const app = await testApp(simple)
    const run = await record(app)
    await expect(play({ ...run, loop: null })).rejects.toThrow("never worked on")
    const running = run.loop && { ...run.loop, status: "paused" as const }
    await expect(play({ ...run, loop: running })).rejects.toThrow("not finished")
    await expect(play(run, { until: 1000 })).rejects.toThrow("there is no turn 1000")
  })
})
