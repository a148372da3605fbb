/** The owner of this install, signed-in devices and settings. */
import { z } from "zod"
import { EditorId } from "./desktop.ts"
import { Efforts, EnteredModels } from "./model-facts.ts"
import { Time } from "./project.ts"
import { anthropicAddress } from "./provider.ts"
import { ProviderId } from "./provider-id.ts"
import { UpdateChannel } from "./update.ts"

export const User = z.object({
  id: z.string(),
  email: z.string().nullable(),
  displayName: z.string(),
  role: z.enum(["owner", "member"]),
  passwordHash: z.string().nullable(),
  createdAt: Time,
  signedOutAt: Time.nullable().default(null).describe("Whoever signed in before is signed out everywhere"),
})
export type User = z.infer<typeof User>

export const PublicUser = User.pick({ id: true, email: true, displayName: true, role: true })
export type PublicUser = z.infer<typeof PublicUser>

/** A device somebody is signed in on; `id` is the `jti` of all its tokens. */
export const Login = z.object({
  id: z.string(),
  userId: z.string(),
  device: z.string().describe("What it called itself, e.g. Firefox on Linux"),
  via: z.enum(["link", "pairing", "password"]),
  address: z.string().describe("Where it signed in from"),
  createdAt: Time,
  expiresAt: Time.describe("Of its newest token"),
})
export type Login = z.infer<typeof Login>

/** What is off over the network until it is switched on from the machine itself. */
export const LanSwitch = z.enum(["terminals", "folders", "permissions"])
export type LanSwitch = z.infer<typeof LanSwitch>

/** A login that was ended before its token expired; its `jti` is refused from then on. */
export const RevokedLogin = z.object({ id: z.string().describe("jti"), expiresAt: Time })
export type RevokedLogin = z.infer<typeof RevokedLogin>

/** What the user chose; null = the environment's or the built-in value. One row, id "settings". */
export const StoredSettings = z.object({
  id: z.literal("settings"),
  model: z.string().nullable(),
  fastModel: z.string().nullable(),
  fallbackModel: z.string().nullable().default(null),
  rotateAt: z.number().min(0.05).max(0.95).nullable(),
  efforts: Efforts.default({ plan: null, work: null, chat: null }),
  models: EnteredModels.default({}),
  addresses: z
    .partialRecord(ProviderId, z.string())
    .default({})
    .describe("Where requests to a provider go, before what the environment says"),
  budgetUsd: z.number().nonnegative().nullable(),
  rehearsedAt: Time.nullable(),
  lanAllows: z.array(LanSwitch).default([]),
  editor: EditorId.nullable().default(null),
  updateChannel: UpdateChannel.default("stable"),
})
export type StoredSettings = z.infer<typeof StoredSettings>

/** The API key: in the keychain, else encrypted here; private to the server. The id is the provider's. */
export const StoredSecret = z.object({
  id: z.string(),
  sealed: z.string().nullable().describe("AES-256-GCM, base64; null = it is in the keychain"),
  masked: z.string(),
  status: z.enum(["unchecked", "valid", "invalid"]),
  checkedAt: Time.nullable(),
  address: z
    .string()
    .default(anthropicAddress)
    .describe("The provider it was entered for; it is sent nowhere else"),
})
export type StoredSecret = z.infer<typeof StoredSecret>

export const ApiKeyStatus = z.object({
  status: z.enum(["not_set", "unchecked", "valid", "invalid"]),
  masked: z.string().nullable(),
  checkedAt: Time.nullable(),
  source: z.enum(["environment", "settings"]).nullable(),
  problem: z.string().nullable().describe("Why it is not sent, though there is one"),
})
export type ApiKeyStatus = z.infer<typeof ApiKeyStatus>
