/** What must be true of every run, whatever the agent, the person and the provider did. */
import { isDeepStrictEqual } from "node:util"
import { type AuraEvent, addUsage, noUsage, type Row } from "@aura/core"
import { hasProgress } from "../src/session/rotate.ts"
import { type History, replay, sharedTables } from "./history.ts"
import { userFile, type World } from "./world.ts"

/** @returns a sentence for everything that is not as it must be */
export async function findBreaches(world: World): Promise<string[]> {
  const events = await world.store.eventsAfter(0, { limit: 100_000 })
  const history = replay(events)
  return [
    ...history.breaches,
    ...checkSeqs(events),
    ...(await checkRows(world, history)),
    ...checkTasks(world, history),
    ...checkFolder(world),
    ...checkSessions(history),
    ...checkLoops(history),
    ...checkSpending(history),
  ]
}

function checkSeqs(events: readonly AuraEvent[]): string[] {
  const gap = events.find((event, i) => event.seq !== i + 1)
  return gap ? [`event ${gap.seq} is out of place`] : []
}

/** Rows are what the events say they are. */
async function checkRows({ store }: World, history: History): Promise<string[]> {
  const breaches: string[] = []
  for (const table of sharedTables) {
    const stored = await store.list(table)
    const told = history.rowsOf(table)
    if (!isDeepStrictEqual(stored, told)) breaches.push(`the rows of ${table} are not those of the events`)
  }
  return breaches
}

function checkTasks({ repository, hasUserFile }: World, history: History): string[] {
  const { commits, trees } = repository
  return history.rowsOf("tasks").flatMap((task) => {
    const own = commits.filter(({ message }) => message.includes(`Aura-Task: ${task.id}`))
    if (task.status !== "done")
      return own.length === 0 ? [] : [`"${task.title}" is ${task.status} and committed`]
    const tree = trees.get(own[0]?.tree ?? "")
    return [
      ...(own.length === 1 ? [] : [`"${task.title}" has ${own.length} commits`]),
      ...(task.commit === own[0]?.sha ? [] : [`"${task.title}" names a commit that is not its own`]),
      ...(task.evidence?.checks.length ? [] : [`"${task.title}" is done without a check`]),
      ...(task.evidence?.checks.every((check) => check.passed)
        ? []
        : [`"${task.title}" is done, not proven`]),
      ...(isSame(trees.get(task.evidence?.treeHash ?? ""), tree)
        ? []
        : [`"${task.title}" is proven on another tree`]),
      ...(task.checks.every((check) => holds(check, tree)) ? [] : [`"${task.title}" fails its own checks`]),
      ...(hasUserFile && tree?.has(userFile) ? [`"${task.title}" committed a file of the user`] : []),
    ]
  })
}

/** Nothing of anybody's work is lost or left lying about: the folder is what was committed, and the user's file. */
function checkFolder({ files, repository, hasUserFile }: World): string[] {
  const head = repository.trees.get(repository.commits.at(-1)?.tree ?? "") ?? new Map<string, string>()
  const names = new Set([...files.keys(), ...head.keys()])
  if (hasUserFile) names.delete(userFile)
  return [...names]
    .filter((name) => files.get(name) !== head.get(name))
    .map((name) => `${name} is ${files.get(name)} in the folder and ${head.get(name)} in the last commit`)
}

type Tree = ReadonlyMap<string, string> | undefined

/** But for what a person committed while the proof was on its way. */
function isSame(proven: Tree, committed: Tree): boolean {
  const names = new Set([...(proven?.keys() ?? []), ...(committed?.keys() ?? [])])
  return [...names].every((name) => name.startsWith("person-") || proven?.get(name) === committed?.get(name))
}

/** What a check of the plan says of a tree. */
function holds(check: string, tree: ReadonlyMap<string, string> | undefined): boolean {
  const [what, , word = ""] = check.split(" ")
  if (what === "test") return tree?.get(word) !== undefined && tree.get(word) !== ""
  return tree?.get(check.split(" ")[3] ?? "")?.includes(word) ?? false
}

/** So many sessions in a row that changed no file and proved nothing are work that goes nowhere. */
const maxBarren = 45

function checkSessions(history: History): string[] {
  let barren = 0
  return history.rowsOf("sessions").flatMap((session) => {
    const entries = history.entriesOf(session.id)
    const gap = entries.find((entry, i) => entry.n !== i + 1)
    const answered = entries.flatMap((entry) => (entry.kind === "tool" ? [entry.toolUseId] : []))
    const moves = (entry: Row<"entries">) =>
      (entry.kind === "tool" && (entry.changes?.length ?? 0) > 0) ||
      (entry.kind === "check" && entry.check.passed)
    barren = session.status === "rolled_over" && !entries.some(moves) ? barren + 1 : 0
    const isBarren = session.status === "rolled_over" && !hasProgress(session, entries)
    return [
      ...(gap ? [`entry ${gap.n} of session ${session.number} is out of place`] : []),
      ...(new Set(answered).size === answered.length ? [] : ["a tool call has two results"]),
      ...(barren === maxBarren ? [`${maxBarren} sessions in a row came to nothing`] : []),
      ...(isBarren ? [`session ${session.number} was rotated twice in a row without progress`] : []),
    ]
  })
}

function checkLoops(history: History): string[] {
  const instances = history.rowsOf("instances").filter((instance) => instance.status !== "idle")
  const tasks = history.rowsOf("tasks").filter((task) => task.status === "in_progress")
  return [
    ...history.rowsOf("loops").flatMap((loop) => {
      if (loop.status !== "finished") return [`a loop is left ${loop.status}`]
      return loop.outcome && loop.reason && loop.finishedAt ? [] : ["a loop ended without saying why"]
    }),
    ...instances.map(({ status }) => `an agent is left ${status}`),
    ...tasks.map(({ title }) => `"${title}" is left in progress`),
  ]
}

/** Every reply is paid once: in its session, its task and its project. */
function checkSpending(history: History): string[] {
  const replies = history.rowsOf("entries").filter((entry) => entry.kind === "reply")
  const sum = (wanted: (entry: Row<"entries">) => boolean) =>
    replies.filter(wanted).reduce((total, { usage }) => addUsage(total, usage), noUsage).outputTokens
  const wrong = [
    ...history.rowsOf("projects").filter((row) => row.usage.outputTokens !== sum(() => true)),
    ...history
      .rowsOf("tasks")
      .filter((row) => row.usage.outputTokens !== sum((entry) => entry.taskId === row.id)),
    ...history
      .rowsOf("sessions")
      .filter((row) => row.usage.outputTokens !== sum((entry) => entry.sessionId === row.id)),
  ]
  return wrong.map(({ id }) => `${id} has not spent what its replies cost`)
}
