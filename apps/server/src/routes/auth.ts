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
    route("exchangeCode", ({ body }) => auth.exchange(aura, body.code)),
    route("register", ({ body }) => auth.register(aura, body)),
    route("login", ({ body }) => auth.login(aura, body)),
    route("getLogin", async ({ login }) => ({ user: must(login).user, expiresAt: must(login).expiresAt })),
    route("logout", ({ login }) => auth.logout(aura, must(login))),
    route("createTicket", async ({ login }) => {
      const { jti, expiresAt: end } = must(login)
      const { code, expiresAt } = aura.socketTickets.issue(`${jti}|${Date.parse(end)}`)
      return { ticket: code, expiresAt: new Date(expiresAt).toISOString(), now: timestamp(aura) }
    }),
    route("createSignInLink", async () => auth.createSignInLink(aura)),
  ]
}
