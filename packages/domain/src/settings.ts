/** Settings in force: what the user chose, else what the environment says; and the API key. */
import {
  type ApiKeyStatus,
  AuraError,
  defaultEfforts,
  type Effort,
  type Efforts,
  type ProviderId,
  providers,
  type SettingsView,
  type StoredSettings,
  type UpdateSettings,
} from "@aura/core"
import { type Aura, timestamp } from "./aura.ts"
import { type Caller, needOwner } from "./caller.ts"
import { mask, seal, unseal } from "./secrets.ts"

/** The share of the window at which sessions turn over at the latest, where nobody chose one. */
const usualShare = 0.5

const none: StoredSettings = {
  id: "settings",
  model: null,
  fastModel: null,
  fallbackModel: null,
  rotateAt: null,
  efforts: { plan: null, work: null, chat: null },
  models: {},
  budgetUsd: null,
  rehearsedAt: null,
  lanAllows: [],
  editor: null,
  updateChannel: "stable",
}

export async function get(aura: Aura): Promise<SettingsView> {
  const stored = (await aura.store.get("settings", "settings")) ?? none
  return {
    model: stored.model ?? aura.config.model,
    fastModel: stored.fastModel ?? aura.config.fastModel,
    fallbackModel: stored.fallbackModel ?? aura.config.fallbackModel,
    rotateAt: stored.rotateAt ?? aura.config.rotateAt ?? usualShare,
    rotatesByPrice: stored.rotateAt === null && aura.config.rotateAt === null,
    efforts: toEfforts(stored.efforts, aura.config.effort),
    models: { ...aura.config.models, ...stored.models },
    budgetUsd: stored.budgetUsd,
    modelBaseUrl: toAddress(aura, "anthropic"),
    dataDir: aura.config.dataDir,
    version: aura.config.version,
    lanAllows: stored.lanAllows,
    editor: stored.editor,
    updateChannel: stored.updateChannel,
    lanUrl: aura.config.lanUrl,
    lanSecure: aura.config.lanSecure,
    sandbox: aura.config.sandbox,
  }
}

/** @throws AuraError `forbidden` for whoever does not own this install */
export async function update(aura: Aura, caller: Caller, change: UpdateSettings): Promise<SettingsView> {
  needOwner(caller, "change its settings")
  await aura.store.commit("settings.saved", async (read) => {
    const stored = (await read.get("settings", "settings")) ?? none
    const { efforts, ...others } = change
    const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined))
    const { plan, work, chat } = stored.efforts
    const next = { plan: efforts?.plan, work: efforts?.work, chat: efforts?.chat }
    const chosen = {
      plan: next.plan === undefined ? plan : next.plan,
      work: next.work === undefined ? work : next.work,
      chat: next.chat === undefined ? chat : next.chat,
    }
    return { rows: { settings: [{ ...stored, ...given, efforts: chosen }] } }
  })
  return await get(aura)
}

function toEfforts(chosen: Efforts, ofAll: Effort | null): SettingsView["efforts"] {
  return {
    plan: chosen.plan ?? ofAll ?? defaultEfforts.plan,
    work: chosen.work ?? ofAll ?? defaultEfforts.work,
    chat: chosen.chat ?? ofAll ?? defaultEfforts.chat,
  }
}

/** True once per data directory: whoever gets it plays the rehearsal. */
export async function claimRehearsal(aura: Aura): Promise<boolean> {
  const event = await aura.store.commit("settings.saved", async (read) => {
    const stored = (await read.get("settings", "settings")) ?? none
    if (stored.rehearsedAt) return undefined
    return { rows: { settings: [{ ...stored, rehearsedAt: timestamp(aura) }] } }
  })
  return event !== undefined
}

/** The key to call the provider with, or why the stored one may not be sent there. */
export type KeyInForce = { key: string | null; refusal: string | null }

/** What the environment says about a provider; the row of its key, and its name in the keychain, is its id. */
export function configOf(
  { config }: Aura,
  provider: ProviderId,
): { apiKey: string | null; baseUrl: string | null } {
  if (provider === "anthropic") return { apiKey: config.apiKey, baseUrl: config.modelBaseUrl }
  return config.providers?.[provider] ?? { apiKey: null, baseUrl: null }
}

/** The key entered in Settings for the provider's address, else the environment's. */
export async function findKey(
  aura: Aura,
  caller: Caller,
  provider: ProviderId = "anthropic",
): Promise<KeyInForce> {
  if (caller.kind !== "aura") throw new AuraError("forbidden", "An API key is given to nobody.")
  const { apiKey } = configOf(aura, provider)
  const address = toAddress(aura, provider)
  const stored = await aura.store.get("secrets", provider)
  if (!stored) return { key: apiKey, refusal: null }
  if (isFor(stored.address, address)) return { key: await storedKey(aura, caller, provider), refusal: null }
  if (apiKey) return { key: apiKey, refusal: null }
  return { key: null, refusal: toRefusal(provider, stored.address, address) }
}

