/** A whole Aura in memory, on a clock of its own, that can be crashed at any moment and booted again. */

import { createHash } from "node:crypto"
import { createIds, createRedactor, noUsage, type Project } from "@aura/core"
import { type Aura, createBrake, createCodes, plans, snapshots, specs, tasks } from "@aura/domain"
import { defaultModel, findModel, knownModels, type Model, priceOf, withFallback } from "@aura/model"
import { openMemoryStore, type Store } from "@aura/store"
import { createMemoryDisk, type MediaStore, type MemoryDisk, openPlace, type Place } from "@aura/workspace"
import type { Engine } from "../src/engine.ts"
import { goOn, recover } from "../src/loop/recover.ts"
import { createLife, type Life, toMortalPlace, toMortalStore } from "./life.ts"
import type { Random } from "./random.ts"

/** Says what comes back for one request. */
export type Agent = (world: World) => Model

export type World = {
  random: Random
  store: Store
  files: MemoryDisk["files"]
  repository: MemoryDisk["repository"]
  project: Project
  /** The model of this run, another one in each. */
  modelName: string
  /** What was done to it, in order, to be read when a seed fails. */
  log: string[]
  /** What must not have happened. */
  problems: string[]
  /** Requests the model was sent. */
  asked: number
  /** Whether an uncommitted file of the user lies in the folder from the start. */
  hasUserFile: boolean
  agent: Agent
  /** Called at every moment at which something may happen. */
  onMoment: (what: string) => void
  readonly life: Life
  readonly engine: Engine
  readonly aura: Aura
  now(): number
  /** Sets the clock forward or back. */
  turnClock(byMs: number): void
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** Lets others go first, for a random while. */
  giveWay(): Promise<void>
  /** Kills the process and starts the next one. */
  crash(): Promise<void>
}

export const contextWindow = 100_000
export const userFile = "mine.txt"
export const pdfFile = "guide.pdf"

export async function createWorld(random: Random, agent: Agent): Promise<World> {
  let ms = Date.parse("2026-01-01T00:00:00.000Z")
  const now = () => ++ms
  const store = openMemoryStore({ now })
  const newId = createIds(now, random.next)
  const disk = createMemoryDisk(
    new Map([
      ["readme.txt", "A thing.\n"],
      [pdfFile, "%PDF-1.7\n<</Type/Page>>\n"],
    ]),
  )
  const { files, repository } = disk

  const names = { modelName: pickModel(random), fallbackModel: random.chance(0.3) ? pickModel(random) : null }

  /** Outlives the process, as what lies on disk does. */
  const shown = new Map<string, string>()
  const media: MediaStore = {
    async keep(bytes, mediaType) {
      const name = createHash("sha256").update(bytes).digest("hex")
      shown.set(name, Buffer.from(bytes).toString("base64"))
      return { name, mediaType, bytes: bytes.byteLength }
    },
    read: (name) => shown.get(name),
  }

  async function giveWay(): Promise<void> {
    for (let i = random.below(40); i > 0; i--) await Promise.resolve()
  }

  function openDisk(aura: Aura): Place {
    const rows = snapshots.rowsOf(aura)
    const takeId = () => newId("snapshot")
    return openPlace({ kind: "memory", disk, now, sleep: world.sleep, newId: takeId, rows })
  }

  function start(): { life: Life; engine: Engine } {
    const life = createLife((what) => world.onMoment(what), giveWay)
    const aura = toAura(toMortalStore(store, life), now, newId, names)
    const engine: Engine = {
      aura,
      running: new Map(),
      findModel: (id) => ({
        contextWindow,
        maxOutput: 8000,
        sees: findModel(id).sees,
        isPriced: true,
        rates: null,
        price: (tokens) => priceIn(id, tokens),
      }),
      modelFor: async () => {
        const model = world.agent(world)
        const other = names.fallbackModel
        return other === null ? model : withFallback(model, { model: other, once: model, now })
      },
      media,
      openPlace: () => toMortalPlace(openDisk(aura), life),
    }
    return { life, engine }
  }

  const world: World = {
    random,
    store,
    files,
    repository,
    modelName: names.modelName,
    project: await createProject(toAura(store, now, newId, names), random),
    log: [],
    problems: [],
    asked: 0,
    hasUserFile: random.chance(0.5),
    agent,
    onMoment: () => undefined,
    get life() {
      return current.life
    },
    get engine() {
      return current.engine
    },
    get aura() {
      return current.engine.aura
    },
    now,
    turnClock(byMs) {
      ms += byMs
    },
    async sleep(longMs, signal) {
      world.onMoment("sleep")
      await giveWay()
      if (!signal.aborted) ms += Math.max(0, longMs)
    },
    giveWay,
    async crash() {
      // What was in the write queue is on disk before the next one boots, and that one may have crashed as well.
      for (let ended: typeof current | undefined; ended !== current; ) {
        ended = current
        ended.life.end()
        await store.commit("settings.saved", () => undefined)
      }
      current = start()
      await goOn(current.engine, await recover(current.engine.aura))
    },
  }
  let current = start()
  const { git } = await openDisk(world.aura).prepare()
  await git.commit(await git.headTree(), await git.snapshot(), { except: [], message: "First\n" })
  if (world.hasUserFile) files.set(userFile, "Not for Aura.\n")
  return world
}

