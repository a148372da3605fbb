import { noUsage, type Task } from "@aura/core"
import { describe, expect, it } from "vitest"
import { memoryAura } from "../../test/_aura.ts"
import * as loops from "../loops.ts"
import * as tasks from "./tasks.ts"

const evidence = {
  at: "2026-01-01T00:00:00.000Z",
  treeHash: "t",
  foreignFiles: [],
  checks: [
    {
      command: "true",
      source: "task" as const,
      passed: true,
      exitCode: 0,
      durationMs: 1,
      output: "",
      outputDigest: "",
      treeHash: "t",
    },
  ],
}

async function setUp() {
  const aura = memoryAura()
  const at = new Date(aura.now()).toISOString()
  const [projectId, instanceId] = ["prj_1", "inst_1"]
  await aura.store.commit("project.created", {
    projectId,
    rows: {
      projects: [
        {
          id: projectId,
          name: "P",
          description: "",
          workspacePath: "/ws",
          buildCommand: null,
          testCommand: null,
          model: null,
          budgetUsd: null,
          building: null,
          heldOut: "off",
          productProof: null,
          review: "off",
          mutation: "off",
          reviewerAgentId: null,
          status: "active",
          rehearsal: false,
          level: 2,
          levelUntil: null,
          hosts: [],
          documentId: "doc_1",
          usage: noUsage,
          createdAt: at,
          updatedAt: at,
        },
      ],
      instances: [
        {
          id: instanceId,
          projectId,
          agentId: null,
          name: "A",
          workspace: { kind: "local", path: "/ws" },
          status: "idle",
          createdAt: at,
          updatedAt: at,
        },
      ],
      specs: [{ id: "spec_1", projectId, order: 1, title: "S", markdown: "", createdAt: at, updatedAt: at }],
    },
  })
  await tasks.create(aura, projectId, { specId: "spec_1", title: "One", description: "" })
  const claim = async (replaces?: string) => {
    const loop = await loops.start(aura, projectId, { replaces })
    const task = await tasks.claimNext(aura, { projectId, instanceId, loopId: loop.id, onlyTaskId: null })
    if (!task) throw new Error("nothing was claimed")
    return { task, loopId: loop.id }
  }
  return { aura, claim, read: (id: string) => tasks.get(aura, projectId, id) }
}

describe("the fence around a claimed task", () => {
  it("refuses every write of a loop that was ended, and changes nothing", async () => {
    const { aura, claim, read } = await setUp()
    const stale = await claim()
    await loops.recover(aura)
    await tasks.recover(aura)
    const before = await read(stale.task.id)
    for (const write of [
      () => tasks.setBase(aura, stale, "tree"),
      () => tasks.prove(aura, stale, evidence, []),
      () => tasks.recordCommit(aura, stale, "sha"),
      () => tasks.finishDone(aura, stale, { notes: "", followUps: [] }),
      () => tasks.finishFailed(aura, stale, "failed", "no"),
      () => tasks.endAttempt(aura, stale, "lesson"),
    ]) {
      await expect(write()).rejects.toMatchObject({ code: "conflict" })
    }
    expect(await read(stale.task.id)).toEqual(before)
  })

  it("refuses them as well once another loop has the task, whose own writes are taken", async () => {
    const { aura, claim, read } = await setUp()
    const stale = await claim()
    await loops.recover(aura)
    await tasks.recover(aura)
    const holder = await claim(stale.loopId)
    expect(holder.task).toMatchObject({ id: stale.task.id, attempts: 1 })
    await tasks.release(aura, stale)
    await loops.finish(aura, stale.loopId, "error", "too late")
    expect(await read(holder.task.id)).toMatchObject({ status: "in_progress" })
    expect(await aura.store.get("instances", "inst_1")).toMatchObject({ status: "working" })
    await expect(tasks.prove(aura, stale, evidence, [])).rejects.toMatchObject({ code: "conflict" })
    await tasks.prove(aura, holder, evidence, [])
    await expect(tasks.finishDone(aura, stale, { notes: "mine", followUps: [] })).rejects.toMatchObject({
      code: "conflict",
    })
    await tasks.finishDone(aura, holder, { notes: "ours", followUps: [] })
    expect(await read(holder.task.id)).toMatchObject({ status: "done", notes: "ours" })
    await expect(tasks.recordCommit(aura, holder, "sha")).rejects.toMatchObject({ code: "conflict" })
  })
})

describe("dying at work", () => {
  it("is counted in a row, anew when something was stored, and not while the provider is waited for", async () => {
    const { aura, claim, read } = await setUp()
    let last: string | undefined
    const die = async (
      before: (claimed: { task: Task; loopId: string }) => Promise<void> = async () => {},
    ) => {
      const claimed = await claim(last)
      last = claimed.loopId
      await before(claimed)
      await loops.recover(aura)
      await tasks.recover(aura)
      return (await read(claimed.task.id)).deaths?.count
    }
    expect([await die(), await die(), await die()]).toEqual([1, 2, 3])
    const waiting = { reason: "It is overloaded.", until: "2026-01-01T00:00:00.000Z" }
    expect(await die(({ loopId }) => loops.note(aura, loopId, { waiting }))).toBe(3)
    const stored = async ({ task }: { task: Task }) => {
      const entry = {
        id: "e1",
        projectId: "prj_1",
        sessionId: "s",
        instanceId: "inst_1",
        taskId: task.id,
        n: 1,
      }
      const row = { ...entry, at: waiting.until, kind: "note", level: "info", text: "x" } as const
      await aura.store.commit("entry.added", { projectId: "prj_1", rows: { entries: [row] } })
    }
    expect([await die(stored), await die()]).toEqual([1, 2])
  })
})
