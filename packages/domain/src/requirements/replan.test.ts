import { mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { noUsage, type Task } from "@aura/core"
import { expect, it, onTestFinished } from "vitest"
import { ann, memoryAura } from "../../test/_aura.ts"
import * as projects from "../projects.ts"
import * as specs from "../specs.ts"
import * as ledger from "./ledger.ts"
import { preview } from "./replan.ts"
import * as requirements from "./requirements.ts"

const markdown = (...lines: string[]) => `# T\n\n${lines.map((line) => `- ${line}\n`).join("")}`
const [a, b, c] = ["It counts the lines of a file", "It prints help", "It writes a log of all it does"]

/** Three requirements, each with a task; the first two are done, and a task costs two dollars. */
async function setUp(budgetUsd: number | null = null) {
  const workspacePath = realpathSync(mkdtempSync(join(tmpdir(), "aura-replan-")))
  onTestFinished(() => rmSync(workspacePath, { recursive: true, force: true }))
  const aura = memoryAura()
  const { id: projectId } = await projects.create(aura, {
    name: "T",
    requirements: markdown(a, b, c),
    workspacePath,
    budgetUsd,
  })
  const at = new Date(aura.now()).toISOString()
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
    attempts: 0,
    lessons: [],
    filesChanged: [],
    usage: noUsage,
    createdAt: at,
    ...more,
  })
  const proven = (id: string): Partial<Task> => ({
    status: "done",
    evidence: {
      at,
      treeHash: "t",
      foreignFiles: [],
      requirements: { [id]: 1 },
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
  const spec = {
    id: "s1",
    projectId,
    order: 1,
    title: "Core",
    markdown: "# Core\n\n- It counts",
    createdAt: at,
    updatedAt: at,
  }
  await aura.store.commit("tasks.extracted", {
    projectId,
    rows: { specs: [spec], tasks: [task(1, proven("R1")), task(2, proven("R2")), task(3, {})] },
  })
  const show = (change: Parameters<typeof preview>[2]) =>
    preview(aura, projectId, change, async (all) => 2 * all.length)
  const tasks = () => aura.store.list("tasks", { projectId })
  return { aura, projectId, show, tasks }
}

it("shows what a change of the document keeps, reopens, closes and adds, and for how much, and stores nothing", async () => {
  const { aura, projectId, show, tasks } = await setUp()
  const before = await tasks()
  const changed = markdown("It counts the lines and words of a file", b, "It encrypts everything with AES")
  expect(await show({ markdown: changed })).toMatchObject({
    basedOn: 1,
    kept: [{ id: "t2", title: "Task 2" }],
    reopened: [{ id: "t1", why: expect.stringContaining("It counts the lines and words") }],
    closed: [{ id: "t3" }],
    planned: [{ requirementId: "R4", text: "It encrypts everything with AES" }],
    projection: { tasks: 2, costUsd: 4, leftUsd: null, fits: true },
  })
  expect(await tasks()).toEqual(before)
  expect((await requirements.view(aura, projectId)).version).toBe(1)
})

it("shows nothing to do for a typo, another order, other blanks and the same text", async () => {
  const { show } = await setUp()
  for (const text of [
    markdown(a, b, c),
    markdown(b, c, a),
    markdown(`**${a}**.`, b, "It writes a log of all it deos"),
  ])
    expect(await show({ markdown: text })).toMatchObject({
      reopened: [],
      closed: [],
      planned: [],
      projection: { tasks: 0, costUsd: 0, fits: true },
    })
})

it("says when the change costs more than is left of the budget", async () => {
  const { show } = await setUp(3)
  const changed = markdown("It counts the lines and words of a file", b, c, "It encrypts everything with AES")
  expect((await show({ markdown: changed })).projection).toEqual({
    tasks: 2,
    costUsd: 4,
    leftUsd: 3,
    fits: false,
  })
  expect((await show({ markdown: changed, leaveOut: ["R4"] })).projection).toMatchObject({
    tasks: 1,
    fits: true,
  })
})

it("does nothing about what a person leaves out, which is waived with the reason", async () => {
  const { aura, projectId, show, tasks } = await setUp()
  const change = {
    markdown: markdown("It counts the lines and words of a file", b, c, "It encrypts everything with AES"),
    leaveOut: ["R1", "R4"],
    basedOn: 1,
  }
  expect(await show(change)).toMatchObject({
    reopened: [],
    planned: [],
    leftOut: [{ requirementId: "R1" }, { requirementId: "R4" }],
  })
  const before = await tasks()
  await requirements.save(aura, ann, projectId, change)
  expect(await tasks()).toEqual(before)
  const { items } = await ledger.get(aura, projectId)
  expect(items.map(({ id, state }) => `${id} ${state}`)).toEqual([
    "R1 waived",
    "R2 proven",
    "R3 unproven",
    "R4 waived",
  ])
  expect(items[0]?.waiver).toMatchObject({ by: "Ann", reason: expect.stringContaining("version 2") })
  await expect(
    requirements.save(aura, ann, projectId, { ...change, markdown: "- x y" }),
  ).rejects.toMatchObject({
    code: "conflict",
  })
})

it("follows a person's word on which requirement a statement is, before and after it is saved", async () => {
  const { aura, projectId, show, tasks } = await setUp()
  const text = "It counts each file and all of its words"
  const changed = markdown(text, b, c)
  const shown = await show({ markdown: changed })
  expect(shown).toMatchObject({
    planned: [{ requirementId: "R4" }],
    doubts: [{ requirementId: "R4", text, of: "R1", before: a }],
  })
  expect(await show({ markdown: changed, identities: [{ text, is: "R1" }] })).toMatchObject({
    reopened: [{ id: "t1" }],
    planned: [],
    doubts: [],
  })
  await requirements.save(aura, ann, projectId, { markdown: changed })
  const ids = async () => (await requirements.view(aura, projectId)).requirements.map(({ id }) => id)
  expect(await ids()).toEqual(["R4", "R2", "R3"])
  await requirements.decideIdentity(aura, ann, projectId, { text, is: "R1" })
  expect(await ids()).toEqual(["R1", "R2", "R3"])
  expect((await tasks()).map(({ status }) => status)).toEqual(["ready", "done", "ready"])
  // The number that was given out meanwhile is closed, and stays so.
  const next = await requirements.save(aura, ann, projectId, { markdown: `${changed}- It sings\n` })
  expect(next.requirements.map(({ id }) => id)).toEqual(["R1", "R2", "R3", "R5"])
  expect(next.ledger.find(({ id }) => id === "R4")).toMatchObject({ closedIn: 3 })
  await expect(requirements.decideIdentity(aura, ann, projectId, { text, is: "R2" })).rejects.toMatchObject({
    code: "conflict",
  })
})

it("takes a rewording that was none back, and gives no wording a version that another one had", async () => {
  const { aura, projectId } = await setUp()
  const text = "It counts lines of the archive"
  const ids = async () =>
    (await requirements.view(aura, projectId)).requirements.map(({ id, since }) => `${id} since ${since}`)
  await requirements.save(aura, ann, projectId, { markdown: markdown(text, b, c) })
  expect(await ids()).toEqual(["R1 since 2", "R2 since 1", "R3 since 1"])
  const view = await requirements.decideIdentity(aura, ann, projectId, { text, is: "new" })
  expect(await ids()).toEqual(["R4 since 3", "R2 since 1", "R3 since 1"])
  expect(view.ledger.find(({ id }) => id === "R1")).toMatchObject({
    text: a,
    since: 1,
    closedIn: 3,
    earlier: [],
  })
  // Confirmed once more, it stays what it is.
  await requirements.decideIdentity(aura, ann, projectId, { text, is: "R4" })
  expect((await requirements.view(aura, projectId)).version).toBe(3)
  await requirements.save(aura, ann, projectId, { markdown: markdown(a, b, c) })
  expect(await ids()).toEqual(["R1 since 1", "R2 since 1", "R3 since 1"])
})

it("reopens the done tasks of a spec that says something else, unless a person keeps them", async () => {
  const { aura, projectId, tasks } = await setUp()
  const stand = async () => (await tasks()).map(({ status }) => status)
  await specs.update(aura, ann, projectId, "s1", { markdown: "# Core\n\n* It **counts**.\n" })
  await specs.update(aura, ann, projectId, "s1", {
    markdown: "# Core\n\n- It counts\n- It sings",
    keepDone: true,
  })
  expect(await stand()).toEqual(["done", "done", "ready"])
  await specs.update(aura, ann, projectId, "s1", { markdown: "# Core\n\n- It counts\n- It dances" })
  expect(await stand()).toEqual(["ready", "ready", "ready"])
  const [first] = await tasks()
  expect(first?.lessons).toEqual([
    'The spec "Core" was changed since this was done. It says now: "It dances". It does not say any more: "It sings".',
  ])
  expect(first?.earlier).toHaveLength(1)
})
