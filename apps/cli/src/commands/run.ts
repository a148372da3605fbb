/** aura run: the whole main job without a screen, as a client like any other. */
import { readFile, realpath, stat } from "node:fs/promises"
import { basename, resolve } from "node:path"
import {
  AuraError,
  type AuraEvent,
  type Client,
  describeBlanks,
  describeProjection,
  describeRequirementCosts,
  isPlanning,
  type Loop,
  maxRequirementsBytes,
  type Plan,
  type Project,
  type Projection,
  UpdateProject,
} from "@aura/core"
import { type Connection, currentEnv, openServer } from "@aura/server"
import { readArguments, toNumber } from "../arguments.ts"
import { exitCode, UsageError } from "../exit.ts"
import { followEvents } from "../follow.ts"
import { answerMissing, type MissingAnswer, readMissing } from "../missing.ts"
import { output } from "../output.ts"
import { decideReplan, type ReplanChoice, readLeaveOut } from "../replan.ts"
import { createReporter, type Reporter } from "../report.ts"
import { findLoopSince, findUnplanned, openLoop, openPlan, readSince } from "../under-way.ts"

export const usage =
  "aura run REQUIREMENTS.md --workspace DIR [--name N] [--model M] [--budget USD] [--rehearsal] [--json] [--yes] [--leave-out R3,R4] [--missing bring-back|redo|waive] [--held-out on|off|auto] [--product-proof on|off] [--review on|off]"

type Order = {
  markdown: string
  workspacePath: string
  name: string
  model: string | undefined
  budgetUsd: number | undefined
  rehearsal: boolean
  proofs: Proofs
  missing: MissingAnswer | undefined
  replan: ReplanChoice
  /** The document that the person kept the old one of: it is not offered again. */
  dropped?: true
}

type Proofs = Pick<UpdateProject, "heldOut" | "productProof" | "review">

export async function run(args: readonly string[]): Promise<number> {
  const options = {
    workspace: { type: "string" },
    name: { type: "string" },
    model: { type: "string" },
    budget: { type: "string" },
    rehearsal: { type: "boolean" },
    json: { type: "boolean" },
    yes: { type: "boolean" },
    "leave-out": { type: "string" },
    missing: { type: "string" },
    "held-out": { type: "string" },
    "product-proof": { type: "string" },
    review: { type: "string" },
  } as const
  const { values, positionals } = readArguments(args, options, 1, usage)
  if (!positionals[0]) throw new UsageError(`Name the requirements document. Usage: ${usage}`)
  if (!values.workspace) throw new UsageError(`Name the folder to work in with --workspace. Usage: ${usage}`)
  const order: Order = {
    markdown: await readRequirements(positionals[0]),
    workspacePath: await realpath(resolve(values.workspace)).catch(() => resolve(values.workspace ?? "")),
    name: values.name ?? basename(resolve(values.workspace)),
    model: values.model,
    budgetUsd: toNumber(values.budget, "--budget", usage),
    rehearsal: values.rehearsal ?? false,
    missing: readMissing(values.missing),
    proofs: readProofs(values),
    replan: {
      isAccepted: values.yes ?? false,
      leaveOut: readLeaveOut(values["leave-out"]),
      mayAsk: !values.json,
    },
  }
  const report = createReporter({ json: values.json ?? false })
  try {
    for (;;) {
      const code = await runOnce(order, report)
      if (code !== undefined) return code
      process.stderr.write("The process that hosted this run has ended. This one goes on with it.\n")
    }
  } finally {
    report.end()
  }
}

function readProofs(values: {
  "held-out"?: string | undefined
  "product-proof"?: string | undefined
  review?: string | undefined
}): Proofs {
  const given = { heldOut: values["held-out"], productProof: values["product-proof"], review: values.review }
  const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const proofs = UpdateProject.pick({ heldOut: true, productProof: true, review: true }).safeParse(told)
  if (proofs.success) return proofs.data
  throw new UsageError(`--held-out takes on, off or auto; --product-proof and --review take on or off.`)
}