/** One for each of the other APIs. */
const others = ["openai:gpt-5.5", "gemini:gemini-3-pro", "openrouter:qwen/qwen3-coder", "ollama:llava"]

/** Where a model costs nothing, or nobody knows what, no budget could hold: it costs what the usual one does. */
export function priceIn(id: string, tokens: Parameters<typeof priceOf>[1]): number {
  return priceOf(others.includes(id) ? defaultModel : id, tokens)
}

/** Every model of the table is at work in some run. */
function pickModel(random: Random): string {
  return random.pick([defaultModel, ...knownModels, ...others])
}

function toAura(
  store: Store,
  now: () => number,
  newId: Aura["newId"],
  { modelName, fallbackModel }: { modelName: string; fallbackModel: string | null },
): Aura {
  return {
    store,
    now,
    newId,
    live: () => undefined,
    signInCodes: createCodes(now, 1),
    pairingCodes: createCodes(now, 1),
    socketTickets: createCodes(now, 1),
    loginBrake: createBrake(now),
    redactor: createRedactor(),
    keychain: null,
    keys: { signing: new Uint8Array(32), sealing: new Uint8Array(32), installId: "sim" },
    config: {
      dataDir: "/memory/data",
      version: "0",
      publicUrl: "",
      lanUrl: null,
      lanSecure: null,
      model: modelName,
      fastModel: modelName,
      fallbackModel,
      rotateAt: 0.7,
      effort: null,
      models: {},
      contextWindow: null,
      modelBaseUrl: null,
      sandbox: { kind: "bubblewrap", reason: null },
      apiKey: "key",
    },
  }
}

/** A project with a plan of one to three tasks, some waiting for others. */
async function createProject(aura: Aura, random: Random): Promise<Project> {
  const at = new Date(aura.now()).toISOString()
  const projectId = aura.newId("project")
  const document = {
    id: aura.newId("document"),
    projectId,
    version: 1,
    markdown: "- It works",
    requirements: [{ id: "R1", text: "It works", line: 1 }],
    uncounted: [],
    decisions: [],
    identities: [],
    ledger: [],
    createdAt: at,
  }
  const project: Project = {
    id: projectId,
    name: "Thing",
    description: "",
    workspacePath: "/memory",
    buildCommand: random.chance(0.3) ? "test -e readme.txt" : null,
    testCommand: null,
    model: null,
    budgetUsd: null,
    heldOut: "off",
    productProof: null,
    review: "off",
    building: null,
    mutation: "off",
    reviewerAgentId: null,
    status: "active",
    rehearsal: false,
    level: 2,
    levelUntil: null,
    hosts: [],
    documentId: document.id,
    usage: noUsage,
    createdAt: at,
    updatedAt: at,
  }
  const instance = {
    id: aura.newId("instance"),
    projectId,
    agentId: null,
    name: "Aura",
    workspace: { kind: "local", path: "/memory" },
    status: "idle",
    createdAt: at,
    updatedAt: at,
  } as const
  const { store } = aura
  const rows = { projects: [project], documents: [document], instances: [instance] }
  await store.commit("project.created", { projectId, rows })
  await specs.replace(aura, await plans.start(aura, projectId, "specs"), [
    { title: "Core", markdown: "Core" },
  ])
  const titles = Array.from({ length: 1 + random.below(3) }, (_, i) => `Make t${i}`)
  const drafts = titles.map((title, i) => ({
    spec: "Core",
    title,
    description: "",
    dependsOn: titles.slice(0, i).filter(() => random.chance(0.4)),
    checks: random.chance(0.85) ? [`test -s t${i}.txt`, `grep -q good t${i}.txt`].slice(random.below(2)) : [],
    requirementIds: ["R1"],
  }))
  await tasks.replace(aura, await plans.start(aura, projectId, "tasks"), drafts)
  return project
}
