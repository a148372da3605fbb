/** Which model answers for a project: Claude with the key in force, or the rehearsal's screenplay over real HTTP. */
import { readFile } from "node:fs/promises"
import type { EnteredModels, ModelView, Project } from "@aura/core"
import { type Aura, settings } from "@aura/domain"
import type { ModelFacts } from "@aura/engine"
import {
  type Claude,
  type ClaudeOptions,
  createClaude,
  findModel,
  findWarnings,
  type ListedFacts,
  type Model,
  type ModelServer,
  parseScreenplay,
  priceOf,
  startModelServer,
  withFallback,
} from "@aura/model"
import { createRedactingModel } from "./redacting.ts"
import { rehearsalFile } from "./rehearsal.ts"

export type Models = {
  of(project: Pick<Project, "rehearsal">): Promise<Model>
  /** A client for a key that is not stored yet. */
  withKey(key: string): Model
  find(id: string): ModelFacts
  /** What is known about the models Settings names. */
  list(): Promise<ModelView[]>
  close(): Promise<void>
}

/** How fast the rehearsal's model writes: quick enough to wait for, slow enough to watch. */
const rehearsalCharsPerSec = 2500
/** How long the provider's list of models counts as new. */
const listMs = 24 * 60 * 60_000
const listTimeoutMs = 30_000

/** How long a silent or failing provider is waited for, where it is not as usual. */
export type Patience = Pick<ClaudeOptions, "stallMs" | "policy">

type Current = settings.KeyInForce & { fallbackModel: string | null; model: Model; first: Claude }

export async function createModels(
  aura: Aura,
  options: { rehearsalCharsPerSec?: number; patience?: Patience } = {},
): Promise<Models> {
  let rehearsal: Promise<ModelServer> | undefined
  let current: Current | undefined
  let entered: EnteredModels = (await settings.get(aura)).models
  let listed: ReadonlyMap<string, ListedFacts> | undefined
  let listedAt = Number.NEGATIVE_INFINITY
  const leave = aura.store.subscribe(({ type }) => {
    if (type === "settings.saved")
      void settings.get(aura).then(
        (now) => (entered = now.models),
        () => undefined,
      )
  })
  const factsOf = (id: string) => findModel(id, { entered, listed })

  const connect = (
    apiKey: string | null,
    baseUrl: string | null,
    more: Pick<ClaudeOptions, "policy" | "refusal"> = {},
  ) =>
    createClaude({
      apiKey: apiKey ?? (baseUrl ? "none" : null),
      baseUrl,
      now: aura.now,
      random: Math.random,
      findModel: factsOf,
      ...options.patience,
      ...more,
    })
  const connectBoth = (found: settings.KeyInForce, fallbackModel: string | null): Current => {
    const { modelBaseUrl } = aura.config
    const { key, refusal } = found
    const first = connect(key, modelBaseUrl, { refusal })
    const model = fallbackModel
      ? withFallback(first, {
          model: fallbackModel,
          once: connect(key, modelBaseUrl, { refusal, policy: { attempts: 1 } }),
          now: aura.now,
        })
      : first
    return { ...found, fallbackModel, first, model: createRedactingModel(model, aura.redactor) }
  }

  async function findCurrent(): Promise<Current> {
    const found = await settings.findKey(aura)
    const { fallbackModel } = await settings.get(aura)
    const isSame = current?.key === found.key && current.refusal === found.refusal
    if (!current || !isSame || current.fallbackModel !== fallbackModel)
      current = connectBoth(found, fallbackModel)
    return current
  }

  /** Asks for the provider's list beside the work, once a day; what it says counts when it comes. */
  function askForList(client: Claude): void {
    if (aura.now() - listedAt < listMs) return
    listedAt = aura.now()
    void client.listModels(AbortSignal.timeout(listTimeoutMs)).then(
      (found) => {
        listed = found ?? listed
      },
      () => undefined,
    )
  }

  async function startRehearsal(): Promise<ModelServer> {
    const screenplay = parseScreenplay(await readFile(rehearsalFile("screenplay.yaml"), "utf8"))
    const charsPerSec = options.rehearsalCharsPerSec ?? rehearsalCharsPerSec
    return await startModelServer({ screenplay, port: 0, pace: { charsPerSec } })
  }

  function view(id: string, roles: ModelView["roles"]): ModelView {
    const facts = factsOf(id)
    const { isKnown, contextWindow, maxOutput, thinking, efforts, priceSource, price, endOfLife } = facts
    return {
      id,
      roles,
      isKnown,
      contextWindow: sizeOf(contextWindow, isKnown),
      maxOutput,
      thinking,
      efforts: [...efforts],
      priceSource,
      inputUsd: price?.input ?? null,
      outputUsd: price?.output ?? null,
      endOfLife,
      warnings: findWarnings(id, facts, new Date(aura.now()).toISOString().slice(0, 10)),
    }
  }

  /** What the environment says about the window counts for models that no table knows, and narrows the others. */
  function sizeOf(contextWindow: number, isKnown: boolean): number {
    const set = aura.config.contextWindow
    if (set === null) return contextWindow
    return isKnown ? Math.min(set, contextWindow) : set
  }

  return {
    async of(project) {
      if (project.rehearsal) {
        rehearsal ??= startRehearsal()
        return connect("rehearsal", (await rehearsal).url)
      }
      const { first, model } = await findCurrent()
      const { model: main, fallbackModel } = await settings.get(aura)
      if ([main, fallbackModel].some((id) => id !== null && !factsOf(id).isKnown)) askForList(first)
      return model
    },
    withKey: (key) => connect(key, aura.config.modelBaseUrl),
    find(id) {
      const facts = factsOf(id)
      const { price, priceSource, maxOutput, isKnown } = facts
      return {
        contextWindow: sizeOf(facts.contextWindow, isKnown),
        maxOutput,
        isPriced: priceSource !== "unknown",
        rates: price,
        price: (tokens) => priceOf(id, tokens, facts),
      }
    },
    async list() {
      const { key, refusal, first } = await findCurrent()
      if ((key !== null || aura.config.modelBaseUrl !== null) && refusal === null) askForList(first)
      const { model, fastModel, fallbackModel } = await settings.get(aura)
      const roles = new Map<string, ModelView["roles"]>()
      for (const [role, id] of [
        ["model", model],
        ["fastModel", fastModel],
        ["fallbackModel", fallbackModel],
      ] as const)
        if (id !== null) roles.set(id, [...(roles.get(id) ?? []), role])
      for (const id of Object.keys(entered)) if (!roles.has(id)) roles.set(id, [])
      return [...roles].map(([id, own]) => view(id, own))
    },
    async close() {
      leave()
      await (await rehearsal)?.close()
    },
  }
}
