/** Specs and their tasks as one list of rows. Pure. */
import type { Spec, Task } from "@aura/core"

export type OutlineRow =
  | { kind: "spec"; key: string; spec: Pick<Spec, "id" | "title" | "order">; done: number; total: number }
  | { kind: "task"; key: string; task: Task }

/** Every spec, in order, followed by its tasks; tasks of a spec that is gone come last. */
export function toOutline(specs: readonly Spec[], tasks: readonly Task[]): OutlineRow[] {
  const bySpec = Map.groupBy(tasks, (task) => task.specId)
  const known = new Set(specs.map((spec) => spec.id))
  const rows = specs.flatMap((spec): OutlineRow[] => {
    const own = bySpec.get(spec.id) ?? []
    const done = own.filter((task) => task.status === "done").length
    return [{ kind: "spec", key: spec.id, spec, done, total: own.length }, ...own.map(toRow)]
  })
  return [...rows, ...tasks.filter((task) => !known.has(task.specId)).map(toRow)]
}

function toRow(task: Task): OutlineRow {
  return { kind: "task", key: task.id, task }
}