/** @returns undefined when the run was joined and the process that hosted it has ended */
async function runOnce(order: Order, report: Reporter): Promise<number | undefined> {
  const server = await openServer(currentEnv())
  try {
    const opened = await openProject(server.client, order)
    if ("refused" in opened) {
      process.stderr.write(`${opened.refused}\n`)
      return exitCode.budget
    }
    return await finish(server, opened, report, order.missing)
  } catch (thrown) {
    const isHostGone = thrown instanceof AuraError && thrown.details?.reason === "host_ended"
    if (isHostGone && !server.isOwn) return undefined
    throw thrown
  } finally {
    await server.close()
  }
}

/** Runs a project from its current state to the end; resolves with the exit code. */
export async function finish(
  server: Connection,
  project: Project,
  report: Reporter,
  missing?: MissingAnswer,
): Promise<number> {
  const { client } = server
  const following = followEvents(server, project.id, report.event)
  let interrupted = false
  const onSignal = () => {
    interrupted = true
    output.hurry()
    void stopAll(client, project.id)
  }
  process.once("SIGINT", onSignal)
  process.once("SIGTERM", onSignal)
  // The reader has left: as with Ctrl-C, the work stops and can be resumed.
  process.stdout.once("error", onSignal)
  try {
    return await work({ client, project, following, missing, isInterrupted: () => interrupted })
  } finally {
    following.stop()
    process.off("SIGINT", onSignal)
    process.off("SIGTERM", onSignal)
    process.stdout.off("error", onSignal)
  }
}

type Following = ReturnType<typeof followEvents>

type Job = {
  client: Client
  project: Project
  following: Following
  missing: MissingAnswer | undefined
  isInterrupted(): boolean
}

async function work({ client, project, following, missing, isInterrupted }: Job): Promise<number> {
  const end = (outcome: End) => {
    process.stderr.write(`${outcome.reason}\n`)
    return isInterrupted() ? exitCode.interrupted : outcome.code
  }
  // Only what ends after this can be waited for.
  await following.opened
  for (;;) {
    const ended = await workOnce({ client, project, following, missing, isInterrupted })
    const isOpen = ended.code === exitCode.unproven && !isInterrupted()
    // The document may have changed meanwhile: new requirements get tasks and are worked on.
    if (!isOpen || (await findUnplanned(client, project)).length === 0) return end(ended)
  }
}

type End = { code: number; reason: string }

async function workOnce({ client, project, following, missing, isInterrupted }: Job): Promise<End> {
  const since = await readSince(client, project)
  for (const step of ["specs", "tasks"] as const) {
    for (;;) {
      const plan = await openPlan(client, project, step, since)
      if (!plan) break
      const ended = plan.status === "running" ? await following.wait((event) => findEnded(event, plan)) : plan
      // A spec that is written anew and a look over the document do not decide the result of the project.
      const isOther = !isPlanning(plan) && ended !== undefined
      if (isInterrupted() || (ended?.status !== "finished" && !isOther)) return toPlanEnd(ended)
    }
  }
  const isWorkedOn = (await findLoopSince(client, project, since)) !== undefined
  const lost = isWorkedOn ? undefined : await answerMissing(client, project, missing)
  if (lost !== undefined) return { code: exitCode.failed, reason: lost }
  const params = { p: project.id }
  const say = async (toLine: (projection: Projection) => string | undefined) => {
    // The process that hosts this run may end with it.
    const projection = await client.call("getProjection", { params }).catch(() => undefined)
    const line = projection && toLine(projection)
    if (line) process.stderr.write(`${line}\n`)
  }
  await say(describeProjection)
  const loop = await openLoop(client, project, since)
  if (!loop) return { code: exitCode.done, reason: "All tasks are done already; nothing was started." }
  const ended =
    loop.status === "finished"
      ? loop
      : await following.wait((event) =>
          event.rows.loops?.find((row) => row.id === loop.id && row.status === "finished"),
        )
  await say(describeRequirementCosts)
  return toLoopEnd(ended)
}

