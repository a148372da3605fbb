/** What every rule is given: the memory, the clock, and the choices this install was started with. */
import type { Effort, EnteredModels, LiveEvent, NewId, ProviderId, Redactor, SandboxState } from "@aura/core"
import type { Store } from "@aura/store"
import type { Brake } from "./brake.ts"
import type { Codes } from "./codes.ts"

/** Choices made outside the app: by environment or command line. */
export type Config = {
  /** Absolute. */
  dataDir: string
  version: string
  /** Where the interface is reached, e.g. `http://127.0.0.1:3100`. */
  publicUrl: string
  /** Where other machines reach it; null = bound to this one alone. */
  lanUrl: string | null
  /** The same over HTTPS, with the install's own certificate. */
  lanSecure: { url: string; fingerprint: string } | null
  model: string
  fastModel: string
  /** Answers while `model` cannot be reached; null = it is waited for. */
  fallbackModel: string | null
  /** Share of the context window at which a session rotates; null = where it is cheapest, at most at half. */
  rotateAt: number | null
  /** How hard the model thinks, in all kinds of work; null = the default of each. */
  effort: Effort | null
  /** Facts about models, by id. */
  models: EnteredModels
  /** Window in tokens for models the table does not know; null = the table's guess. */
  contextWindow: number | null
  /** Address of Anthropic's API, or of a server that speaks it; null = its own. */
  modelBaseUrl: string | null
  /** The other providers. */
  providers?: Partial<Record<ProviderId, { apiKey: string | null; baseUrl: string | null }>>
  /** What keeps the model's commands in their folder, on this machine. */
  sandbox: SandboxState
  /** For Anthropic. */
  apiKey: string | null
}

export type Aura = {
  store: Store
  config: Config
  /** Milliseconds since 1970. */
  now: () => number
  newId: NewId
  /** Tells attached clients; nothing is stored. */
  live: (event: LiveEvent) => void
  /** Told of each point a crash is tried at; only a server started to be crashed has it. */
  mark?: (point: string) => void
  signInCodes: Codes
  /** Short enough to type on another device. */
  pairingCodes: Codes
  socketTickets: Codes
  loginBrake: Brake
  /** Knows what must not be written anywhere. */
  redactor: Redactor
  /** The operating system's, where there is one. */
  keychain: Keychain | null
  /** Signs tokens and seals secrets; 32 bytes each, from files only the owner can read. */
  keys: { signing: Uint8Array; sealing: Uint8Array; installId: string }
}

/** Where a secret can be left under a name. Every call may fail: a keychain can be locked, or there is none. */
export type Keychain = {
  get(name: string): Promise<string | null>
  set(name: string, secret: string): Promise<void>
  remove(name: string): Promise<void>
}

/** The time of now as rows carry it. */
export function timestamp(aura: Pick<Aura, "now">): string {
  return new Date(aura.now()).toISOString()
}
