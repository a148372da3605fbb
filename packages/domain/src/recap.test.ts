import { mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describeRecap, type Entry, noUsage, type Session, type Task } from "@aura/core"
import { expect, it, onTestFinished } from "vitest"
import { memoryAura } from "../test/_aura.ts"
import * as projects from "./projects.ts"
import * as recap from "./recap.ts"

const evening = "2026-01-01T20:00:00.000Z"
const at = (hour: number) => new Date(Date.parse(evening) + hour * 3_600_000).toISOString()
const page = { name: "p", mediaType: "image/png", bytes: 1 } as const

/** Three requirements: one proven in the afternoon, one in the night, one that failed in the night. */
async function setUp(rehearsal = false) {
  const workspacePath = realpathSync(mkdtempSync(join(tmpdir(), "aura-recap-")))
  onTestFinished(() => rmSync(workspacePath, { recursive: true, force: true }))
  const aura = memoryAura()
  const requirements = "# T\n\n- It counts lines\n- It prints help\n- It writes a log\n"
  const { id: projectId } = await projects.create(aura, { name: "T", requirements, workspacePath, rehearsal })
  const task = (n: number, more: Partial<Task>): Task => ({
    id: `t${n}`,
    projectId,
    specId: "s1",
    title: `Task ${n}`,
    description: "",
    status: "ready",
    order: n,
    dependsOn: [],
    requirementIds: [`R${n}`],
    checks: ["npm test"],
    attempts: 1,
    lessons: [],
    filesChanged: [{ path: `${n}.ts`, op: "added", additions: 10 * n, deletions: n }],
    usage: noUsage,
    createdAt: at(-9),
    ...more,
  })
  const done = (n: number, finishedAt: string) =>
    task(n, {
      status: "done",
      finishedAt,
      evidence: {
        at: finishedAt,
        treeHash: "t",
        foreignFiles: [],
        requirements: { [`R${n}`]: 1 },
        checks: [
          {
            command: "npm test",
            source: "task",
            passed: true,
            exitCode: 0,
            durationMs: 1,
            output: "",
            outputDigest: "",
            treeHash: "t",
          },
        ],
      },
    })
  const session: Session = {
    id: "ses_1",
    projectId,
    instanceId: "i1",
    kind: "work",
    number: 1,
    status: "active",
    model: "m",
    contextTokens: 0,
    contextWindow: 1,
    contextUsage: 0,
    rotateAt: 0.5,
    turns: 2,
    usage: { ...noUsage, costUsd: 3 },
    summary: null,
    handOff: null,
    previousId: null,
    startedAt: at(-3),
    finishedAt: null,
  }
  const common = { projectId, sessionId: "ses_1", instanceId: "i1", n: 1 }
  const reply = (id: string, hour: number, costUsd: number): Entry => ({
    ...common,
    id,
    at: at(hour),
    kind: "reply",
    turn: 1,
    blocks: [],
    stopReason: "end_turn",
    model: "m",
    durationMs: 1,
    usage: { ...noUsage, costUsd },
  })
  const look: Entry = {
    ...common,
    id: "e3",
    at: at(2),
    kind: "tool",
    toolUseId: "u",
    name: "look_at_page",
    input: {},
    output: "",
    isError: false,
    durationMs: 1,
    media: [page],
  }
  await aura.store.commit("tasks.extracted", {
    projectId,
    rows: {
      tasks: [
        done(1, at(-2)),
        done(2, at(3)),
        task(4, { title: "Task 3", status: "failed", requirementIds: ["R3"], finishedAt: at(4) }),
        task(3, { status: "failed", failure: "The check fails.", finishedAt: at(4) }),
      ],
      sessions: [session],
      entries: [reply("e1", -2, 1), reply("e2", 1, 2), look],
    },
  })
  return { aura, projectId }
}

it("tells what was proven, spent, changed and seen since then, and nothing of before", async () => {
  const { aura, projectId } = await setUp()
  expect(await recap.get(aura, projectId, evening)).toMatchObject({
    since: evening,
    tasksDone: 1,
    proven: ["R2"],
    spentUsd: 2,
    changed: { files: 1, additions: 20, deletions: 2 },
    picture: page,
  })
  expect(await recap.get(aura, projectId, at(5))).toMatchObject({
    tasksDone: 0,
    proven: [],
    spentUsd: 0,
    changed: { files: 0 },
    picture: null,
  })
})

it("names what is not proven with the reason, and what waits for a person", async () => {
  const { aura, projectId } = await setUp()
  const told = await recap.get(aura, projectId, evening)
  expect(told.unproven.map(({ id }) => id)).toEqual(["R3"])
  expect(told.unproven[0]?.why).toBeTruthy()
  expect(told.decisions).toEqual(["Task 3"])
  expect(describeRecap(told)).toEqual([
    "Proven: R2",
    `Not proven: R3 – ${told.unproven[0]?.why}`,
    "Waits for you: Task 3",
    "1 task done · 1 file changed (+20 −2) · $2.00 spent",
  ])
})

it("says no cost of a rehearsal, and rejects an invalid time", async () => {
  const { aura, projectId } = await setUp(true)
  expect((await recap.get(aura, projectId, evening)).spentUsd).toBeNull()
  await expect(recap.get(aura, projectId, "yesterday")).rejects.toMatchObject({ code: "bad_request" })
})