/** The project of this folder, with the document and choices of this call; or a new one. */
async function openProject(client: Client, order: Order): Promise<Project | { refused: string }> {
  const { items } = await client.call("listProjects", { query: { limit: 1000 } })
  const found = items.find(
    (project) => project.workspacePath === order.workspacePath && project.status === "active",
  )
  const choices = {
    ...(order.model === undefined ? {} : { model: order.model }),
    ...(order.budgetUsd === undefined ? {} : { budgetUsd: order.budgetUsd }),
    ...order.proofs,
  }
  if (!found) {
    const body = {
      name: order.name,
      requirements: order.markdown,
      workspacePath: order.workspacePath,
      ...choices,
      ...(order.rehearsal ? { rehearsal: true } : {}),
    }
    return await keepOldest(client, order, await client.call("createProject", { body }))
  }
  const params = { p: found.id }
  const project =
    Object.keys(choices).length > 0 ? await client.call("updateProject", { params, body: choices }) : found
  if (order.dropped) return project
  const change = await decideReplan(client, project, order.markdown, order.replan)
  if (change === "keep") order.dropped = true
  else if ("refused" in change) return change
  else await client.call("saveRequirements", { params, body: change })
  return project
}

/** Two commands may have made a project of the folder at the same moment: both go on with the older one. */
async function keepOldest(client: Client, order: Order, made: Project): Promise<Project> {
  const { items } = await client.call("listProjects", { query: { limit: 1000 } })
  const oldest = items.findLast(
    (project) => project.workspacePath === order.workspacePath && project.status === "active",
  )
  if (!oldest || oldest.id === made.id) return made
  await client.call("removeProject", { params: { p: made.id } })
  return oldest
}

/** @throws UsageError, one line that says how to fix it */
async function readRequirements(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new UsageError(`There is no file ${path}. Name your requirements document.`)
  if (!found.isFile()) throw new UsageError(`${path} is not a file. Name your requirements document.`)
  if (found.size > maxRequirementsBytes)
    throw new UsageError(`${path} is larger than 5 MB. Split it into several projects.`)
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`${path} cannot be read (${cause.code}).`)
  })
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes)
    if (text.trim() === "") throw new UsageError(`${path} is empty. Write down what is wanted first.`)
    const blanks = describeBlanks(text)
    if (blanks) throw new UsageError(`${path}: ${blanks}`)
    return text
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown
    throw new UsageError(`${path} is not UTF-8 text. Save it as UTF-8 and try again.`)
  }
}

function findEnded(event: AuraEvent, plan: Plan): Plan | undefined {
  return event.rows.plans?.find((row) => row.id === plan.id && row.status !== "running")
}

function toPlanEnd(plan: Plan | undefined): { code: number; reason: string } {
  const reason = plan?.reason ?? "Interrupted. Run the same command again to go on."
  if (plan?.outcome === "budget") return { code: exitCode.budget, reason }
  if (plan?.outcome === "provider") return { code: exitCode.provider, reason }
  return { code: exitCode.failed, reason }
}

function toLoopEnd(loop: Loop | undefined): { code: number; reason: string } {
  const codes = {
    done: exitCode.done,
    unproven: exitCode.unproven,
    failed: exitCode.failed,
    budget: exitCode.budget,
    provider: exitCode.provider,
    stopped: exitCode.interrupted,
    refused: exitCode.usage,
    error: exitCode.bug,
  }
  if (!loop?.outcome)
    return { code: exitCode.interrupted, reason: "Interrupted. Run the same command again to go on." }
  return { code: codes[loop.outcome], reason: loop.reason ?? loop.outcome }
}

/** Asks running work to stop; its end arrives as an event, and a later run continues it. */
async function stopAll(client: Client, projectId: string): Promise<void> {
  const params = { p: projectId }
  // Only one of the two is going on; the other one's refusal says nothing new.
  await Promise.allSettled([client.call("stopPlan", { params }), client.call("stopLoop", { params })])
}
