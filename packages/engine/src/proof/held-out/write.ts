/** Before the first task is claimed, a session that never sees the work writes held-out checks from the requirements. */
import type { Requirement } from "@aura/core"
import { heldOut, projects, requirements, sessions, specs, tasks } from "@aura/domain"
import type { Work } from "../../attempt.ts"
import { mark } from "../../crash-points.ts"
import { fillPrompt } from "../../session/prompt.ts"
import { countNudges, findSide, listCalls, runSide, type SideEnd } from "../../session/side.ts"
import { chooseModel } from "../../session/system.ts"
import type { Tool } from "../../tools/tool.ts"
import { CreateCheck, createCheck, dropped } from "./create-check.ts"
import { tryOn } from "./run.ts"

const longestReadme = 20_000

/** @returns why it did not come to an end */
export async function writeHeldOut(work: Work): Promise<Exclude<SideEnd, { kind: "over" }> | undefined> {
  const { engine, git } = work
  const { aura } = engine
  const project = await projects.get(aura, work.project.id)
  if (!heldOut.isOn(project)) return undefined
  const document = await requirements.current(aura, project.id)
  const known = await heldOut.list(aura, project.id)
  const wanted = document.requirements.filter(
    ({ id, since = 1 }) => !known.some((check) => check.requirementId === id && check.since === since),
  )
  const name = { purpose: "checks", subject: document.id } as const
  const earlier = await findSide(work, name)
  if (wanted.length === 0 || (earlier && earlier.status !== "active")) return undefined
  const all = await tasks.list(aura, project.id)
  // Once work has begun, the folder shows what was built: it is not looked at, and passing says nothing.
  const isUntouched = all.every((task) => task.status !== "done" && task.baseTree === undefined)
  const { model: modelName, effort, rotateAt } = await chooseModel(engine, project, undefined, "plan")
  const base = await git.headTree()
  const tools = async (): Promise<Tool[]> => [
    createCheck({
      requirements: wanted.map(({ id }) => id),
      isTaken: async (path) => (await git.read(base, path)) !== null,
      ...(isUntouched
        ? {
            passesAlready: async (check, signal) => (await tryOn(work, base, check, signal))?.passed === true,
          }
        : {}),
    }),
  ]
  const end = await runSide(work, {
    ...name,
    kind: "plan",
    about: "checks",
    model: work.model,
    modelName,
    effort,
    rotateAt,
    system: fillPrompt(new URL("./write-checks.md", import.meta.url)),
    prompt: await writePrompt(work, wanted, isUntouched ? base : undefined),
    isWithheld: true,
    tools,
    onRest({ entries }) {
      if (countNudges(entries) > 0) return undefined
      const covered = new Set(readChecks(entries).map((check) => check.requirementId))
      const missing = wanted.filter(({ id }) => !covered.has(id))
      if (missing.length === 0) return undefined
      return `These requirements have no check yet:\n${toList(missing)}\n\nAdd what is missing with create_check, then end your turn. Leave out what no command can decide.`
    },
  })
  if (end.kind === "over") {
    const ledger = document.requirements.map(({ id, since = 1 }) => ({ id, since }))
    await heldOut.store(aura, end.journal.session.id, readChecks(end.journal.entries), ledger)
    mark(aura, "held_out.stored")
    return undefined
  }
  if (project.heldOut !== "auto" || end.kind === "stopped") return end
  await goWithout(work, name, end.reason)
  return undefined
}

/** Where nobody insists on them, the work goes on without them, and says so. */
async function goWithout(work: Work, name: Parameters<typeof findSide>[1], reason: string): Promise<void> {
  const { aura } = work.engine
  const session = await findSide(work, name)
  if (session) await sessions.end(aura, session.id, "failed", reason)
  const text = `No held-out checks were written. ${reason}`
  await work.journal.record({ kind: "note", level: "warn", text })
}

function readChecks(entries: Parameters<typeof listCalls>[0]): heldOut.NewHeldOut[] {
  return listCalls(entries).flatMap(({ name, input, output, isError }) => {
    const check = name === "create_check" ? CreateCheck.safeParse(input).data : undefined
    if (!check || (isError && !output.startsWith(dropped))) return []
    return [
      {
        requirementId: check.requirement,
        title: check.title,
        command: check.command,
        files: check.files,
        failureSays: check.failure_says ?? null,
        status: isError ? "dropped" : "active",
        why: isError ? output.slice(dropped.length) : null,
      },
    ]
  })
}

async function writePrompt(
  { engine, git, project }: Work,
  wanted: readonly Requirement[],
  base: string | undefined,
): Promise<string> {
  const titles = (await specs.list(engine.aura, project.id)).map(({ title }) => `- ${title}`).join("\n")
  const read = async (path: string) => (base ? await git.read(base, path) : null)
  const readme = (await read("README.md")) ?? (await read("readme.md"))
  const manifest = await read("package.json")
  return [
    `# Project: ${project.name}`,
    `The requirements to check:\n${toList(wanted)}`,
    titles ? `Titles of the specs:\n${titles}` : "",
    readme
      ? `The README of the folder as it is:\n\n<readme>\n${readme.slice(0, longestReadme)}\n</readme>`
      : "",
    manifest ? `Its package.json:\n\n<file>\n${manifest.slice(0, longestReadme)}\n</file>` : "",
    "Write the acceptance checks.",
  ]
    .filter(Boolean)
    .join("\n\n")
}

function toList(rows: readonly Requirement[]): string {
  return rows.map(({ id, text }) => `- ${id}: ${text}`).join("\n")
}
