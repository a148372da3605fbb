/** Settings, the API keys, which go in and never come out, and updates. */
import { AuraError } from "@aura/core"
import { settings } from "@aura/domain"
import type { Host } from "../host.ts"
import { type BoundRoute, route } from "../route.ts"

const checkMs = 15_000

export function settingsRoutes({ aura, models, updates }: Host): BoundRoute[] {
  return [
    route("getSettings", () => settings.get(aura)),
    route("updateSettings", ({ body, caller }) => settings.update(aura, caller, body)),
    route("listModels", async () => ({ items: await models.list(), next: null })),
    route("getApiKey", ({ query }) => settings.apiKeyStatus(aura, query.provider)),
    route("setApiKey", async ({ body, query: { provider = "anthropic" }, caller }) => {
      const model = await models.withKey(body.key, provider)
      const status = await model.checkKey(AbortSignal.timeout(checkMs))
      return await settings.saveApiKey(aura, caller, body.key, status, provider)
    }),
    route("checkApiKey", async ({ query: { provider = "anthropic" }, caller }) =>
      settings.noteKeyCheck(aura, caller, await models.checkKey(provider), provider),
    ),
    route("listProviders", async () => ({ items: await settings.listProviders(aura), next: null })),
    route("setProviderAddress", async ({ params: { provider }, body, caller }) => {
      await settings.saveAddress(aura, caller, provider, body.address)
      const view = (await settings.listProviders(aura)).find(({ id }) => id === provider)
      if (!view) throw new AuraError("not_found", "There is no such provider.")
      return view
    }),
    route("listOffered", async ({ params }) => ({
      items: await models.offered(params.provider),
      next: null,
    })),
    route("removeApiKey", ({ query, caller }) => settings.removeApiKey(aura, caller, query.provider)),
    route("getUpdateStatus", () => updates.status()),
    route("checkUpdate", () => updates.check()),
    route("installUpdate", () => updates.install()),
  ]
}
