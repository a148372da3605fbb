/** The environment: a fixed list of names, from the process first, then from the `.env` files that may configure Aura. */
import { isIP } from "node:net"
import { homedir } from "node:os"
import { join, resolve } from "node:path"
import {
  AuraError,
  type Effort,
  EffortLevel,
  EnteredModels,
  type ProviderId,
  providerIds,
  providers,
} from "@aura/core"
import { toBaseUrl } from "@aura/model"
import { z } from "zod"
import { type EnvFile, type EnvPlaces, readEnvFile, readEnvFiles } from "./env-files.ts"

const port = z.coerce.number("must be a number").int("must be a whole number").min(0).max(65_535)
const share = z.coerce
  .number("must be a number")
  .min(0.05, "must be between 0.05 and 0.95")
  .max(0.95, "must be between 0.05 and 0.95")
const url = z.url({ protocol: /^https?$/, error: "must be a URL that starts with http:// or https://" })

/** Addresses and networks, comma separated. */
function toNetworks(text: string, context: z.RefinementCtx): string[] {
  const networks = text.split(",").map((one) => one.trim())
  for (const network of networks.filter(Boolean)) {
    const [address = "", bits, more] = network.split("/")
    const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
    const isNetwork = bits === undefined || (/^[1-9]\d*$/.test(bits) && Number(bits) <= most)
    if (most < 0 || !isNetwork || more !== undefined)
      context.addIssue({
        code: "custom",
        message: `must list addresses or networks (CIDR), not "${network}"`,
      })
  }
  return networks.filter(Boolean)
}

/** Facts about models as JSON: `{"my-model": {"contextWindow": 131072, "inputUsd": 0.5, "outputUsd": 2}}`. */
function toModels(text: string | undefined, context: z.RefinementCtx): EnteredModels {
  if (text === undefined) return {}
  const parsed = EnteredModels.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = [...(issue?.path ?? [])].map(String).join(".")
  context.addIssue({
    code: "custom",
    message: `must be facts about models as JSON (${where || "the whole"}: ${issue?.message})`,
  })
  return z.NEVER
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const Environment = z.object({
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: url.optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: url.optional(),
  OPENROUTER_API_KEY: z.string().optional(),
  OPENROUTER_BASE_URL: url.optional(),
  OLLAMA_API_KEY: z.string().optional(),
  OLLAMA_HOST: z.string().optional(),
  GEMINI_API_KEY: z.string().optional(),
  GEMINI_BASE_URL: url.optional(),
  AURA_MODEL: z.string().optional(),
  AURA_FAST_MODEL: z.string().optional(),
  AURA_FALLBACK_MODEL: z.string().optional(),
  AURA_CONTEXT_WINDOW: z.coerce.number("must be a number").int().min(1000).optional(),
  AURA_ROTATE_AT: share.optional(),
  AURA_EFFORT: EffortLevel.optional(),
  AURA_MODELS: z.string().optional().transform(toModels),
  AURA_SERVER_HOST: z.string().default("127.0.0.1"),
  AURA_SERVER_PORT: port.default(3100),
  AURA_DATA_DIR: z.string().optional(),
  AURA_ALLOWED_ORIGINS: z.string().default(""),
  AURA_FRONTEND_HOST: z.string().default("127.0.0.1"),
  AURA_FRONTEND_PORT: port.default(5173),
  AURA_PUBLIC_HOST: z.string().optional(),
  AURA_TRUSTED_PROXY: z.string().default("").transform(toNetworks),
  AURA_UPDATE_BASE_URL: url.optional(),
  AURA_UNSANDBOXED: z.literal("1", "must be 1, or not be set at all").optional(),
})

/** Names that weaken a protection: accepted from the process and from Aura's own root only. */
const guardNames = new Set([
  "AURA_UNSANDBOXED",
  "AURA_DATA_DIR",
  "AURA_ALLOWED_ORIGINS",
  "AURA_SERVER_HOST",
  "AURA_PUBLIC_HOST",
  "AURA_TRUSTED_PROXY",
  "AURA_UPDATE_BASE_URL",
])
/** Names that are accepted from the process alone. */
const processNames = new Set(["AURA_UPDATE_KEY"])
/** Names that redirect a secret: accepted from a file that a person chose, unless a key is stored for another address. */
const addressNames = new Set(Object.values(providers).map(({ addressName }) => addressName))

export type EnvSources = {
  /** Files that were read, in order of precedence. */
  read: string[]
  ignored: { name: string; path: string; why: string }[]
}

export type ProviderEnv = {
  apiKey: string | null
  baseUrl: string | null
  /** The file that names `baseUrl`, unless it may redirect a stored key; else null. */
  baseUrlFile: string | null
}
export type ProviderEnvs = Partial<Record<ProviderId, ProviderEnv>>

export type Env = {
  sources: EnvSources
  apiKey: string | null
  modelBaseUrl: string | null
  /** The file that names `modelBaseUrl`, unless it may redirect a stored key; else null. */
  modelBaseUrlFile: string | null
  /** The providers beside Anthropic. */
  providers: ProviderEnvs
  model: string | null
  fastModel: string | null
  fallbackModel: string | null
  contextWindow: number | null
  /** null = where it costs least. */
  rotateAt: number | null
  effort: Effort | null
  models: EnteredModels
  host: string
  port: number
  dataDir: string
  allowedOrigins: string[]
  publicHost: string | null
  /** Addresses and networks of proxies whose forwarded headers name the client, for brakes and the audit log. */
  trustedProxies: string[]
  /** The address of newer releases; null = no updates. */
  updateBaseUrl: string | null
  /** The key they must be signed with. From the process alone: a file must not choose whom Aura trusts. */
  updateKey: string | null
  /** The user allows commands without a sandbox. */
  unsandboxed: boolean
}

/**
 * @param variables the process's environment
 * @param files the `.env` files to read after it, those that count first at the front
 * @throws AuraError `bad_request` naming the variable that does not fit
 */
export function readEnv(variables: NodeJS.ProcessEnv, files: readonly EnvFile[] | null): Env {
  const sources: EnvSources = { read: (files ?? []).map((file) => file.path), ignored: [] }
  const given: Record<string, string> = {}
  /** Files that name an address, and may not redirect a stored key. */
  const addressFiles: Record<string, string> = {}
  for (const name of [...Object.keys(Environment.shape), ...processNames]) {
    if (variables[name]) {
      given[name] = variables[name]
      continue
    }
    for (const file of files ?? []) {
      const value = file.values[name]
      if (!value) continue
      const why = findObjection(name, file)
      if (why) {
        sources.ignored.push({ name, path: file.path, why })
        continue
      }
      given[name] = value
      if (addressNames.has(name) && file.trust !== "own") addressFiles[name] = file.path
      break
    }
  }
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new AuraError("bad_request", `${issue?.path.join(".")} ${issue?.message}.`)
  }
  const env = parsed.data
  return {
    sources,
    modelBaseUrlFile: addressFiles.ANTHROPIC_BASE_URL ?? null,
    providers: toProviders(given, addressFiles),
    apiKey: env.ANTHROPIC_API_KEY?.trim() || null,
    modelBaseUrl: env.ANTHROPIC_BASE_URL ?? null,
    model: env.AURA_MODEL ?? null,
    fastModel: env.AURA_FAST_MODEL ?? null,
    fallbackModel: env.AURA_FALLBACK_MODEL ?? null,
    contextWindow: env.AURA_CONTEXT_WINDOW ?? null,
    rotateAt: env.AURA_ROTATE_AT ?? null,
    effort: env.AURA_EFFORT ?? null,
    models: env.AURA_MODELS,
    host: env.AURA_SERVER_HOST,
    port: env.AURA_SERVER_PORT,
    dataDir: resolve(env.AURA_DATA_DIR ?? join(platformDataDir(variables), "aura")),
    allowedOrigins: env.AURA_ALLOWED_ORIGINS.split(",")
      .map((origin) => origin.trim().replace(/\/$/, ""))
      .filter(Boolean),
    publicHost: env.AURA_PUBLIC_HOST ?? null,
    trustedProxies: env.AURA_TRUSTED_PROXY,
    updateBaseUrl: env.AURA_UPDATE_BASE_URL ?? null,
    updateKey: variables.AURA_UPDATE_KEY || null,
    unsandboxed: env.AURA_UNSANDBOXED === "1",
  }
}

