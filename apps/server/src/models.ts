/** Which model answers for a project: that of the provider it names, with the key in force, or the rehearsal's screenplay over real HTTP. */
import { readFile } from "node:fs/promises"
import { setTimeout as sleep } from "node:timers/promises"
import {
  AuraError,
  type EnteredModels,
  type ModelView,
  type OfferedModel,
  type Project,
  type ProviderId,
  providers,
  splitModelId,
  toMessage,
} from "@aura/core"
import { type Aura, settings } from "@aura/domain"
import type { ModelFacts } from "@aura/engine"
import {
  type ClientOptions,
  createClaude,
  createProvider,
  findModel,
  findWarnings,
  type ListedFacts,
  type Model,
  type ModelServer,
  type Provider,
  parseScreenplay,
  priceOf,
  startModelServer,
  toBaseUrl,
  withFallback,
} from "@aura/model"
import { createRedactingModel } from "./redacting.ts"
import { rehearsalFile } from "./rehearsal.ts"

export type Models = {
  of(project: Pick<Project, "rehearsal"> & Partial<Pick<Project, "model">>): Promise<Model>
  /** A client for a key that is not stored yet. */
  withKey(key: string, provider: ProviderId): Promise<Model>
  /** With the key in force. */
  checkKey(provider: ProviderId): ReturnType<Model["checkKey"]>
  /** The models a provider offers, fetched now. */
  offered(provider: ProviderId): Promise<OfferedModel[]>
  find(id: string): ModelFacts
  /** What is known about the models Settings names. */
  list(): Promise<ModelView[]>
  close(): Promise<void>
}

/** The writing speed of the rehearsal's model: fast enough to wait for, slow enough to watch. */
const rehearsalCharsPerSec = 2500
/** How long the provider's list of models is cached. */
const listMs = 24 * 60 * 60_000
const listTimeoutMs = 30_000
const checkMs = 15_000
const listPatienceMs = 3_000

/** Timeouts and retries for a silent or failing provider, if not the defaults. */
export type Patience = Pick<ClientOptions, "stallMs" | "policy">

/** The parameters of a connection; it is replaced when they change. */
type Connected = settings.KeyInForce & { baseUrl: string | null; patient: Provider; once: Provider }

