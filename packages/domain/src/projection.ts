/**
 * What a plan will cost: per task, from its size and from what finished tasks have cost for their size, in this project
 * and in earlier ones. Costs differ by factors, so everything is reckoned in logarithms; the usual cost of a task counts
 * as a few finished tasks, so that the first ones do not decide alone.
 */
import type { Forecast, Projection, Range, Session, Task, Usage } from "@aura/core"
import type { Aura } from "./aura.ts"
import { get as getProject } from "./projects.ts"

/** Tokens of a task of size 1: some 20 turns in a context that grows to 60,000. */
export const usualTokens: Omit<Usage, "costUsd"> = {
  inputTokens: 2_000,
  cacheWriteTokens: 60_000,
  cacheReadTokens: 800_000,
  outputTokens: 12_000,
}
const usualMinutes = 8

/** How many finished tasks the usual cost counts as, and how far costs differ before any are known (in logarithms). */
const priorWeight = 2
const priorSpread = 0.7
/** A task that differs from the usual by more counts as one that differs by this factor. */
const maxFactor = 200
const elsewhereWeight = 0.5
const maxElsewhere = 200
/** Reviews, held-out checks and the proof of the whole, as a share of what tasks cost. */
const usualBeside = 0.15
/** One of ten lies beyond so many standard deviations, on each side. */
const tenth = 1.2816

/** A finished task. */
export type Past = { size: number; costUsd: number; minutes: number | undefined; isHere: boolean }
/** A task to be worked; what it has cost so far, where it was begun. */
export type Planned = { taskId: string; size: number; spentUsd: number; spentMinutes: number }

type Rate = { center: number; spread: number; doubt: number }
/** What one unit of size takes; `costUsd` is null where no price is known. */
export type Rates = { costUsd: Rate | null; minutes: Rate; beside: number }

/** How large a task is, as far as its text says. */
export function sizeOf({
  description,
  checks,
  requirementIds,
}: Pick<Task, "description" | "checks" | "requirementIds">): number {
  const size = 0.6 + description.length / 1_500 + 0.1 * checks.length + 0.2 * requirementIds.length
  return Math.min(size, 6)
}

/** @param usualUsd price of `usualTokens`; null where nobody knows it */
export function learn(past: readonly Past[], usualUsd: number | null, beside = usualBeside): Rates {
  const costs = past.flatMap(({ costUsd, size, isHere }) =>
    costUsd > 0 ? [{ value: costUsd / size, isHere }] : [],
  )
  const minutes = past.flatMap(({ minutes: taken, size, isHere }) =>
    taken !== undefined && taken > 0 ? [{ value: taken / size, isHere }] : [],
  )
  return { costUsd: toRate(costs, usualUsd), minutes: rate(minutes, usualMinutes), beside }
}

type Sample = { value: number; isHere: boolean }

function toRate(samples: readonly Sample[], usual: number | null): Rate | null {
  if (usual !== null && usual > 0) return rate(samples, usual)
  const [first] = samples
  return first ? rate(samples, first.value) : null
}

function rate(samples: readonly Sample[], usual: number): Rate {
  const logs = samples.map(({ value, isHere }) => ({
    log: Math.log(Math.min(Math.max(value, usual / maxFactor), usual * maxFactor)),
    weight: isHere ? 1 : elsewhereWeight,
  }))
  const weight = priorWeight + logs.reduce((sum, one) => sum + one.weight, 0)
  const center =
    (priorWeight * Math.log(usual) + logs.reduce((sum, one) => sum + one.weight * one.log, 0)) / weight
  const squares = logs.reduce((sum, one) => sum + one.weight * (one.log - center) ** 2, 0)
  const spread = Math.sqrt((priorWeight * priorSpread ** 2 + squares) / weight)
  return { center, spread, doubt: spread / Math.sqrt(weight) }
}

/** Each task as a whole, and what of all of them is still to come. */
export function forecast(
  tasks: readonly Planned[],
  rates: Rates,
): { tasks: (Forecast & { taskId: string })[]; remaining: Forecast } {
  const { costUsd, minutes, beside } = rates
  const each = tasks.map(({ taskId, size, spentUsd, spentMinutes }) => ({
    taskId,
    costUsd: costUsd && atLeast(toRange(costUsd, size), spentUsd),
    minutes: atLeast(toRange(minutes, size), spentMinutes),
  }))
  const rest = (of: (one: (typeof each)[number]) => Range | null, spent: (task: Planned) => number) =>
    each.flatMap((one, i) => {
      const range = of(one)
      const task = tasks[i]
      return range && task ? [Math.max(0, range.expected - spent(task))] : []
    })
  return {
    tasks: each,
    remaining: {
      costUsd:
        costUsd &&
        scale(
          sum(
            rest(
              (one) => one.costUsd,
              (task) => task.spentUsd,
            ),
            costUsd,
          ),
          1 + beside,
        ),
      minutes: sum(
        rest(
          (one) => one.minutes,
          (task) => task.spentMinutes,
        ),
        minutes,
      ),
    },
  }
}

function toRange({ center, spread }: Rate, size: number): Range {
  const at = (deviations: number) => size * Math.exp(center + deviations * spread)
  return { low: at(-tenth), expected: at(spread / 2), high: at(tenth) }
}

