/** Settings in force: what the user chose, else what the environment says; and the API key. */
import {
  type ApiKeyStatus,
  AuraError,
  defaultEfforts,
  type Effort,
  type Efforts,
  type ProviderId,
  type ProviderView,
  providerIds,
  providers,
  type SettingsView,
  type StoredSettings,
  splitModelId,
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
  addresses: {},
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
    modelBaseUrl: await addressOf(aura, "anthropic"),
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
function configOf({ config }: Aura, provider: ProviderId): { apiKey: string | null; baseUrl: string | null } {
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
  const address = await addressOf(aura, provider)
  const stored = await aura.store.get("secrets", provider)
  if (!stored) return { key: apiKey, refusal: null }
  if (isFor(stored.address, address)) return { key: await storedKey(aura, caller, provider), refusal: null }
  if (apiKey) return { key: apiKey, refusal: null }
  return { key: null, refusal: toRefusal(provider, stored.address, address) }
}

/** The address a person or the environment gave; null = the provider's own. */
export async function findAddress(
  aura: Aura,
  provider: ProviderId,
): Promise<{ baseUrl: string | null; from: ProviderView["addressFrom"] }> {
  const stored = (await aura.store.get("settings", "settings"))?.addresses[provider]
  if (stored !== undefined) return { baseUrl: stored, from: "settings" }
  const { baseUrl } = configOf(aura, provider)
  return { baseUrl, from: baseUrl === null ? "provider" : "environment" }
}

/** Where requests to the model go. */
async function addressOf(aura: Aura, provider: ProviderId): Promise<string> {
  return (await findAddress(aura, provider)).baseUrl ?? providers[provider].address
}

/**
 * A stored key stays bound to the address it was entered for.
 * @param address null = as the environment says, or the provider's own
 * @throws AuraError `forbidden` for whoever does not own this install, `bad_request` for what is no address
 */
export async function saveAddress(
  aura: Aura,
  caller: Caller,
  provider: ProviderId,
  address: string | null,
): Promise<void> {
  needOwner(caller, "change its providers")
  if (address !== null && !isWebAddress(address))
    throw new AuraError(
      "bad_request",
      `${address} is no address of a server: it begins with http:// or https://.`,
    )
  await aura.store.commit("settings.saved", async (read) => {
    const stored = (await read.get("settings", "settings")) ?? none
    const { [provider]: _, ...others } = stored.addresses
    const addresses = address === null ? others : { ...others, [provider]: address }
    return { rows: { settings: [{ ...stored, addresses }] } }
  })
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

/** All providers, in their order. */
export async function listProviders(aura: Aura): Promise<ProviderView[]> {
  const { model, fastModel, fallbackModel } = await get(aura)
  const used = new Set(
    [model, fastModel, fallbackModel].flatMap((id) => (id ? [splitModelId(id).provider] : [])),
  )
  return await Promise.all(
    providerIds.map(async (id) => {
      const { from } = await findAddress(aura, id)
      const { name, needsKey } = providers[id]
      return {
        id,
        name,
        needsKey,
        key: await apiKeyStatus(aura, id),
        address: await addressOf(aura, id),
        addressFrom: from,
        isUsed: used.has(id),
      }
    }),
  )
}

/** What the provider said when it was asked about the key in force. */
export async function noteKeyCheck(
  aura: Aura,
  caller: Caller,
  status: "valid" | "invalid" | "unchecked",
  provider: ProviderId,
): Promise<ApiKeyStatus> {
  needOwner(caller, "check its API keys")
  const known = await apiKeyStatus(aura, provider)
  const stored = await aura.store.get("secrets", provider)
  const checkedAt = status === "unchecked" ? null : timestamp(aura)
  if (!stored || known.source !== "settings")
    return { ...known, status: known.source ? status : "not_set", checkedAt }
  await aura.store.commit("settings.saved", { rows: { secrets: [{ ...stored, status, checkedAt }] } })
  return await apiKeyStatus(aura, provider)
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
  const asked = await addressOf(aura, provider)
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
  const address = await addressOf(aura, provider)
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
