/** The plan as a graph: titles become ids, and what cannot be worked in any order is named. Pure. */
import type { Spec, Task } from "@aura/core"

/** A task as the model wrote it; `dependsOn` holds titles or ids. */
export type TaskDraft = {
  spec: string
  title: string
  description: string
  dependsOn: readonly string[]
  checks: readonly string[]
  requirementIds: readonly string[]
}

export type ResolvedDraft = TaskDraft & { id: string; specId: string; dependsOn: string[]; order: number }

export type Resolution = { tasks: ResolvedDraft[]; problems: string[] }

/**
 * Resolves drafts against the specs and the tasks that stay. Without problems, `tasks` are in an order that
 * can be worked from front to back: dependencies first, otherwise as written.
 */
export function resolve(
  drafts: readonly TaskDraft[],
  context: { specs: readonly Spec[]; kept: readonly Task[]; requirementIds: readonly string[] },
  newId: () => string,
): Resolution {
  const problems: string[] = []
  if (drafts.length === 0 && context.kept.length === 0)
    problems.push("There are no tasks. Create at least one with create_task.")
  const byName = new Map<string, string>()
  for (const task of context.kept) for (const name of [task.id, task.title]) byName.set(toKey(name), task.id)
  const nodes = drafts.map((draft) => {
    const id = newId()
    const key = toKey(draft.title)
    if (byName.has(key)) problems.push(`Two tasks are called "${draft.title}". Titles must differ.`)
    byName.set(key, id)
    const spec = context.specs.find((row) => row.id === draft.spec || toKey(row.title) === toKey(draft.spec))
    if (!spec) {
      problems.push(
        `"${draft.title}" names the spec "${draft.spec}", which does not exist. The specs are: ${quote(context.specs.map((row) => row.title))}.`,
      )
    }
    const unknown = draft.requirementIds.filter(
      (requirement) => !context.requirementIds.includes(requirement),
    )
    if (unknown.length > 0)
      problems.push(`"${draft.title}" names ${quote(unknown)}, which the document does not have.`)
    return { ...draft, id, specId: spec?.id ?? "", order: 0 }
  })
  const tasks = nodes.map((node) => ({ ...node, dependsOn: resolveNames(node, byName, problems) }))
  const sorted = sort(tasks)
  if (sorted.cycle)
    problems.push(
      `These tasks wait for each other in a circle: ${sorted.cycle.map((task) => `"${task.title}"`).join(" → ")}.`,
    )
  return { tasks: sorted.tasks, problems }
}

function resolveNames(
  node: { id: string; title: string; dependsOn: readonly string[] },
  byName: Map<string, string>,
  problems: string[],
): string[] {
  const ids = new Set<string>()
  for (const name of node.dependsOn) {
    const id = byName.get(toKey(name))
    if (!id) problems.push(`"${node.title}" depends on "${name}", which is no task.`)
    else if (id === node.id) problems.push(`"${node.title}" depends on itself.`)
    else ids.add(id)
  }
  return [...ids]
}

type Node = { id: string; dependsOn: readonly string[] }

/** Dependencies first, otherwise in the order given. With a circle, `cycle` names its members in turn. */
export function sort<T extends Node>(nodes: readonly T[]): { tasks: (T & { order: number })[]; cycle?: T[] } {
  const ids = new Set(nodes.map((node) => node.id))
  const left = new Map(nodes.map((node) => [node.id, node.dependsOn.filter((id) => ids.has(id)).length]))
  const dependants = new Map<string, T[]>()
  for (const node of nodes) {
    for (const id of node.dependsOn) dependants.set(id, [...(dependants.get(id) ?? []), node])
  }
  const position = new Map(nodes.map((node, i) => [node.id, i]))
  const open = nodes.filter((node) => left.get(node.id) === 0)
  const sorted: (T & { order: number })[] = []
  for (let node = open.shift(); node; node = open.shift()) {
    sorted.push({ ...node, order: sorted.length + 1 })
    for (const dependant of dependants.get(node.id) ?? []) {
      const rest = (left.get(dependant.id) ?? 0) - 1
      left.set(dependant.id, rest)
      if (rest === 0) insert(open, dependant, (item) => position.get(item.id) ?? 0)
    }
  }
  if (sorted.length === nodes.length) return { tasks: sorted }
  return { tasks: sorted, cycle: findCycle(nodes.filter((node) => (left.get(node.id) ?? 0) > 0)) }
}

function insert<T>(items: T[], item: T, rank: (item: T) => number): void {
  const at = items.findIndex((other) => rank(other) > rank(item))
  items.splice(at === -1 ? items.length : at, 0, item)
}

/** Every node given waits for another one of them, so following the first of these ends in a circle. */
function findCycle<T extends Node>(stuck: readonly T[]): T[] {
  const byId = new Map(stuck.map((node) => [node.id, node]))
  const path: T[] = []
  let node = stuck[0]
  while (node && !path.includes(node)) {
    path.push(node)
    const next: string | undefined = node.dependsOn.find((id) => byId.has(id))
    node = next === undefined ? undefined : byId.get(next)
  }
  return node ? [...path.slice(path.indexOf(node)), node] : path
}

function toKey(name: string): string {
  return name.trim().toLowerCase()
}

function quote(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ")
}
