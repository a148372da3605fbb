/** aura doctor: what this machine has and lacks, one line each. */
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { access, constants, mkdir } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { type ModelView, type ProviderId, providerIds, providers, splitModelId, toMessage } from "@aura/core"
import { defaultModel, findModel, findWarnings, probe } from "@aura/model"
import {
  type Connection,
  currentEnv,
  type Env,
  findSandbox,
  findServer,
  findUnreadFile,
  openServer,
  type Sandbox,
} from "@aura/server"
import { findBrowser, findProgram, hostEnv, reservedId } from "@aura/workspace"
import { readArguments } from "../arguments.ts"
import { exitCode } from "../exit.ts"

export const usage = "aura doctor"

type Finding = { ok: boolean; text: string; isWarning?: boolean }

export async function run(args: readonly string[]): Promise<number> {
  readArguments(args, {}, 0, usage)
  const env = currentEnv()
  const server = await findServer(env)
  const models = server ? await askModels(server) : describeAll(env)
  const findings: Finding[] = [
    { ok: true, text: `Node ${process.versions.node}` },
    await askProgram("git", ["--version"], "git is missing: Aura needs it to keep the work. Install git."),
    toSandbox(await findSandbox(env.unsandboxed)),
    toBrowser(findBrowser()),
    await checkDataDir(env.dataDir),
    server
      ? { ok: true, text: `A server is running at ${server.url}` }
      : { ok: true, text: "No server is running on this data directory" },
    ...toSources(env),
    ...toModels(models),
    ...(await checkModels(
      env,
      models.map(({ id }) => id),
    )),
  ]
  for (const finding of findings) process.stdout.write(`${toMark(finding)}  ${finding.text}\n`)
  return findings.every((finding) => finding.ok) ? exitCode.done : exitCode.usage
}

function toBrowser(path: string | undefined): Finding {
  if (path) return { ok: true, text: `Agents look at pages with ${path}, inside the sandbox` }
  const why =
    process.platform === "linux" ? "there is no Chromium (a snap cannot be used)" : "that takes Linux"
  return { ok: true, isWarning: true, text: `Agents cannot look at pages: ${why}` }
}

/** Checks the connection to each provider whose model is in use, and to no other. */
async function checkModels(env: Env, ids: readonly string[]): Promise<Finding[]> {
  const used = new Set(ids.map((id) => splitModelId(id).provider))
  const found: Finding[] = []
  for (const provider of providerIds) {
    if (used.has(provider))
      found.push(...(await (provider === "anthropic" ? checkAnthropic(env) : checkProvider(env, provider))))
    else if (env.providers[provider])
      found.push({
        ok: true,
        text: `${providers[provider].name} is configured, but no model of it is in use; no connection was tried`,
      })
  }
  return found
}

async function checkProvider(env: Env, provider: ProviderId): Promise<Finding[]> {
  const { name, keyName, needsKey } = providers[provider]
  const { apiKey = null, baseUrl = null } = env.providers[provider] ?? {}
  const stored = apiKey ? undefined : await askStoredKey(env, provider)
  if (stored && !stored.ok) return [stored]
  if (needsKey && !apiKey && !baseUrl && !stored)
    return [
      {
        ok: false,
        text: `No API key for ${name}, whose model is in use: set ${keyName} or enter one in Settings`,
      },
    ]
  const configured = { ok: true, text: `${name} is in use (${baseUrl ?? providers[provider].address})` }
  return [configured, ...(stored ? [stored] : []), ...(await probe(baseUrl, provider))]
}

async function checkAnthropic(env: Env): Promise<Finding[]> {
  const stored = env.apiKey ? undefined : await askStoredKey(env)
  if (stored && !stored.ok) return [stored]
  if (!env.apiKey && !env.modelBaseUrl && !stored)
    return [
      {
        ok: true,
        text: "No API key: set ANTHROPIC_API_KEY or enter one in Settings; without one Aura plays its rehearsal; no connection was tried",
      },
    ]
  const configured = { ok: true, text: `A model is configured (${env.modelBaseUrl ?? "Anthropic"})` }
  return [configured, ...(stored ? [stored] : []), ...(await probe(env.modelBaseUrl))]
}

/** The key that was entered in Settings, if there is one. */
async function askStoredKey(env: Env, provider: ProviderId = "anthropic"): Promise<Finding | undefined> {
  if (!existsSync(join(env.dataDir, "db"))) return undefined
  try {
    const server = await openServer(env, { isLooking: true })
    try {
      const { source, problem } = await server.client.call("getApiKey", { query: { provider } })
      if (source !== "settings") return undefined
      return problem ? { ok: false, text: problem } : { ok: true, text: "An API key is stored in Settings" }
    } finally {
      await server.close()
    }
  } catch (thrown) {
    return { ok: false, text: `The data directory cannot be opened: ${toMessage(thrown)}` }
  }
}

