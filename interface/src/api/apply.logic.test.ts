import { type Keys, noUsage, type Rows, type Task } from "@aura/core"
import { describe, expect, it } from "vitest"
import { applyChange, gatherChange, sortRows, touchedTables } from "./apply.logic.ts"

const task = (id: string, order: number, more: Partial<Task> = {}): Task => ({
  id,
  order,
  projectId: "p1",
  specId: "s1",
  title: id,
  description: "",
  status: "pending",
  dependsOn: [],
  requirementIds: [],
  checks: [],
  attempts: 0,
  lessons: [],
  filesChanged: [],
  usage: noUsage,
  createdAt: "2030-01-01T00:00:00Z",
  ...more,
})

function apply(rows: readonly Task[], events: { rows?: Rows; removed?: Keys }[]) {
  const change = gatherChange(
    "tasks",
    events.map((event) => ({ rows: {}, ...event })),
  )
  return applyChange("tasks", { projectId: "p1" }, rows, change)
}

describe("rows from events", () => {
  it("replace the row with the same id and keep the order of the list", () => {
    const rows = [task("a", 1), task("b", 2)]
    const after = apply(rows, [{ rows: { tasks: [task("a", 1, { status: "done" })] } }])
    expect(after).toEqual([task("a", 1, { status: "done" }), task("b", 2)])
  })

  it("are put in their place when new", () => {
    const after = apply([task("a", 1), task("c", 3)], [{ rows: { tasks: [task("b", 2)] } }])
    expect(after.map((row) => row.id)).toEqual(["a", "b", "c"])
  })

  it("leave the list when they are removed", () => {
    expect(apply([task("a", 1)], [{ removed: { tasks: ["a"] } }])).toEqual([])
  })

  it("of another project stay out of this one's list", () => {
    const rows = [task("a", 1)]
    expect(apply(rows, [{ rows: { tasks: [task("z", 9, { projectId: "p2" })] } }])).toBe(rows)
  })

  it("that moved elsewhere leave the list they no longer match", () => {
    const moved = task("a", 1, { projectId: "p2" })
    expect(apply([task("a", 1)], [{ rows: { tasks: [moved] } }])).toEqual([])
  })

  it("do no harm when applied twice", () => {
    const event = { rows: { tasks: [task("b", 2)] } }
    const once = apply([task("a", 1)], [event])
    expect(apply([...once], [event])).toEqual(once)
  })

  it("keep the very same list when nothing in it changed", () => {
    const rows = [task("a", 1)]
    expect(apply(rows, [{ removed: { tasks: ["unknown"] } }])).toBe(rows)
  })
})

describe("a batch of events", () => {
  it("gives the last word on an id", () => {
    const after = apply(
      [task("a", 1)],
      [
        { rows: { tasks: [task("b", 2)] } },
        { removed: { tasks: ["a", "b"] } },
        { rows: { tasks: [task("a", 5)] } },
      ],
    )
    expect(after).toEqual([task("a", 5)])
  })

  it("names the tables it touches and ignores those it does not know", () => {
    const fact = JSON.parse('{"rows":{"wishes":[{"id":"w"}],"specs":[]},"removed":{"tasks":["a"]}}')
    expect([...touchedTables([fact])]).toEqual(["specs", "tasks"])
  })
})

describe("the order of lists", () => {
  it("is newest first for projects and by place for entries of one session", () => {
    expect(sortRows("projects", [{ id: "prj_1" }, { id: "prj_2" }]).map((row) => row.id)).toEqual([
      "prj_2",
      "prj_1",
    ])
    const entries = [
      { id: "ent_1", sessionId: "s", n: 2 },
      { id: "ent_2", sessionId: "s", n: 1 },
      { id: "ent_0", sessionId: "r", n: 9 },
    ]
    expect(sortRows("entries", entries).map((row) => row.id)).toEqual(["ent_0", "ent_2", "ent_1"])
  })
})
