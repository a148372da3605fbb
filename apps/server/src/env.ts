/** The environment: a fixed list of names, from the process first, then from `.env` in the current directory. */
import { existsSync, readFileSync } from "node:fs"
import { homedir } from "node:os"
import { join, resolve } from "node:path"
import { parseEnv } from "node:util"
import { AuraError } from "@aura/core"
import { z } from "zod"
import { isAttached } from "./attached.ts"

const port = z.coerce.number("must be a number").int("must be a whole number").min(0).max(65_535)
const share = z.coerce
  .number("must be a number")
  .min(0.05, "must be between 0.05 and 0.95")
  .max(0.95, "must be between 0.05 and 0.95")
const url = z.url({ protocol: /^https?$/, error: "must be a URL that starts with http:// or https://" })

const Environment = z.object({
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: url.optional(),
  AURA_MODEL: z.string().optional(),
  AURA_FAST_MODEL: z.string().optional(),
  AURA_FALLBACK_MODEL: z.string().optional(),
  AURA_CONTEXT_WINDOW: z.coerce.number("must be a number").int().min(1000).optional(),
  AURA_ROTATE_AT: share.default(0.5),
  AURA_SERVER_HOST: z.string().default("127.0.0.1"),
  AURA_SERVER_PORT: port.default(3100),
  AURA_DATA_DIR: z.string().optional(),
  AURA_ALLOWED_ORIGINS: z.string().default(""),
  AURA_FRONTEND_HOST: z.string().default("127.0.0.1"),
  AURA_FRONTEND_PORT: port.default(5173),
  AURA_PUBLIC_HOST: z.string().optional(),
  AURA_UPDATE_BASE_URL: url.optional(),
  AURA_UNSANDBOXED: z.literal("1", "must be 1, or not be set at all").optional(),
})

export type Env = {
  apiKey: string | null
  modelBaseUrl: string | null
  model: string | null
  fastModel: string | null
  fallbackModel: string | null
  contextWindow: number | null
  rotateAt: number
  host: string
  port: number
  dataDir: string
  allowedOrigins: string[]
  publicHost: string | null
  /** Where newer releases are looked for; null = nowhere. */
  updateBaseUrl: string | null
  /** What they must be signed with. Of the process alone: a file in some folder must not name whom Aura trusts. */
  updateKey: string | null
  /** The user's word that commands may run without a sandbox. */
  unsandboxed: boolean
}

/**
 * @param variables the process's environment
 * @param directory where a `.env` may lie; null = none is read
 * @throws AuraError `bad_request` naming the variable that does not fit
 */
export function readEnv(variables: NodeJS.ProcessEnv, directory: string | null): Env {
  const file = directory === null ? {} : readFile(join(directory, ".env"))
  const names = Object.keys(Environment.shape)
  const given = Object.fromEntries(
    names.flatMap((name) => {
      const value = variables[name] || file[name]
      return value ? [[name, value]] : []
    }),
  )
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new AuraError("bad_request", `${issue?.path.join(".")} ${issue?.message}.`)
  }
  const env = parsed.data
  return {
    apiKey: env.ANTHROPIC_API_KEY?.trim() || null,
    modelBaseUrl: env.ANTHROPIC_BASE_URL ?? null,
    model: env.AURA_MODEL ?? null,
    fastModel: env.AURA_FAST_MODEL ?? null,
    fallbackModel: env.AURA_FALLBACK_MODEL ?? null,
    contextWindow: env.AURA_CONTEXT_WINDOW ?? null,
    rotateAt: env.AURA_ROTATE_AT,
    host: env.AURA_SERVER_HOST,
    port: env.AURA_SERVER_PORT,
    dataDir: resolve(env.AURA_DATA_DIR ?? join(platformDataDir(variables), "aura")),
    allowedOrigins: env.AURA_ALLOWED_ORIGINS.split(",")
      .map((origin) => origin.trim().replace(/\/$/, ""))
      .filter(Boolean),
    publicHost: env.AURA_PUBLIC_HOST ?? null,
    updateBaseUrl: env.AURA_UPDATE_BASE_URL ?? null,
    updateKey: variables.AURA_UPDATE_KEY || null,
    unsandboxed: env.AURA_UNSANDBOXED === "1",
  }
}

/**
 * The environment of a command: with the `.env` of the directory it was started in, unless a project works there.
 * @param warn told when a `.env` was left unread
 */
export function readEnvHere(
  variables: NodeJS.ProcessEnv,
  directory: string,
  warn: (line: string) => void,
): Env {
  const plain = readEnv(variables, null)
  if (!isAttached(plain.dataDir, directory)) return readEnv(variables, directory)
  if (existsSync(join(directory, ".env")))
    warn("A project works in this folder, so Aura does not read its .env.")
  return plain
}

function readFile(path: string): Record<string, string | undefined> {
  try {
    return parseEnv(readFileSync(path, "utf8"))
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return {}
    throw new AuraError("bad_request", `${path} cannot be read.`)
  }
}

function platformDataDir(variables: NodeJS.ProcessEnv): string {
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support")
  if (process.platform === "win32") return variables.LOCALAPPDATA ?? join(homedir(), "AppData", "Local")
  return variables.XDG_DATA_HOME || join(homedir(), ".local", "share")
}
