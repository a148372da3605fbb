import type { Spec } from "@aura/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { resolve, sort, type TaskDraft } from "./graph.ts"

const spec: Spec = {
  id: "spec_1",
  projectId: "p",
  order: 1,
  title: "Core",
  markdown: "",
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
}
const draft = (title: string, dependsOn: string[] = []): TaskDraft => ({
  spec: "core",
  title,
  description: "",
  dependsOn,
  checks: [],
  requirementIds: [],
})

function run(drafts: TaskDraft[]) {
  let count = 0
  return resolve(drafts, { specs: [spec], kept: [], requirementIds: ["R1"] }, () => `task_${++count}`)
}

describe("resolving a plan", () => {
  it("turns titles into ids, whatever their case, and puts dependencies first", () => {
    const { tasks, problems } = run([draft("B", ["a"]), draft("A"), draft("C", ["B", "A"])])
    expect(problems).toEqual([])
    expect(tasks.map((task) => [task.title, task.order, task.dependsOn])).toEqual([
      ["A", 1, []],
      ["B", 2, ["task_2"]],
      ["C", 3, ["task_1", "task_2"]],
    ])
  })

  it.each([
    ["no tasks", [], "There are no tasks"],
    ["a circle", [draft("A", ["B"]), draft("B", ["A"])], '"A" → "B" → "A"'],
    ["a task that waits for itself", [draft("A", ["A"])], "depends on itself"],
    ["an unknown dependency", [draft("A", ["Z"])], 'depends on "Z"'],
    ["two of one title", [draft("A"), draft("a")], "Two tasks are called"],
    ["an unknown spec", [{ ...draft("A"), spec: "Nope" }], 'names the spec "Nope"'],
    ["an unknown requirement", [{ ...draft("A"), requirementIds: ["R9"] }], '"R9"'],
  ])("names %s", (_, drafts, words) => {
    expect(run(drafts).problems.join(" ")).toContain(words)
  })

  it("sorts a chain of 5,000 without running out of stack", () => {
    const nodes = Array.from({ length: 5000 }, (_, i) => ({
      id: `${i}`,
      dependsOn: i === 0 ? [] : [`${i - 1}`],
    })).toReversed()
    expect(sort(nodes).tasks.map((node) => node.order)).toEqual(nodes.map((_, i) => i + 1))
  })

  it("keeps every dependency before its dependant, for any graph without circles", () => {
    const graph = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 30 }).map((edges) =>
      edges.map((targets, i) => ({
        id: `${i}`,
        dependsOn: i === 0 ? [] : [...new Set(targets.map((target) => `${target % i}`))],
      })),
    )
    fc.assert(
      fc.property(graph, fc.infiniteStream(fc.nat()), (nodes, picks) => {
        const shuffled = nodes
          .map((node) => ({ node, key: picks.next().value ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ node }) => node)
        const { tasks, cycle } = sort(shuffled)
        expect(cycle).toBeUndefined()
        const order = new Map(tasks.map((task) => [task.id, task.order]))
        for (const task of tasks)
          for (const id of task.dependsOn) expect(order.get(id)).toBeLessThan(task.order)
      }),
    )
  })
})
