/** Traces both ways: what git knows of a line or a commit, joined to what the rows know of the task behind it. */
import { AuraError, type Task, type Trace, type TracedTask } from "@aura/core"
import { tasks as allTasks, projects, trace } from "@aura/domain"
import type { Git } from "@aura/workspace"
import { ofTask as diffOf, gitOf } from "./diffs.ts"
import type { Engine } from "./engine.ts"

type Found = Pick<Trace, "kind" | "commit" | "line" | "note"> & {
  tasks: Task[]
  requirements?: Trace["requirements"]
}

/**
 * @param of R7 or a label, PATH:LINE, a commit's hash, or a task's id
 * @throws AuraError `not_found` when nothing has that name, `bad_request` when it is none of these
 */
export async function traceOf(engine: Engine, projectId: string, of: string): Promise<Trace> {
  await projects.get(engine.aura, projectId)
  const { tasks, requirements, ...found } = await find(engine, projectId, of.trim())
  const traced = await Promise.all(tasks.map((task) => withHunks(engine, task)))
  return {
    of,
    ...found,
    requirements: requirements ?? (await trace.requirementsOf(engine.aura, projectId, tasks)),
    tasks: traced.map((task) => narrow(task, found.line)),
  }
}

async function find(engine: Engine, projectId: string, of: string): Promise<Found> {
  const { aura } = engine
  const nothing = { commit: null, line: null, note: null }
  const requirement = await trace.findRequirement(aura, projectId, of)
  const all = await allTasks.list(aura, projectId)
  if (requirement) {
    const tasks = all.filter(({ id }) => requirement.taskIds.includes(id))
    return { ...nothing, kind: "requirement", note: requirement.why, tasks, requirements: [requirement] }
  }
  const task = all.find(({ id }) => id === of)
  if (task) return { ...nothing, kind: "task", tasks: [task] }
  const [, path, number] = /^(.+):(\d+)$/.exec(of) ?? []
  if (path !== undefined && number !== undefined)
    return await findLine(engine, projectId, path, Number(number))
  if (/^[0-9a-f]{4,64}$/i.test(of)) return await findCommit(engine, projectId, of.toLowerCase())
  if (/^R\d+$/i.test(of)) throw new AuraError("not_found", `The document never had a requirement ${of}.`)
  throw new AuraError(
    "bad_request",
    `"${of}" is no requirement, task or commit of this project, nor FILE:LINE. Try R1, src/a.ts:12 or a commit's hash.`,
  )
}

async function findLine(engine: Engine, projectId: string, path: string, number: number): Promise<Found> {
  const git = await open(engine, projectId)
  const blamed = await git.blame(path, number)
  if (!blamed) throw new AuraError("not_found", `The last commit has no line ${number} in ${path}.`)
  const found = await byCommit(engine, projectId, git, blamed.sha)
  return { ...found, kind: "line", line: { path, number, text: blamed.text } }
}

async function findCommit(engine: Engine, projectId: string, hash: string): Promise<Found> {
  const known = await trace.findByCommit(engine.aura, projectId, hash)
  const [first] = known
  if (first && known.length === 1)
    return {
      kind: "commit",
      commit: first.commit?.startsWith(hash) ? first.commit : hash,
      line: null,
      note: null,
      tasks: known,
    }
  const git = await open(engine, projectId)
  const sha = await git.findHash(hash)
  if (sha === undefined)
    throw new AuraError("not_found", `There is no commit ${hash} in this project's repository.`)
  return { ...(await byCommit(engine, projectId, git, sha)), kind: "commit" }
}

/** The task that a commit names itself, where the rows know it by another hash, as after a rebase. */
async function byCommit(engine: Engine, projectId: string, git: Git, sha: string): Promise<Found> {
  const of = { kind: "commit", commit: sha, line: null } as const
  const known = await trace.findByCommit(engine.aura, projectId, sha)
  if (known.length > 0) return { ...of, note: null, tasks: known }
  const { taskId, author, subject } = await git.describe(sha)
  const named = (await allTasks.list(engine.aura, projectId)).filter(({ id }) => id === taskId)
  const short = sha.slice(0, 10)
  const note =
    named.length > 0
      ? `Commit ${short} names the task in its message; the task's own record holds another commit.`
      : `Commit ${short} ("${subject}" by ${author}) is no task's of this project.`
  return { ...of, note, tasks: named }
}

async function open(engine: Engine, projectId: string): Promise<Git> {
  const git = await gitOf(engine, { projectId })
  if (git) return git
  throw new AuraError(
    "conflict",
    "The project's folder has no repository, so lines and commits cannot be traced.",
  )
}

async function withHunks(engine: Engine, task: Task): Promise<TracedTask> {
  const traced = await trace.ofTask(engine.aura, task)
  if (task.commit === undefined) return { ...traced, hunks: [] }
  const { files } = await diffOf(engine, task.projectId, task.id).catch(() => ({ files: [] }))
  const hunks = files.flatMap(({ path, diff }) =>
    [...diff.matchAll(/^@@ -\S+ \+(\d+)(?:,(\d+))? @@/gm)].map(([, from, lines]) => ({
      path,
      from: Number(from),
      lines: lines === undefined ? 1 : Number(lines),
    })),
  )
  return { ...traced, hunks }
}

/** Of a line, only what touched its file. */
function narrow(task: TracedTask, line: Trace["line"]): TracedTask {
  if (!line) return task
  const isOf = ({ path }: { path: string }) => path === line.path || path.endsWith(`/${line.path}`)
  return { ...task, edits: task.edits.filter(isOf), hunks: task.hunks.filter(isOf) }
}
