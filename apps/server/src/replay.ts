/** Replays a recorded run from the same start, with its recorded replies instead of a model, and reports the first difference. */
import { rm } from "node:fs/promises"
import { AuraError, createClient } from "@aura/core"
import { asks, auth, projects } from "@aura/domain"
import { build, idle, startLoop, whenBuilt } from "@aura/engine"
import { type RecordedTurn, type Screenplay, startModelServer, toScreenplay } from "@aura/model"
import { countOutputs, type Divergence, describePlace, findDivergence, lastTree } from "./divergence.ts"
import type { Env } from "./env.ts"
import { type RecordedAnswer, type RecordedRun, readRun } from "./recorded-run.ts"
import { createScratch, findDifference, type Scratch } from "./scratch.ts"
import { type Running, startServer } from "./start.ts"

export type Replay = {
  /** halted: it stopped after the requested number of turns. */
  result: "same" | "diverged" | "halted"
  divergence: Divergence | null
  /** Of the last commit; null = nothing was committed. */
  tree: string | null
  tasks: number
  turns: number
  warnings: string[]
  /** The folder of the replay; null = it was removed, because nothing differs. */
  place: { dataDir: string; workspace: string; projectId: string } | null
}

/**
 * @param options.until halts before the reply after this many; what goes on from there goes on in `place`
 * @throws AuraError `bad_request` when the run is not finished, or its beginning is not to be had any more
 */
export async function replay(
  run: RecordedRun,
  options: { until?: number | undefined } = {},
): Promise<Replay> {
  refuseUnfinished(run)
  const part = cut(run, options.until)
  const scratch = await createScratch(run.project, run.tasks)
  const recorded = relocate(part, run.project.workspacePath, scratch.workspace)
  const { now, projectId } = await play(recorded, scratch, options.until !== undefined).catch(
    async (cause: unknown) => {
      await rm(scratch.root, { recursive: true, force: true })
      throw cause
    },
  )
  const found = findDivergence(
    recorded,
    options.until === undefined ? now : { ...now, tasks: recorded.tasks },
  )
  const divergence = found ? await nameFiles(found, scratch, run) : null
  const result = divergence ? "diverged" : options.until === undefined ? "same" : "halted"
  if (result === "same") await rm(scratch.root, { recursive: true, force: true })
  const { dataDir, workspace } = scratch
  return {
    result,
    divergence,
    tree: lastTree(now.tasks),
    tasks: now.tasks.length,
    turns: now.turns.length,
    warnings: [...run.warnings, ...toWarnings(recorded, now)],
    place: result === "same" ? null : { dataDir, workspace, projectId },
  }
}

function refuseUnfinished({ project, loop, turns }: RecordedRun): void {
  if (!loop)
    throw new AuraError("bad_request", `"${project.name}" was never worked on, so there is no run to replay.`)
  if (loop.status !== "finished") {
    throw new AuraError(
      "bad_request",
      `The loop of "${project.name}" is not finished. Let it come to its end, or stop it, then replay it.`,
    )
  }
  if (turns.length === 0) throw new AuraError("bad_request", `The model said nothing in "${project.name}".`)
}

function cut(run: RecordedRun, until: number | undefined): RecordedRun {
  if (until === undefined) return run
  if (!Number.isInteger(until) || until < 1 || until > run.turns.length) {
    throw new AuraError(
      "bad_request",
      `The run has the turns 1 to ${run.turns.length}; there is no turn ${until}.`,
    )
  }
  return { ...run, turns: run.turns.slice(0, until) }
}

/** Paths of the old folder are replaced by the new one, so that nothing reaches the old folder. */
function relocate(run: RecordedRun, from: string, to: string): RecordedRun {
  const inJson = (path: string) => JSON.stringify(path).slice(1, -1)
  const name = new RegExp(`${inJson(from).replace(/[^\w/]/g, "\\$&")}(?![\\w-])`, "g")
  const moved: RecordedRun = JSON.parse(JSON.stringify(run).replaceAll(name, () => inJson(to)))
  return moved
}

