/** What happened in a project, told newest first and day by day: plans, runs, and tasks that came to an end. */
import type { Loop, Plan, Spec, Task } from "@aura/core"

export type Moment = { id: string; at: string } & (
  | { kind: "plan"; plan: Plan; about: string | undefined }
  | { kind: "begun"; loop: Loop }
  | { kind: "ended"; loop: Loop; done: number }
  | { kind: "task"; task: Task }
)

export type Day = { day: string; moments: Moment[] }

export type Rows = {
  plans: readonly Plan[]
  loops: readonly Loop[]
  tasks: readonly Task[]
  specs: readonly Spec[]
}

export function toMoments({ plans, loops, tasks, specs }: Rows): Moment[] {
  const ended = tasks.filter((task) => task.finishedAt !== undefined && task.status !== "in_progress")
  const titles = new Map(specs.map((spec) => [spec.id, spec.title]))
  const moments: Moment[] = [
    ...plans.map(
      (plan): Moment => ({
        id: plan.id,
        at: plan.finishedAt ?? plan.startedAt,
        kind: "plan",
        plan,
        about: plan.specId === undefined ? undefined : titles.get(plan.specId),
      }),
    ),
    ...loops.map((loop): Moment => ({ id: `${loop.id}:begun`, at: loop.startedAt, kind: "begun", loop })),
    ...loops.flatMap((loop): Moment[] => {
      const { finishedAt } = loop
      if (finishedAt === null) return []
      const done = ended.filter(
        (task) => task.status === "done" && isWithin(task.finishedAt ?? "", loop.startedAt, finishedAt),
      ).length
      return [{ id: loop.id, at: finishedAt, kind: "ended", loop, done }]
    }),
    ...ended.map((task): Moment => ({ id: task.id, at: task.finishedAt ?? "", kind: "task", task })),
  ]
  return moments.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
}

/** @param nameDay the day of a time as people say it where they are */
export function toDays(moments: readonly Moment[], nameDay: (iso: string) => string): Day[] {
  const days: Day[] = []
  for (const moment of moments) {
    const day = nameDay(moment.at)
    const last = days.at(-1)
    if (last?.day === day) last.moments.push(moment)
    else days.push({ day, moments: [moment] })
  }
  return days
}

function isWithin(at: string, from: string, to: string): boolean {
  return from <= at && at <= to
}