/** Where requests to the model go. */
function toAddress(aura: Aura, provider: ProviderId): string {
  return configOf(aura, provider).baseUrl ?? providers[provider].address
}

/** True when both are the same server and path; `/v1` at the end is left out by some. */
function isFor(address: string, other: string): boolean {
  const [a, b] = [address, other].map((text) => {
    const { origin, pathname } = new URL(text)
    return (
      origin +
      pathname
        .replace(/(?<!\/)\/+$/, "")
        .replace(/\/v1$/, "")
        .replace(/(?<!\/)\/+$/, "")
    )
  })
  return a === b
}

function toRefusal(provider: ProviderId, entered: string, asked: string): string {
  const key = provider === "anthropic" ? "The API key" : `The API key for ${providers[provider].name}`
  return `${key} in Settings was entered for ${entered} and is not sent to ${asked}. Enter the key for ${asked} in Settings, or forget the stored one there, then resume.`
}

/** False when a key is stored that was entered for another address than this. */
export async function isKeyFor(
  aura: Aura,
  address: string,
  provider: ProviderId = "anthropic",
): Promise<boolean> {
  const stored = await aura.store.get("secrets", provider)
  return stored === undefined || isFor(stored.address, address)
}

/**
 * The key as it was entered in Settings, wherever requests go now. No person and no agent is given a key.
 * @throws AuraError `forbidden` for whoever is not Aura itself
 */
export async function storedKey(
  aura: Aura,
  caller: Caller,
  provider: ProviderId = "anthropic",
): Promise<string | null> {
  if (caller.kind !== "aura") throw new AuraError("forbidden", "A stored API key is given to nobody.")
  const stored = await aura.store.get("secrets", provider)
  if (!stored) return null
  if (stored.sealed !== null) return unseal(aura.keys.sealing, stored.sealed)
  const key = await aura.keychain?.get(provider).catch(() => null)
  if (key) return key
  throw new AuraError(
    "service_unavailable",
    "The API key is in this machine's keychain, which does not give it out. Unlock it, or enter the key in Settings again.",
  )
}

export async function apiKeyStatus(aura: Aura, provider: ProviderId = "anthropic"): Promise<ApiKeyStatus> {
  const { apiKey } = configOf(aura, provider)
  const asked = toAddress(aura, provider)
  const stored = await aura.store.get("secrets", provider)
  const isUsable = stored && isFor(stored.address, asked)
  if (stored && (isUsable || !apiKey)) {
    const { status, masked, checkedAt, address } = stored
    const problem = isUsable ? null : toRefusal(provider, address, asked)
    return { status, masked, checkedAt, source: "settings", problem }
  }
  if (apiKey) {
    const masked = mask(apiKey)
    return { status: "unchecked", masked, checkedAt: null, source: "environment", problem: null }
  }
  return { status: "not_set", masked: null, checkedAt: null, source: null, problem: null }
}

/** @throws AuraError `forbidden` for whoever does not own this install, `bad_request` for what is no key */
export async function saveApiKey(
  aura: Aura,
  caller: Caller,
  key: string,
  status: "valid" | "invalid" | "unchecked",
  provider: ProviderId = "anthropic",
): Promise<ApiKeyStatus> {
  needOwner(caller, "change its API keys")
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new AuraError("bad_request", "That is not an API key: it holds blanks or characters no key has.")
  }
  aura.redactor.learn(key)
  // A crash between the keychain and the row must not leave the new key with the old address.
  const address = toAddress(aura, provider)
  if (!(await isKeyFor(aura, address, provider))) await removeApiKey(aura, caller, provider)
  const isKept = await aura.keychain?.set(provider, key).then(
    () => true,
    () => false,
  )
  const row = {
    id: provider,
    sealed: isKept ? null : seal(aura.keys.sealing, key),
    masked: mask(key),
    status,
    checkedAt: status === "unchecked" ? null : timestamp(aura),
    address,
  }
  await aura.store.commit("settings.saved", { rows: { secrets: [row] } })
  return await apiKeyStatus(aura, provider)
}

/** @throws AuraError `forbidden` for whoever does not own this install */
export async function removeApiKey(
  aura: Aura,
  caller: Caller,
  provider: ProviderId = "anthropic",
): Promise<void> {
  needOwner(caller, "change its API keys")
  await aura.keychain?.remove(provider).catch(() => undefined)
  await aura.store.commit("settings.saved", { rows: {}, removed: { secrets: [provider] } })
}
