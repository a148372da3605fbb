/** Settings, keys, models and updates of the install. */

import { z } from "zod"
import { ApiKeyStatus, LanSwitch } from "../account.ts"
import { EditorId } from "../desktop.ts"
import { EffortLevel, Efforts, EnteredModels, ModelView, OfferedModel } from "../model-facts.ts"
import { ProviderId } from "../provider-id.ts"
import { UpdateChannel, UpdateStatus } from "../update.ts"
import { defineRoute, LanSecure } from "./route.ts"

/** What keeps the model's commands in their folder. */
export const SandboxState = z.object({
  kind: z
    .enum(["bubblewrap", "seatbelt", "off", "missing"])
    .describe(
      "off: the user said that commands run unprotected; missing: none can be had, and no command runs",
    ),
  reason: z.string().nullable().describe("Why there is none, and what to do"),
})
export type SandboxState = z.infer<typeof SandboxState>

export const SettingsView = z.object({
  model: z.string(),
  fastModel: z.string(),
  fallbackModel: z
    .string()
    .nullable()
    .describe("Answers while the model cannot be reached; null = it is waited for"),
  rotateAt: z.number(),
  rotatesByPrice: z
    .boolean()
    .describe(
      "Nobody chose a share: sessions turn over where going on costs more than a fresh one, at most at rotateAt",
    ),
  efforts: z
    .object({ plan: EffortLevel, work: EffortLevel, chat: EffortLevel })
    .describe("How hard the model thinks"),
  models: EnteredModels.describe("Facts that were entered about models, by id"),
  budgetUsd: z.number().nullable(),
  modelBaseUrl: z.string(),
  dataDir: z.string(),
  version: z.string(),
  lanAllows: z.array(LanSwitch).describe("What other machines may do that is off for them otherwise"),
  editor: EditorId.nullable().describe("The user's own editor; null = the first that is found"),
  updateChannel: UpdateChannel,
  lanUrl: z.string().nullable().describe("Where other machines reach Aura; null = they do not"),
  lanSecure: LanSecure.nullable().describe("The same over HTTPS, with a certificate of this install"),
  sandbox: SandboxState,
})
export type SettingsView = z.infer<typeof SettingsView>

export const UpdateSettings = z
  .strictObject({
    model: z.string().min(1).max(200).nullable(),
    fastModel: z.string().min(1).max(200).nullable(),
    fallbackModel: z.string().min(1).max(200).nullable(),
    rotateAt: z.number().min(0.05).max(0.95).nullable(),
    efforts: Efforts.partial(),
    models: EnteredModels,
    budgetUsd: z.number().nonnegative().nullable(),
    lanAllows: z.array(LanSwitch),
    editor: EditorId.nullable(),
    updateChannel: UpdateChannel,
  })
  .partial()
export type UpdateSettings = z.infer<typeof UpdateSettings>

/** Whose key; Anthropic's by default. */
const ofProvider = z.strictObject({ provider: ProviderId.optional() })

export const ProviderView = z.object({
  id: ProviderId,
  name: z.string(),
  key: ApiKeyStatus,
  needsKey: z.boolean().describe("At its own address it answers nobody without a key"),
  address: z.string().describe("Where requests go"),
  addressFrom: z.enum(["provider", "settings", "environment"]).describe("Who says so"),
  isUsed: z
    .boolean()
    .describe("A model of it is in use; to no other provider a connection is opened unasked"),
})
export type ProviderView = z.infer<typeof ProviderView>

export const settingsRoutes = {
  getSettings: defineRoute("getSettings", {
    status: 200,
    summary: "Settings in force",
    response: SettingsView,
  }),
  updateSettings: defineRoute("updateSettings", {
    status: 200,
    summary: "Change settings; null = back to the default",
    local: { what: "always", field: "lanAllows" },
    body: UpdateSettings,
    response: SettingsView,
  }),
  listModels: defineRoute("listModels", {
    status: 200,
    summary: "What is known about the models in use: window, price, thinking, end of life",
    response: z.object({ items: z.array(ModelView), next: z.null() }),
  }),
  getApiKey: defineRoute("getApiKey", {
    status: 200,
    summary: "Is a key set, and is it good",
    query: ofProvider,
    response: ApiKeyStatus,
  }),
  setApiKey: defineRoute("setApiKey", {
    status: 200,
    summary: "Store a key, encrypted, and check it with the provider",
    query: ofProvider,
    body: z.strictObject({ key: z.string().trim().min(8).max(500) }),
    response: ApiKeyStatus,
  }),
  removeApiKey: defineRoute("removeApiKey", {
    status: 204,
    summary: "Forget the stored key",
    query: ofProvider,
  }),
  checkApiKey: defineRoute("checkApiKey", {
    status: 200,
    summary: "Ask the provider whether the key in force is good",
    query: ofProvider,
    response: ApiKeyStatus,
  }),
  listProviders: defineRoute("listProviders", {
    status: 200,
    summary: "Providers of models: key, address, and whether they are in use",
    response: z.object({ items: z.array(ProviderView), next: z.null() }),
  }),
  setProviderAddress: defineRoute("setProviderAddress", {
    status: 200,
    summary: "Where requests to a provider go; null = as the environment says, or its own address",
    local: { what: "always" },
    params: z.object({ provider: ProviderId }),
    body: z.strictObject({ address: z.string().trim().min(1).max(2000).nullable() }),
    response: ProviderView,
  }),
  listOffered: defineRoute("listOffered", {
    status: 200,
    summary: "The models a provider offers, asked of the provider itself",
    params: z.object({ provider: ProviderId }),
    response: z.object({ items: z.array(OfferedModel), next: z.null() }),
  }),
  getUpdateStatus: defineRoute("getUpdateStatus", {
    status: 200,
    summary: "Is there a newer Aura, and is it here",
    response: UpdateStatus,
  }),
  checkUpdate: defineRoute("checkUpdate", {
    status: 200,
    summary: "Look for a newer Aura now; it is fetched in the background",
    local: { what: "always" },
    response: UpdateStatus,
  }),
  installUpdate: defineRoute("installUpdate", {
    status: 200,
    summary: "Install what was fetched; 409 while an agent is at work",
    local: { what: "always" },
    response: UpdateStatus,
  }),
}
