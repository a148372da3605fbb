/** Which model answers for a project: Claude with the key in force, or the rehearsal's screenplay over real HTTP. */
import { readFile } from "node:fs/promises"
import type { Project } from "@aura/core"
import { type Aura, settings } from "@aura/domain"
import type { ModelFacts } from "@aura/engine"
import {
  type ClaudeOptions,
  createClaude,
  findModel,
  isKnownModel,
  type Model,
  type ModelServer,
  parseScreenplay,
  priceOf,
  startModelServer,
  withFallback,
} from "@aura/model"
import { createDiscreetModel } from "./discreet.ts"
import { rehearsalFile } from "./rehearsal.ts"

export type Models = {
  of(project: Pick<Project, "rehearsal">): Promise<Model>
  /** A client for a key that is not stored yet. */
  withKey(key: string): Model
  find(id: string): ModelFacts
  close(): Promise<void>
}

/** How fast the rehearsal's model writes: quick enough to wait for, slow enough to watch. */
const rehearsalCharsPerSec = 2500

/** How long a silent or failing provider is waited for, where it is not as usual. */
export type Patience = Pick<ClaudeOptions, "stallMs" | "policy">

export function createModels(
  aura: Aura,
  options: { rehearsalCharsPerSec?: number; patience?: Patience } = {},
): Models {
  let rehearsal: Promise<ModelServer> | undefined
  let current: (settings.KeyInForce & { fallbackModel: string | null; model: Model }) | undefined
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
      ...options.patience,
      ...more,
    })
  const connectBoth = ({ key, refusal }: settings.KeyInForce, fallback: string | null): Model => {
    const { modelBaseUrl } = aura.config
    const first = connect(key, modelBaseUrl, { refusal })
    const model = fallback
      ? withFallback(first, {
          model: fallback,
          once: connect(key, modelBaseUrl, { refusal, policy: { attempts: 1 } }),
          now: aura.now,
        })
      : first
    return createDiscreetModel(model, aura.redactor)
  }

  async function startRehearsal(): Promise<ModelServer> {
    const screenplay = parseScreenplay(await readFile(rehearsalFile("screenplay.yaml"), "utf8"))
    const charsPerSec = options.rehearsalCharsPerSec ?? rehearsalCharsPerSec
    return await startModelServer({ screenplay, port: 0, pace: { charsPerSec } })
  }

  return {
    async of(project) {
      if (project.rehearsal) {
        rehearsal ??= startRehearsal()
        return connect("rehearsal", (await rehearsal).url)
      }
      const found = await settings.findKey(aura)
      const { fallbackModel } = await settings.get(aura)
      const isSame = current?.key === found.key && current.refusal === found.refusal
      if (!current || !isSame || current.fallbackModel !== fallbackModel)
        current = { ...found, fallbackModel, model: connectBoth(found, fallbackModel) }
      return current.model
    },
    withKey: (key) => connect(key, aura.config.modelBaseUrl),
    find(id) {
      const facts = findModel(id)
      const set = aura.config.contextWindow
      return {
        contextWindow:
          set === null ? facts.contextWindow : isKnownModel(id) ? Math.min(set, facts.contextWindow) : set,
        maxOutput: facts.maxOutput,
        price: (tokens) => priceOf(id, tokens),
      }
    },
    close: async () => await (await rehearsal)?.close(),
  }
}
