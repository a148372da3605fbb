/** Signing in and out, and who is signed in. */
import { AuraError } from "@aura/core"
import { auth, logins, timestamp } from "@aura/domain"
import { renderSVG } from "uqr"
import type { Host } from "../host.ts"
import { type BoundRoute, route } from "../route.ts"

export function accountRoutes({ aura, audit }: Host): BoundRoute[] {
  const noting =
    (via: string, { address, device }: auth.Asker) =>
    (thrown: unknown) => {
      audit.note([{ kind: "sign_in_refused", facts: { via, address, device } }])
      throw thrown
    }
  const must = (login: auth.Login | undefined): auth.Login => {
    if (!login) throw new AuraError("unauthorized", "Sign in first.")
    return login
  }
  return [
    route("health", async () => ({ status: "ok", version: aura.config.version })),
    route("exchangeCode", ({ body, asker }) =>
      auth.exchange(aura, body.code, asker).catch(noting("code", asker)),
    ),
    route("register", ({ body, asker }) => auth.register(aura, body, asker).catch(noting("register", asker))),
    route("login", ({ body, asker }) => auth.login(aura, body, asker).catch(noting("password", asker))),
    route("getLogin", async ({ login }) => ({ user: must(login).user, expiresAt: must(login).expiresAt })),
    route("renewLogin", ({ login }) => auth.renew(aura, must(login))),
    route("logout", ({ login }) => auth.logout(aura, must(login))),
    route("createTicket", async ({ login }) => ({
      ...auth.createTicket(aura, must(login)),
      now: timestamp(aura),
    })),
    route("createPairing", async ({ login }) => {
      const pairing = auth.createPairing(aura, must(login))
      return { ...pairing, svg: renderSVG(pairing.secure?.url ?? pairing.url) }
    }),
    route("setPassword", ({ body, login }) => auth.setPassword(aura, must(login), body)),
    route("listAudit", async ({ query }) => {
      const limit = query.limit ?? 100
      const items = await audit.read({ before: query.cursor, limit })
      const last = items.at(-1)
      return { items, next: last && last.n > 1 ? String(last.n) : null }
    }),
    route("listLogins", async ({ login }) => {
      const rows = await logins.list(aura)
      return { items: rows.map((row) => ({ ...row, isCurrent: row.id === login?.jti })), next: null }
    }),
    route("endLogin", ({ params }) => auth.endLogin(aura, params.id)),
    route("endAllLogins", () => auth.endAllLogins(aura)),
    route("createSignInLink", async ({ login, caller }) =>
      auth.createSignInLink(aura, { login: must(login), caller }),
    ),
  ]
}
