/** Settings, the API keys, which go in and never come out, and updates. */
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
      const status = await models.withKey(body.key, provider).checkKey(AbortSignal.timeout(checkMs))
      return await settings.saveApiKey(aura, caller, body.key, status, provider)
    }),
    route("removeApiKey", ({ query, caller }) => settings.removeApiKey(aura, caller, query.provider)),
    route("getUpdateStatus", () => updates.status()),
    route("checkUpdate", () => updates.check()),
    route("installUpdate", () => updates.install()),
  ]
}