async function play(
  run: RecordedRun,
  scratch: Scratch,
  isPart: boolean,
): Promise<{ now: RecordedRun; projectId: string }> {
  // Recorded thoughts have no signature that a provider accepts, so a continued run omits them.
  const turns = isPart ? run.turns.map(withoutThinking) : run.turns
  const model = await startModelServer({ screenplay: withEnds(toScreenplay(turns)), port: 0 })
  try {
    const server = await startServer({ env: toEnv(run, scratch, model.url) })
    try {
      const { project } = run
      const { id } = await projects.create(server.aura, {
        name: project.name,
        description: project.description,
        requirements: run.markdown,
        workspacePath: scratch.workspace,
        buildCommand: project.buildCommand,
        testCommand: project.testCommand,
        model: run.model,
        ...run.proofs,
        // `auto` takes effect where there is a budget; the replay costs nothing, so none is ever reached.
        budgetUsd: run.proofs.heldOut === "auto" ? Number.MAX_SAFE_INTEGER : null,
      })
      await build(server.engine, id, "all")
      await whenBuilt(server.engine, id)
      await idle(server.engine)
      await answerAll(server, id, run.answers)
      const { access_token: token } = await auth.createToken(server.aura.keys, Date.now())
      return {
        now: await readRun(
          createClient(server.url, () => token),
          id,
        ),
        projectId: id,
      }
    } finally {
      await server.stop()
    }
  } finally {
    await model.close()
  }
}

/** Gives the recorded answers whenever nothing else is left to do, then continues. */
async function answerAll(
  { aura, engine }: Running,
  projectId: string,
  recorded: readonly RecordedAnswer[],
): Promise<void> {
  let left = [...recorded]
  for (;;) {
    const open = (await asks.list(aura, projectId)).filter(({ status }) => status === "open")
    const next = left.find((answer) => open.some(({ question }) => question === answer.question))
    const ask = open.find(({ question }) => question === next?.question)
    if (!next || !ask) return
    left = left.filter((answer) => answer !== next)
    const caller = { kind: "aura", name: "replay" } as const
    await asks.answer(aura, caller, ask.id, next.isAllowed, next.reason ?? undefined)
    await startLoop(engine, projectId)
    await idle(engine)
  }
}

function toEnv(run: RecordedRun, scratch: Scratch, modelBaseUrl: string): Env {
  return {
    sources: { read: [], ignored: [] },
    modelBaseUrlFile: null,
    providers: {},
    apiKey: "replay",
    modelBaseUrl,
    model: run.model,
    fastModel: null,
    fallbackModel: null,
    contextWindow: run.contextWindow,
    rotateAt: run.rotateAt ?? 0.5,
    effort: null,
    models: {},
    host: "127.0.0.1",
    port: 0,
    dataDir: scratch.dataDir,
    allowedOrigins: [],
    publicHost: null,
    trustedProxies: [],
    updateBaseUrl: null,
    updateKey: null,
    unsandboxed: false,
  }
}

function withoutThinking(turn: RecordedTurn): RecordedTurn {
  const { thinking, ...reply } = turn.reply
  if (thinking === undefined) return turn
  const isEmpty = !reply.text && reply.calls.length === 0
  return { ...turn, reply: isEmpty ? { ...reply, text: "…" } : reply }
}

/** A request beyond the recording gets an error that ends the run without failing a task. */
function withEnds({ scenes }: Screenplay): Screenplay {
  const end = (where: string) => ({
    calls: [],
    fault: { status: 402, message: `The recording has no further reply${where}.`, times: 1000 },
  })
  const phases = ["specs", "tasks", "checks", "work", "review", "product", "hand_off"] as const
  return {
    scenes: [
      ...scenes.map((scene) => ({
        ...scene,
        replies: [...scene.replies, end(` for ${describePlace(scene.when)}`)],
        ending: "repeat" as const,
      })),
      ...phases.map((phase) => ({ when: { phase }, replies: [end("")], ending: "repeat" as const })),
    ],
  }
}

async function nameFiles(found: Divergence, scratch: Scratch, run: RecordedRun): Promise<Divergence> {
  if (!found.trees) return found
  const { recorded, now } = found.trees
  const files = await findDifference(scratch, run.project, recorded, now).catch(() => [])
  return files.length === 0 ? found : { ...found, what: `${found.what}, in ${files.slice(0, 5).join(", ")}` }
}

function toWarnings(recorded: RecordedRun, now: RecordedRun): string[] {
  const outputs = countOutputs(recorded, now)
  const cuts = recorded.turns.flatMap(({ calls }) => calls).filter(({ isCut }) => isCut).length
  return [
    ...(cuts > 0
      ? [`Calls a stop cut off when they were recorded: ${cuts}. How they end is not compared.`]
      : []),
    ...(outputs > 0
      ? [`Commands and tools that printed something else than when they were recorded: ${outputs}.`]
      : []),
  ]
}
