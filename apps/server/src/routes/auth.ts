/** Signing in and out. */
import { AuraError } from "@aura/core"
import { auth, timestamp } from "@aura/domain"
import type { Host } from "../host.ts"
import { type BoundRoute, route } from "../route.ts"

export function authRoutes({ aura }: Host): BoundRoute[] {
  const must = (login: auth.Login | undefined): auth.Login => {
    if (!login) throw new AuraError("unauthorized", "Sign in first.")
    return login
  }
  return [
    route("health", async () => ({ status: "ok", version: aura.config.version })),
    route("exchangeCode", ({ body, from }) => auth.exchange(aura, body.code, from)),
    route("register", ({ body }) => auth.register(aura, body)),
    route("login", ({ body, from }) => auth.login(aura, body, from)),
    route("getLogin", async ({ login }) => ({ user: must(login).user, expiresAt: must(login).expiresAt })),
    route("logout", ({ login }) => auth.logout(aura, must(login))),
    route("renewLogin", ({ login }) => auth.renew(aura, must(login))),
    route("createTicket", async ({ login }) => ({
      ...auth.createTicket(aura, must(login)),
      now: timestamp(aura),
    })),
    route("createSignInLink", async () => auth.createSignInLink(aura)),
  ]
}