/** A task that was begun has cost something, and is not at its end. */
function atLeast({ low, expected, high }: Range, spent: number): Range {
  if (spent <= 0) return { low, expected, high }
  return {
    low: Math.max(low, spent),
    expected: Math.max(expected, spent * 1.25),
    high: Math.max(high, spent * 2),
  }
}

/** Tasks differ each for itself; that all are dearer than was thought concerns them together. */
function sum(expected: readonly number[], { spread, doubt }: Rate): Range {
  const total = expected.reduce((all, one) => all + one, 0)
  if (total === 0) return { low: 0, expected: 0, high: 0 }
  const squares = expected.reduce((all, one) => all + one ** 2, 0)
  const variance = squares * (Math.exp(spread ** 2) - 1) + total ** 2 * (Math.exp(doubt ** 2) - 1)
  const width = Math.sqrt(Math.log(1 + variance / total ** 2))
  const at = (deviations: number) => total * Math.exp(deviations * width - width ** 2 / 2)
  return { low: at(-tenth), expected: total, high: at(tenth) }
}

function scale({ low, expected, high }: Range, factor: number): Range {
  return { low: low * factor, expected: expected * factor, high: high * factor }
}

const isToDo = ({ status }: Task) => status === "pending" || status === "ready" || status === "in_progress"

/**
 * What is known of a project's costs.
 * @param usualUsd price of `usualTokens` with its model; null where nobody knows it
 */
export async function learnFrom(aura: Aura, projectId: string, usualUsd: number | null): Promise<Rates> {
  const { here, elsewhere } = await findPast(aura, projectId)
  const sessions = await aura.store.list("sessions", { projectId })
  return learn([...here, ...elsewhere], usualUsd, shareBeside(sessions, here))
}

/** What a rehearsal costs is made up; it teaches nothing about other projects. */
async function findPast(aura: Aura, projectId: string): Promise<{ here: Past[]; elsewhere: Past[] }> {
  const [tasks, projects] = await Promise.all([aura.store.list("tasks", {}), aura.store.list("projects", {})])
  const real = new Set(projects.flatMap(({ id, rehearsal }) => (rehearsal ? [] : [id])))
  return {
    here: tasks.filter((task) => task.projectId === projectId).flatMap((task) => toPast(task, true)),
    elsewhere: tasks
      .filter((task) => task.projectId !== projectId && real.has(task.projectId))
      .toSorted((a, b) => (a.finishedAt ?? "").localeCompare(b.finishedAt ?? ""))
      .flatMap((task) => toPast(task, false))
      .slice(-maxElsewhere),
  }
}

/**
 * Of a project as it stands.
 * @param usualUsd price of `usualTokens` with its model; null where nobody knows it
 */
export async function get(aura: Aura, projectId: string, usualUsd: number | null): Promise<Projection> {
  const project = await getProject(aura, projectId)
  const [tasks, { here, elsewhere }, rates] = await Promise.all([
    aura.store.list("tasks", { projectId }),
    findPast(aura, projectId),
    learnFrom(aura, projectId, usualUsd),
  ])
  const now = aura.now()
  const planned = tasks
    .filter(isToDo)
    .toSorted((a, b) => a.order - b.order)
    .map((task) => ({
      taskId: task.id,
      size: sizeOf(task),
      spentUsd: task.usage.costUsd,
      spentMinutes:
        task.status === "in_progress" && task.startedAt ? (now - Date.parse(task.startedAt)) / 60_000 : 0,
    }))
  const spentUsd = project.usage.costUsd
  const { tasks: each, remaining } = forecast(planned, rates)
  const taken = here.reduce((all, { minutes }) => all + (minutes ?? 0), 0)
  const spentMinutes = taken + planned.reduce((all, one) => all + one.spentMinutes, 0)
  return {
    spentUsd,
    remaining,
    total: {
      costUsd: remaining.costUsd && shift(remaining.costUsd, spentUsd),
      minutes: shift(remaining.minutes, spentMinutes),
    },
    tasks: each,
    learnedFrom: { here: here.length, elsewhere: elsewhere.length },
    requirements: costPerRequirement(tasks),
  }
}

function toPast(task: Task, isHere: boolean): Past[] {
  if (task.status !== "done") return []
  const { startedAt, finishedAt } = task
  const minutes =
    startedAt && finishedAt ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 60_000 : undefined
  return [{ size: sizeOf(task), costUsd: task.usage.costUsd, minutes, isHere }]
}

/** Of this project, as far as it is known. */
function shareBeside(sessions: readonly Session[], here: readonly Past[]): number {
  const besideUsd = sessions.reduce((all, { purpose, usage }) => all + (purpose ? usage.costUsd : 0), 0)
  const tasksUsd = here.reduce((all, { costUsd }) => all + costUsd, 0)
  if (tasksUsd === 0) return usualBeside
  const weight = here.length / (here.length + priorWeight)
  return usualBeside * (1 - weight) + Math.min(besideUsd / tasksUsd, 3) * weight
}

/** What a task has cost is divided evenly among the requirements it proves. */
function costPerRequirement(tasks: readonly Task[]): Projection["requirements"] {
  const costs = new Map<string, number>()
  for (const { requirementIds, usage } of tasks)
    for (const id of requirementIds)
      costs.set(id, (costs.get(id) ?? 0) + usage.costUsd / requirementIds.length)
  return [...costs]
    .map(([id, costUsd]) => ({ id, costUsd }))
    .toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))
}

function shift({ low, expected, high }: Range, by: number): Range {
  return { low: low + by, expected: expected + by, high: high + by }
}