/** The models in use, with what a person should know about them; a running server knows what Settings say. */
function toModels(models: readonly ModelLine[]): Finding[] {
  return models.flatMap((model): Finding[] => [
    { ok: true, text: toModelLine(model) },
    ...model.warnings.map((text) => ({ ok: true, isWarning: true, text })),
  ])
}

async function askModels({ client }: Connection): Promise<ModelLine[]> {
  const { items } = await client.call("listModels", {})
  return items.filter(({ roles }) => roles.includes("model") || roles.includes("fallbackModel"))
}

function describeAll(env: Env): ModelLine[] {
  return [env.model ?? defaultModel, env.fallbackModel ?? []].flat().map((id) => describe(id, env))
}

function toModelLine({
  id,
  contextWindow,
  maxOutput,
  inputUsd,
  outputUsd,
  endOfLife,
  thinking,
}: ModelLine): string {
  const price =
    inputUsd === null || outputUsd === null
      ? "no known price"
      : `$${inputUsd} in, $${outputUsd} out per million`
  const end = endOfLife === null ? "" : `, until ${endOfLife}`
  return `Model ${id}: ${contextWindow / 1000}k tokens, replies to ${maxOutput / 1000}k, thinking ${thinking}, ${price}${end}`
}

type ModelLine = Omit<ModelView, "isKnown" | "priceSource" | "efforts" | "roles" | "sees">

function describe(id: string, env: Env): ModelLine {
  const facts = findModel(id, { entered: env.models })
  const { contextWindow, maxOutput, thinking, price, endOfLife } = facts
  return {
    id,
    contextWindow,
    maxOutput,
    thinking,
    inputUsd: price?.input ?? null,
    outputUsd: price?.output ?? null,
    endOfLife,
    warnings: findWarnings(id, facts, new Date().toISOString().slice(0, 10)),
  }
}

function toMark({ ok, isWarning }: Finding): string {
  if (!ok) return "FAIL"
  return isWarning ? "warn" : "ok  "
}

/** Which files configured this Aura, and what in them did not count. */
function toSources(env: Env): Finding[] {
  const { read, ignored } = env.sources
  const unread = findUnreadFile(env, process.cwd())
  const lines = [
    ...(read.length === 0 ? ["No .env file was read"] : read.map((path) => `Environment file ${path}`)),
    ...ignored.map(({ name, path, why }) => `Ignored ${name} in ${path}: ${why}`),
    ...(env.modelBaseUrlFile
      ? [
          `ANTHROPIC_BASE_URL in ${env.modelBaseUrlFile} is ignored while a key for another address is stored in Settings`,
        ]
      : []),
    ...Object.entries(env.providers).flatMap(([, { baseUrlFile }]) =>
      baseUrlFile
        ? [`An address in ${baseUrlFile} is ignored while a key for another one is stored in Settings`]
        : [],
    ),
    ...(unread
      ? [`Not read: ${unread}, for a folder configures nothing. To use it: --env-file ${unread}`]
      : []),
  ]
  return lines.map((text) => ({ ok: true, text }))
}

const isRoot = process.getuid?.() === 0

function toSandbox(sandbox: Sandbox): Finding {
  switch (sandbox.kind) {
    case "missing":
      return { ok: false, text: sandbox.reason }
    case "off":
      return {
        ok: true,
        isWarning: true,
        text: `Commands run without a sandbox${isRoot ? " and as root" : ""}, as AURA_UNSANDBOXED says`,
      }
    default:
      if (isRoot)
        return {
          ok: true,
          isWarning: true,
          text: `Aura runs as root. Commands run in a sandbox (${sandbox.kind}) as the owner of their folder, or as user ${reservedId} where that is root. An ordinary user is safer`,
        }
      return { ok: true, text: `Commands run in a sandbox (${sandbox.kind})` }
  }
}

async function askProgram(name: string, args: string[], missing: string): Promise<Finding> {
  const program = findProgram(name)
  if (!program) return { ok: false, text: missing }
  return await promisify(execFile)(program, args, { env: hostEnv() }).then(
    ({ stdout }) => ({ ok: true, text: `${stdout.trim()} (${program})` }),
    () => ({ ok: false, text: missing }),
  )
}

async function checkDataDir(path: string): Promise<Finding> {
  return await mkdir(path, { recursive: true, mode: 0o700 })
    .then(() => access(path, constants.W_OK))
    .then(
      () => ({ ok: true, text: `Data directory ${path}` }),
      () => ({ ok: false, text: `The data directory ${path} cannot be written. Set AURA_DATA_DIR.` }),
    )
}