export async function createModels(
  aura: Aura,
  options: { rehearsalCharsPerSec?: number; patience?: Patience } = {},
): Promise<Models> {
  let rehearsal: Promise<ModelServer> | undefined
  let entered: EnteredModels = (await settings.get(aura)).models
  /** It remembers which of the two is unavailable. */
  let fallback: { model: string; main: string; asked: Model } | undefined
  const connections = new Map<ProviderId, Connected>()
  /** Pending requests. */
  let listing: Promise<unknown> = Promise.resolve()
  const lists = new Map<ProviderId, { at: number; listed?: ReadonlyMap<string, ListedFacts> }>()
  const leave = aura.store.subscribe(({ type }) => {
    if (type === "settings.saved")
      void settings.get(aura).then(
        (now) => (entered = now.models),
        () => undefined,
      )
  })
  const factsOf = (id: string) =>
    findModel(id, { entered, listed: lists.get(splitModelId(id).provider)?.listed })

  type More = Pick<ClientOptions, "policy" | "refusal">
  const connect = (provider: ProviderId, apiKey: string | null, address: string | null, more: More = {}) => {
    const choices = {
      baseUrl: address && toBaseUrl(provider, address),
      now: aura.now,
      random: Math.random,
      findModel: factsOf,
      ...options.patience,
      ...more,
    }
    if (provider !== "anthropic") return createProvider({ provider, apiKey, ...choices })
    return createClaude({ apiKey: apiKey ?? (address ? "none" : null), ...choices })
  }

  /** The connection of a provider, made when a model of it is first asked. */
  async function findConnected(provider: ProviderId): Promise<Connected> {
    const found = await settings.findKey(aura, { kind: "aura", name: "models" }, provider)
    const { baseUrl } = await settings.findAddress(aura, provider)
    const known = connections.get(provider)
    if (known?.key === found.key && known.refusal === found.refusal && known.baseUrl === baseUrl) return known
    const { key, refusal } = found
    const once = connect(provider, key, baseUrl, { refusal, policy: { attempts: 1 } })
    const made = { ...found, baseUrl, patient: connect(provider, key, baseUrl, { refusal }), once }
    // The list of another server does not apply.
    if (known && known.baseUrl !== baseUrl) lists.delete(provider)
    connections.set(provider, made)
    return made
  }

  /** Asks the provider of the model each request names. */
  const toRouter = (pick: (connected: Connected) => Provider, main: string): Model => ({
    async *stream(request, signal) {
      const connected = await findConnected(splitModelId(request.model).provider).catch(toMessage)
      if (typeof connected === "string")
        yield { type: "failed", failure: { kind: "auth", message: connected } }
      else yield* pick(connected).stream(request, signal)
    },
    checkKey: async (signal) => pick(await findConnected(splitModelId(main).provider)).checkKey(signal),
  })

  /** Fetches the lists of the providers of these models, once a day; they apply when they arrive. */
  async function askForLists(ids: readonly (string | null)[]): Promise<void> {
    const asked: Promise<unknown>[] = []
    for (const provider of new Set(ids.flatMap((id) => (id ? [splitModelId(id).provider] : [])))) {
      const { key, refusal, baseUrl, patient } = await findConnected(provider)
      const canAsk = key !== null || baseUrl !== null
      if (refusal !== null || (providers[provider].needsKey && !canAsk)) continue
      const known = lists.get(provider)
      if (known && aura.now() - known.at < listMs) continue
      lists.set(provider, { ...known, at: aura.now() })
      asked.push(
        patient.listModels(AbortSignal.timeout(listTimeoutMs)).then(
          (found) => {
            if (found) lists.set(provider, { at: aura.now(), listed: found })
          },
          () => undefined,
        ),
      )
    }
    listing = Promise.all([listing, ...asked])
  }

  async function startRehearsal(): Promise<ModelServer> {
    const screenplay = parseScreenplay(await readFile(rehearsalFile("screenplay.yaml"), "utf8"))
    const charsPerSec = options.rehearsalCharsPerSec ?? rehearsalCharsPerSec
    return await startModelServer({ screenplay, port: 0, pace: { charsPerSec } })
  }

  function view(id: string, roles: ModelView["roles"]): ModelView {
    const facts = factsOf(id)
    const { isKnown, contextWindow, maxOutput, thinking, efforts, sees, priceSource, price, endOfLife } =
      facts
    return {
      id,
      roles,
      isKnown,
      contextWindow: sizeOf(contextWindow, isKnown),
      maxOutput,
      thinking,
      efforts: [...efforts],
      sees: [...sees],
      priceSource,
      inputUsd: price?.input ?? null,
      outputUsd: price?.output ?? null,
      endOfLife,
      warnings: findWarnings(id, facts, new Date(aura.now()).toISOString().slice(0, 10)),
    }
  }

  /** The context window from the environment applies to unknown models, and can only reduce that of known ones. */
  function sizeOf(contextWindow: number, isKnown: boolean): number {
    const set = aura.config.contextWindow
    if (set === null) return contextWindow
    return isKnown ? Math.min(set, contextWindow) : set
  }

  return {
    async of(project) {
      if (project.rehearsal) {
        rehearsal ??= startRehearsal()
        return connect("anthropic", "rehearsal", (await rehearsal).url)
      }
      const { model: main, fallbackModel } = await settings.get(aura)
      const used = [project.model ?? main, fallbackModel]
      await askForLists(used.filter((id) => id !== null && !factsOf(id).isKnown))
      // The context window has to be known before the first session, but the wait for a list is limited.
      await Promise.race([listing, sleep(listPatienceMs, undefined, { ref: false })])
      const first = toRouter(({ patient }) => patient, main)
      if (fallbackModel === null) return createRedactingModel(first, aura.redactor)
      if (fallback?.model !== fallbackModel || fallback.main !== main) {
        const once = toRouter(({ once: other }) => other, main)
        const made = withFallback(first, { model: fallbackModel, once, now: aura.now })
        fallback = { model: fallbackModel, main, asked: createRedactingModel(made, aura.redactor) }
      }
      return fallback.asked
    },
    withKey: async (key, provider) =>
      connect(provider, key, (await settings.findAddress(aura, provider)).baseUrl),
    checkKey: async (provider) =>
      await (await findConnected(provider)).once.checkKey(AbortSignal.timeout(checkMs)),
    async offered(provider) {
      const { patient, refusal } = await findConnected(provider)
      if (refusal !== null) throw new AuraError("conflict", refusal)
      const found = await patient.listModels(AbortSignal.timeout(listTimeoutMs))
      if (!found)
        throw new AuraError(
          "bad_gateway",
          `${providers[provider].name} does not tell its models: it could not be reached, or refuses the key.`,
        )
      lists.set(provider, { at: aura.now(), listed: found })
      return [...found].map(([id, { contextWindow }]) => {
        const facts = factsOf(id)
        return {
          id,
          contextWindow: contextWindow ?? (facts.isKnown ? facts.contextWindow : null),
          inputUsd: facts.price?.input ?? null,
          outputUsd: facts.price?.output ?? null,
        }
      })
    },
    find(id) {
      const facts = factsOf(id)
      const { price, priceSource, maxOutput, isKnown } = facts
      return {
        contextWindow: sizeOf(facts.contextWindow, isKnown),
        maxOutput,
        sees: facts.sees,
        isPriced: priceSource !== "unknown",
        rates: price,
        price: (tokens) => priceOf(id, tokens, facts),
      }
    },
    async list() {
      const { model, fastModel, fallbackModel } = await settings.get(aura)
      await askForLists([model, fastModel, fallbackModel])
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