function toAddress(id: ProviderId, text: string): string {
  const address = toBaseUrl(id, text)
  if (URL.canParse(address)) return address
  throw new AuraError("bad_request", `${providers[id].addressName} must be an address.`)
}

function toProviders(given: Record<string, string>, addressFiles: Record<string, string>): ProviderEnvs {
  const found: ProviderEnvs = {}
  for (const id of providerIds) {
    const { keyName, addressName } = providers[id]
    if (id === "anthropic" || !(given[keyName] || given[addressName])) continue
    found[id] = {
      apiKey: given[keyName]?.trim() || null,
      baseUrl: given[addressName] ? toAddress(id, given[addressName]) : null,
      baseUrlFile: addressFiles[addressName] ?? null,
    }
  }
  return found
}

/** Why a file may not set a name; `undefined` when it may. */
function findObjection(name: string, { trust }: EnvFile): string | undefined {
  if (processNames.has(name)) return "it counts only from the real environment"
  if (trust === "own") return undefined
  const isGuard = guardNames.has(name)
  if (trust === "workspace" && (isGuard || addressNames.has(name)))
    return "agents may write in that folder, so it counts only from the real environment"
  return isGuard
    ? "it counts only from the real environment and from the .env of Aura's own folder"
    : undefined
}

/** The environment of a command: the process's, then the `.env` files of the places that may configure Aura. */
export function readPlacedEnv(variables: NodeJS.ProcessEnv, places: EnvPlaces): Env {
  return readEnv(variables, readEnvFiles(places, readEnv(variables, null).dataDir))
}

/** The `.env` of a folder that does not configure Aura although it holds names of Aura's; `undefined` when there is none. */
export function findUnreadFile(env: Env, directory: string): string | undefined {
  const path = join(directory, ".env")
  if (env.sources.read.includes(path)) return undefined
  try {
    const values = readEnvFile(path) ?? {}
    return Object.keys(Environment.shape).some((name) => values[name]) ? path : undefined
  } catch {
    // A pipe, a folder or unreadable: its values are not read either.
    return undefined
  }
}

function platformDataDir(variables: NodeJS.ProcessEnv): string {
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support")
  if (process.platform === "win32") return variables.LOCALAPPDATA ?? join(homedir(), "AppData", "Local")
  return variables.XDG_DATA_HOME || join(homedir(), ".local", "share")
}
