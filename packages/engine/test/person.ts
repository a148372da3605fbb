/** The person, and bad luck: what may be done to a running Aura at any moment. */
import { AuraError, toMessage } from "@aura/core"
import { type Caller, comments, projects, requirements, tasks } from "@aura/domain"
import { openMemoryGit } from "@aura/workspace"
import { suspendAll } from "../src/engine.ts"
import { pauseLoop, resumeLoop, skipTask, startLoop, stopLoop } from "../src/loop/loop.ts"
import type { World } from "./world.ts"

type Operation = (world: World) => Promise<unknown>

export const ann: Caller = { kind: "person", name: "Ann", role: "owner", isHere: true }

export const operations = {
  start: ({ engine, project }) => startLoop(engine, project.id),
  async startTwice(world) {
    const both = await Promise.allSettled([1, 2].map(() => startLoop(world.engine, world.project.id)))
    if (both.every((one) => one.status === "fulfilled")) world.problems.push("two starts at once both began")
  },
  pause: ({ engine, project }) => pauseLoop(engine, project.id),
  resume: ({ engine, project }) => resumeLoop(engine, project.id),
  stop: ({ engine, project }) => stopLoop(engine, project.id),
  async restartLoop({ engine, project }) {
    const { id } = await stopLoop(engine, project.id)
    await engine.running.get(id)?.finished
    await startLoop(engine, project.id)
  },
  crash: (world) => world.crash(),
  /** The server is ended in order, and started again. */
  async restart(world) {
    await suspendAll(world.engine)
    await world.crash()
  },
  async changeBudget({ aura, project, random }) {
    const { usage } = await projects.get(aura, project.id)
    const budgetUsd = random.pick([null, usage.costUsd / 2, usage.costUsd + 0.15, usage.costUsd + 5])
    await projects.update(aura, ann, project.id, { budgetUsd })
  },
  editRequirements: ({ aura, project, random }) =>
    requirements.save(aura, ann, project.id, {
      markdown: `- It works\n- It works better ${random.below(3)}\n`,
    }),
  async retry({ aura, project }) {
    for (const task of await tasks.list(aura, project.id)) {
      if (task.status === "failed" || task.status === "blocked")
        return await tasks.retry(aura, project.id, task.id, "Try again.")
    }
  },
  async runOne({ aura, engine, project, random }) {
    const ready = (await tasks.list(aura, project.id)).filter((task) => task.status === "ready")
    const task = ready[random.below(ready.length)]
    if (task) await startLoop(engine, project.id, { onlyTaskId: task.id })
  },
  comment: ({ aura, project, random }) =>
    comments.create(aura, project.id, { text: `Mind the edges ${random.below(9)}.` }),
  skip: ({ engine, project }) => skipTask(engine, project.id),
  pauseAfterTask: ({ engine, project }) => pauseLoop(engine, project.id, { after: "task" }),
  /** The machine slept, summer came, or somebody set the clock. */
  async turnClock({ random, turnClock }) {
    turnClock(random.pick([-86_400_000, -3_600_000, 3_600_000, 5 * 86_400_000]))
  },
  /** Commits something of their own, beside what Aura does. */
  async commit({ files, repository, random }) {
    const git = openMemoryGit(files, repository)
    const name = `person-${repository.commits.length}.txt`
    const before = await git.headTree()
    files.set(name, `${random.below(100)}\n`)
    const except = (await git.changes(before, await git.snapshot())).map(({ path }) => path)
    const others = except.filter((path) => path !== name)
    await git.commit(before, await git.snapshot(), { except: others, message: "By hand\n" })
  },
} satisfies Record<string, Operation>

type Name = keyof typeof operations

/** How likely each of them is. */
export type Fate = readonly (readonly [number, Name])[]

/** The power fails, and nobody minds. */
export const powerCuts: Fate = [
  [5, "crash"],
  [2, "restart"],
  [1, "start"],
  [1, "startTwice"],
  [1, "editRequirements"],
  [1, "turnClock"],
  [1, "comment"],
]

export const anything: Fate = [
  [5, "crash"],
  [2, "pause"],
  [2, "resume"],
  [2, "stop"],
  [2, "start"],
  [2, "restartLoop"],
  [1, "restart"],
  [1, "startTwice"],
  [1, "changeBudget"],
  [1, "editRequirements"],
  [1, "retry"],
  [1, "runOne"],
  [1, "commit"],
  [1, "turnClock"],
  [1, "comment"],
  [1, "skip"],
  [1, "pauseAfterTask"],
]

/** Does one thing; that it is refused is fine, anything else than a refusal is not. */
export async function perform(world: World, name: Name): Promise<void> {
  world.log.push(`${name} (after ${world.asked} requests)`)
  const act: Operation = operations[name]
  await act(world).catch((cause: unknown) => {
    const isRefusal = cause instanceof AuraError && refusals.has(cause.code)
    world.log.push(`  ${name}: ${toMessage(cause)}`)
    if (!isRefusal) world.problems.push(`${name} failed: ${toMessage(cause)}`)
  })
}

const refusals = new Set(["conflict", "bad_request", "not_found"])
