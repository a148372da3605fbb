/** One question for tokens, tickets, codes and sockets: is this login still good? And the brake on guessing them. */
import { auth } from "@aura/domain"
import { describe, expect, it } from "vitest"
import { endWith } from "../src/login-end.ts"
import { screenplayOf, specsScene, type TestApp, testApp } from "./_app.ts"

const play = screenplayOf(specsScene("Core"))
const owner = { email: "ada@example.org", password: "correct horse" }

const open = (app: TestApp, token: string) =>
  new Promise<string>((resolve) => {
    const socket = new WebSocket(`${app.running.url.replace("http", "ws")}/ws/events?token=${token}`)
    socket.addEventListener("open", () => resolve("open"))
    socket.addEventListener("error", () => resolve("refused"))
  })
const exchange = async (app: TestApp, code: string | undefined) =>
  (await app.post("/api/auth/exchange", { code }, { authorization: "" })).status
const ask = async (app: TestApp, token: string) =>
  (await app.post("/api/auth/ws-ticket", undefined, { authorization: `Bearer ${token}` })).status

describe("signing out everywhere", () => {
  it("ends tickets, sign-in links and pairing codes that were not used yet", async () => {
    const app = await testApp(play)
    const { ticket } = await app.client.call("createTicket", {})
    const { code } = await app.client.call("createPairing", {})
    const link = await app.client.call("createSignInLink", {})
    const printed = app.running.createSignInLink().split("#code=")[1]
    await app.client.call("endAllLogins", {})
    expect(await open(app, ticket)).toBe("refused")
    expect([await exchange(app, code), await exchange(app, link.code), await exchange(app, printed)]).toEqual(
      [401, 401, 401],
    )
    expect(await exchange(app, app.running.createSignInLink().split("#code=")[1])).toBe(200)
  })

  it("ends a login that was still being let in meanwhile", async () => {
    const app = await testApp(play)
    await app.client.call("setPassword", { body: owner })
    const { aura } = app.running
    const asker = { address: "192.0.2.1", device: "x", isLocal: true }
    const [signedIn] = await Promise.all([auth.login(aura, owner, asker), auth.endAllLogins(aura)])
    expect(await ask(app, signedIn.access_token)).toBe(401)
  })

  it("is noticed by what begins to listen just then", async () => {
    const app = await testApp(play)
    const { aura } = app.running
    const login = await auth.authenticate(aura, app.token)
    await auth.endAllLogins(aura)
    const why = await new Promise((resolve) => endWith(aura, login, resolve))
    expect(why).toBe("signed out")
  })
})

describe("signing one device out", () => {
  it("ends its tickets and the codes it asked for, and a renewal under way does not bring it back", async () => {
    const app = await testApp(play)
    const login = await auth.authenticate(app.running.aura, app.token)
    const { ticket } = await app.client.call("createTicket", {})
    const { code } = await app.client.call("createPairing", {})
    const link = await app.client.call("createSignInLink", {})
    await app.client.call("logout", {})
    const renewed = await auth.renew(app.running.aura, login)
    expect(await ask(app, renewed.access_token)).toBe(401)
    expect(await app.running.aura.store.list("logins")).toEqual([])
    expect(await open(app, ticket)).toBe("refused")
    expect([await exchange(app, code), await exchange(app, link.code)]).toEqual([401, 401])
  })
})

describe("120 parallel guesses", () => {
  const tally = (statuses: number[]) => ({
    refused: statuses.filter((status) => status === 401 || status === 403).length,
    braked: statuses.filter((status) => status === 429).length,
  })
  const guess = async (make: (i: number) => Promise<{ status: number }>) =>
    tally(await Promise.all(Array.from({ length: 120 }, async (_, i) => (await make(i)).status)))

  it("of a password: five are tried, and the right one among the rest does not get in", async () => {
    const app = await testApp(play)
    await app.client.call("setPassword", { body: owner })
    const outcome = await guess((i) =>
      app.post(
        "/api/auth/login",
        { ...owner, password: i < 60 ? `wrong ${i}` : owner.password },
        { authorization: "" },
      ),
    )
    expect(outcome).toEqual({ refused: 5, braked: 115 })
  })

  it("of a code, of whichever kind: five are tried in all", async () => {
    const app = await testApp(play)
    const as = { authorization: "" }
    const outcome = await guess((i) =>
      i % 2
        ? app.post("/api/auth/exchange", { code: i % 4 === 1 ? `AAAA${i}` : "x".repeat(32) }, as)
        : app.post("/api/auth/register", { ...owner, code: `wrong-${i}` }, as),
    )
    expect(outcome).toEqual({ refused: 5, braked: 115 })
    expect(await exchange(app, app.running.createSignInLink().split("#code=")[1])).toBe(200)
  })

  it("of a token: a hundred a minute are answered, and the right one always", async () => {
    const app = await testApp(play)
    const outcome = await guess((i) =>
      app.post("/api/auth/ws-ticket", undefined, { authorization: `Bearer x${i}` }),
    )
    expect(outcome).toEqual({ refused: 100, braked: 20 })
    expect(await ask(app, app.token)).toBe(201)
  })
})
