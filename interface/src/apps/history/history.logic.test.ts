import type { Loop, Task } from "@aura/core"
import { noUsage } from "@aura/core"
import { describe, expect, it } from "vitest"
import { toDays, toMoments } from "./history.logic.ts"

const at = (hour: number, day = 1) => `2026-01-0${day}T${String(hour).padStart(2, "0")}:00:00.000Z`

const loop = (id: string, startedAt: string, finishedAt: string | null): Loop => ({
  id,
  projectId: "p",
  instanceId: "i",
  status: finishedAt ? "finished" : "running",
  phase: "working",
  taskId: null,
  sessionId: null,
  onlyTaskId: null,
  waiting: null,
  outcome: finishedAt ? "done" : null,
  reason: null,
  startedAt,
  finishedAt,
})

const task = (id: string, status: Task["status"], finishedAt?: string): Task => ({
  id,
  projectId: "p",
  specId: "s",
  title: id,
  description: "",
  status,
  order: 1,
  dependsOn: [],
  requirementIds: [],
  checks: [],
  attempts: 1,
  lessons: [],
  filesChanged: [],
  usage: noUsage,
  createdAt: at(0),
  ...(finishedAt ? { finishedAt } : {}),
})

describe("a project's history", () => {
  const rows = {
    plans: [],
    specs: [],
    loops: [loop("l1", at(1), at(5)), loop("l2", at(8, 2), null)],
    tasks: [
      task("a", "done", at(2)),
      task("b", "failed", at(4)),
      task("c", "done", at(9, 2)),
      task("d", "in_progress", at(3)),
      task("e", "ready"),
    ],
  }

  it("tells what ended, newest first, and how many tasks a run brought to done", () => {
    const told = toMoments(rows).map((moment) => `${moment.kind} ${moment.id}`)
    expect(told).toEqual(["task c", "begun l2:begun", "ended l1", "task b", "task a", "begun l1:begun"])
    expect(toMoments(rows).find((moment) => moment.id === "l1")).toMatchObject({ done: 1 })
  })

  it("is told day by day", () => {
    const days = toDays(toMoments(rows), (iso) => iso.slice(0, 10))
    expect(days.map(({ day, moments }) => [day, moments.length])).toEqual([
      ["2026-01-02", 2],
      ["2026-01-01", 4],
    ])
  })
})
