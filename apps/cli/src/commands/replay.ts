/** aura replay: replays a finished run without the model, or continues one from a given turn. */
import { realpath, writeFile } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import type { Project } from "@aura/core"
import { toScreenplay } from "@aura/model"
import { currentEnv, openServer, type RecordedRun, type Replay, readRun, replay } from "@aura/server"
import { isWithin } from "@aura/workspace"
import { readArguments, toNumber } from "../arguments.ts"
import { exitCode, UsageError } from "../exit.ts"
import { createReporter } from "../report.ts"
import { finish } from "./run.ts"

export const usage = "aura replay PROJECT [--until K | --fork K | --screenplay FILE] [--json]"

export async function run(args: readonly string[]): Promise<number> {
  const options = {
    until: { type: "string" },
    fork: { type: "string" },
    screenplay: { type: "string" },
    json: { type: "boolean" },
  } as const
  const { values, positionals } = readArguments(args, options, 1, usage)
  const [wanted] = positionals
  if (!wanted) throw new UsageError(`Name the project by its name or id. Usage: ${usage}`)
  if ([values.until, values.fork, values.screenplay].filter((value) => value !== undefined).length > 1)
    throw new UsageError(`Choose one of --until, --fork and --screenplay. Usage: ${usage}`)
  const until = toNumber(values.until ?? values.fork, values.fork ? "--fork" : "--until", usage)
  const recorded = await read(wanted)
  if (values.screenplay !== undefined) return await write(recorded, values.screenplay)
  if (!values.json) process.stdout.write(`Replaying ${recorded.turns.length} turns; the model is off.\n`)
  const played = await replay(recorded, { until })
  if (values.json) process.stdout.write(`${JSON.stringify(played)}\n`)
  else process.stdout.write(toLines(played))
  if (played.result === "diverged") return exitCode.failed
  return values.fork !== undefined && played.place
    ? await goOn(played.place, values.json ?? false)
    : exitCode.done
}

async function read(wanted: string): Promise<RecordedRun> {
  const server = await openServer(currentEnv(), { isLooking: true })
  try {
    const { items } = await server.client.call("listProjects", { query: { limit: 1000 } })
    const found: Project[] = items.filter(({ id, name }) => id === wanted || name === wanted)
    if (!found[0]) throw new UsageError(`There is no project "${wanted}". aura status lists them.`)
    if (found[1]) {
      const ids = found.map(({ id }) => id).join(", ")
      throw new UsageError(`${found.length} projects are called "${wanted}". Name one by its id: ${ids}.`)
    }
    return await readRun(server.client, found[0].id)
  } finally {
    await server.close()
  }
}

async function write(run: RecordedRun, file: string): Promise<number> {
  const isSecret = run.turns.some(({ when }) => when.phase === "checks")
  if (isSecret && isWithin(await realFolder(file), run.project.workspacePath))
    throw new UsageError(
      `The screenplay holds held-out checks, which the agent must not see. Name a file outside of ${run.project.workspacePath}.`,
    )
  const screenplay = toScreenplay(run.turns, run.project.name)
  await writeFile(file, `${JSON.stringify(screenplay, null, 2)}\n`).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be written (${cause.code}).`)
  })
  process.stdout.write(`${run.turns.length} turns in ${screenplay.scenes.length} scenes are in ${file}.\n`)
  return exitCode.done
}

/** Where the file will lie, links followed. */
async function realFolder(file: string): Promise<string> {
  const folder = dirname(resolve(file))
  return await realpath(folder).catch(() => folder)
}

/** The real model continues where the replay stopped, in the scratch folder and store. */
async function goOn(place: NonNullable<Replay["place"]>, json: boolean): Promise<number> {
  const report = createReporter({ json })
  const server = await openServer({ ...currentEnv(), dataDir: place.dataDir })
  try {
    const project = await server.client.call("getProject", { params: { p: place.projectId } })
    return await finish(server, project, report)
  } finally {
    report.end()
    await server.close()
  }
}

function toLines({ result, divergence, tree, tasks, turns, warnings, place }: Replay): string {
  const lines = warnings.map((warning) => `Note: ${warning}`)
  if (result === "same") {
    const state = tree === null ? "nothing was committed" : `tree ${tree}`
    lines.push(`The replay ended in the same state: ${state}, ${tasks} tasks, ${turns} turns.`)
  }
  if (result === "halted") lines.push(`The replay was the same so far and halted after turn ${turns}.`)
  if (divergence) {
    const { turn, where, what, recorded, now } = divergence
    lines.push(
      `The replay differs first ${turn === null ? "at the end" : `in turn ${turn}`} (${where}): ${what}.`,
      `  recorded: ${recorded}`,
      `  now:      ${now}`,
    )
  }
  if (place)
    lines.push(`The folder: ${place.workspace}`, `The memory: AURA_DATA_DIR=${place.dataDir} npx aura serve`)
  return `${lines.join("\n")}\n`
}
