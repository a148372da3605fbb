/** Who may come in: one owner, tokens that can be ended, and a brake on guessing. */
import { randomUUID } from "node:crypto"
import { AuraError, type AuraEvent, type Login as LoginRow, PublicUser, type User } from "@aura/core"
import { hash, verify } from "@node-rs/argon2"
import { jwtVerify, SignJWT } from "jose"
import { z } from "zod"
import { type Aura, timestamp } from "./aura.ts"
import type { Caller } from "./caller.ts"
import { toPairingCode } from "./codes.ts"
import * as logins from "./logins.ts"

const Login = z.object({
  user: PublicUser,
  jti: z.string().describe("The same in every renewal, so that ending it ends them all"),
  expiresAt: z.string(),
  since: z.string().describe("When somebody signed in, whatever was renewed since"),
  here: z
    .boolean()
    .describe("By a link of this machine, used on this machine; requests elsewhere do not share it"),
})
export type Login = z.infer<typeof Login>
/** Who asks to be let in; `isLocal`: from this machine, through no proxy. */
export type Asker = { address: string; device: string; isLocal: boolean }
/** What a sign-in or pairing code stands for; it is good only as long as the login that asked for it. */
const Grant = z.object({ userId: z.string(), here: z.boolean(), by: Login.nullable() })
type Grant = z.infer<typeof Grant>
export type SignedIn = { access_token: string; expiresAt: string; user: PublicUser }

const lifetimeMs = 12 * 60 * 60 * 1000
const renewableMs = 30 * 24 * 60 * 60 * 1000
const ownerId = "owner"
const wrongPair = "E-mail or password is wrong."

/** Makes sure the owner exists. Called once at start. */
export async function ensureOwner(aura: Aura): Promise<void> {
  await aura.store.commit("user.saved", async (read) => {
    if (await read.get("users", ownerId)) return undefined
    const owner: User = {
      id: ownerId,
      email: null,
      displayName: "Owner",
      role: "owner",
      passwordHash: null,
      signedOutAt: null,
      createdAt: timestamp(aura),
    }
    return { rows: { users: [owner] } }
  })
}

/**
 * A one-use sign-in link for the owner; the code is in the fragment, so no server log sees it.
 * @param by who asked for it over HTTP; absent = this program itself
 */
export function createSignInLink(
  aura: Aura,
  by?: { login: Login; caller: Caller },
): { url: string; code: string; expiresAt: string } {
  const grant: Grant = {
    userId: ownerId,
    here: !by || (by.caller.kind === "person" && by.caller.isHere),
    by: by?.login ?? null,
  }
  const { code, expiresAt } = aura.signInCodes.issue(JSON.stringify(grant))
  return { url: `${aura.config.publicUrl}/#code=${code}`, code, expiresAt: new Date(expiresAt).toISOString() }
}

/** A one-use code for another device, short enough to type; `url` opens Aura there with it. */
export function createPairing(
  aura: Aura,
  login: Login,
): { code: string; url: string; expiresAt: string; secure: { url: string; fingerprint: string } | null } {
  const grant: Grant = { userId: login.user.id, here: false, by: login }
  const { code, expiresAt } = aura.pairingCodes.issue(JSON.stringify(grant))
  const url = `${aura.config.lanUrl ?? aura.config.publicUrl}/#code=${code}`
  const { lanSecure } = aura.config
  const secure = lanSecure && { ...lanSecure, url: `${lanSecure.url}/#code=${code}` }
  return { code, url, secure, expiresAt: new Date(expiresAt).toISOString() }
}

/** Signs in with the code of a link or of a pairing; guesses are slowed down, a right link always lets in. */
export async function exchange(aura: Aura, code: string, asker: Asker): Promise<SignedIn> {
  const startedAt = timestamp(aura)
  const byLink = await toGrant(aura, aura.signInCodes.take(code))
  if (byLink) return await signIn(aura, byLink.userId, { asker, startedAt, via: "link", here: byLink.here })
  return await aura.loginBrake.attempt(asker.address, async () => {
    const grant = await toGrant(aura, aura.pairingCodes.take(toPairingCode(code)))
    if (grant) return await signIn(aura, grant.userId, { asker, startedAt, via: "pairing", here: false })
    throw new AuraError(
      "unauthorized",
      "That sign-in code is wrong, used or too old. `npx aura link` prints a fresh one.",
    )
  })
}

/** Sets the owner's e-mail and password with a code, and signs in. */
export async function register(
  aura: Aura,
  input: { email: string; password: string; displayName?: string | undefined; code?: string | undefined },
  asker: Asker,
): Promise<SignedIn> {
  const startedAt = timestamp(aura)
  const grant = await toGrant(aura, input.code ? aura.signInCodes.peek(input.code) : undefined)
  if (!input.code || !grant) {
    if (input.code) aura.loginBrake.count(asker.address)
    throw new AuraError("forbidden", "Setting a password needs a sign-in code; `npx aura link` prints one.")
  }
  const passwordHash = await hash(input.password)
  const email = normalise(input.email)
  await aura.store.commit("user.saved", async (read) => {
    const users = await read.list("users")
    if (users.some((user) => user.email === email)) {
      throw new AuraError("conflict", "That e-mail has an account already. Sign in instead.")
    }
    const user = users.find((row) => row.id === grant.userId)
    // Two requests with one code: only the first finds it.
    if (!user || !input.code || aura.signInCodes.take(input.code) === undefined)
      throw new AuraError("forbidden", "That sign-in code is used or belongs to nobody.")
    return {
      rows: { users: [{ ...user, email, passwordHash, displayName: input.displayName ?? user.displayName }] },
    }
  })
  return await signIn(aura, grant.userId, { asker, startedAt, via: "link", here: grant.here })
}

/** What a code stands for; `undefined` once the login that asked for it is no longer good. */
async function toGrant(aura: Aura, subject: string | undefined): Promise<Grant | undefined> {
  if (subject === undefined) return undefined
  const grant = Grant.parse(JSON.parse(subject))
  return grant.by === null || (await isGood(aura, grant.by)) ? grant : undefined
}

/** Sets or changes the e-mail and password of whoever is signed in. */
export async function setPassword(
  aura: Aura,
  login: Login,
  input: { email: string; password: string },
): Promise<void> {
  const passwordHash = await hash(input.password)
  await aura.store.commit("user.saved", async (read) => {
    const user = await read.get("users", login.user.id)
    if (!user) throw new AuraError("unauthorized", wrongPair)
    return { rows: { users: [{ ...user, email: normalise(input.email), passwordHash }] } }
  })
}

/** True when somebody can sign in with a password. */
export async function hasPassword(aura: Aura): Promise<boolean> {
  return (await aura.store.list("users")).some((user) => user.email !== null && user.passwordHash !== null)
}

/** Failures slow down the network they come from, nobody elsewhere. */
export async function login(
  aura: Aura,
  input: { email: string; password: string },
  asker: Asker,
): Promise<SignedIn> {
  const startedAt = timestamp(aura)
  const email = normalise(input.email)
  const user = await aura.loginBrake.attempt(asker.address, async () => {
    const found = (await aura.store.list("users")).find((row) => row.email === email)
    const right = found?.passwordHash
      ? await verify(found.passwordHash, input.password)
      : await pretend(input.password)
    if (!found || !right) throw new AuraError("unauthorized", wrongPair)
    return found
  })
  return await signIn(aura, user.id, { asker, startedAt, via: "password", here: false })
}

/**
 * @returns the login a token stands for
 * @throws AuraError `unauthorized`, always with the same words
 */
export async function authenticate(aura: Aura, token: string | undefined): Promise<Login> {
  const refused = new AuraError("unauthorized", "Sign in first. `npx aura link` prints a sign-in link.")
  if (!token) throw refused
  const { payload } = await jwtVerify(token, aura.keys.signing, {
    algorithms: ["HS256"],
    issuer: aura.keys.installId,
    audience: aura.keys.installId,
    currentDate: new Date(aura.now()),
  }).catch(() => {
    throw refused
  })
  if (!payload.sub || !payload.jti || !payload.exp || !payload.iat) throw refused
  const user = await aura.store.get("users", payload.sub)
  if (!user) throw refused
  const since = typeof payload.auth_time === "number" ? payload.auth_time : payload.iat
  const found: Login = {
    user: toPublic(user),
    jti: payload.jti,
    expiresAt: new Date(payload.exp * 1000).toISOString(),
    since: new Date(since * 1000).toISOString(),
    here: payload.here === true,
  }
  if (!(await isGood(aura, found))) throw refused
  return found
}

/** The one question, asked of tokens, tickets, codes and open sockets alike: is this login still good? */
export async function isGood(aura: Aura, login: Login): Promise<boolean> {
  if (Date.parse(login.expiresAt) <= aura.now()) return false
  if ((await aura.store.get("revokedLogins", login.jti)) !== undefined) return false
  const user = await aura.store.get("users", login.user.id)
  return user !== undefined && !isSignedOut(login, user)
}

/** True for an event after which the answer to `isGood` is no, for another reason than time. */
export function isEndedBy(login: Login, event: Pick<AuraEvent, "rows" | "removed">): boolean {
  const { rows, removed } = event
  return (
    rows.revokedLogins?.some((row) => row.id === login.jti) === true ||
    rows.users?.some((row) => row.id === login.user.id && isSignedOut(login, row)) === true ||
    removed?.users?.includes(login.user.id) === true
  )
}

function isSignedOut(login: Login, user: User): boolean {
  return user.signedOutAt !== null && Date.parse(login.since) <= Date.parse(user.signedOutAt)
}

/** A later token for a login that is still good, until 30 days after somebody signed in. */
export async function renew(aura: Aura, login: Login): Promise<SignedIn> {
  const token = await createToken(aura.keys, aura.now(), login.user.id, login)
  await logins.renew(aura, login.jti, token.expiresAt)
  return { ...token, user: login.user }
}

/** A one-use ticket that opens one socket within 30 s. */
export function createTicket(aura: Aura, login: Login): { ticket: string; expiresAt: string } {
  const { code, expiresAt } = aura.socketTickets.issue(JSON.stringify(login))
  return { ticket: code, expiresAt: new Date(expiresAt).toISOString() }
}

/** The login a ticket was made by; `undefined` for wrong, used and late ones and for a login that has ended. */
export async function useTicket(aura: Aura, ticket: string): Promise<Login | undefined> {
  const subject = aura.socketTickets.take(ticket)
  if (subject === undefined) return undefined
  const login = Login.parse(JSON.parse(subject))
  return (await isGood(aura, login)) ? login : undefined
}

export async function logout(aura: Aura, login: Login): Promise<void> {
  await logins.end(aura, login.jti, toLastEnd(login.since))
}

/** Signs another device out. @throws AuraError `not_found` */
export async function endLogin(aura: Aura, id: string): Promise<void> {
  const row = await logins.get(aura, id)
  await logins.end(aura, row.id, toLastEnd(row.createdAt))
}

/** Signs out everywhere: every token, ticket, socket and code, those for scripts included. */
export async function endAllLogins(aura: Aura): Promise<void> {
  await logins.endAll(aura)
  for (const codes of [aura.signInCodes, aura.pairingCodes, aura.socketTickets]) codes.clear()
}

/** When the last renewal of a login runs out. */
function toLastEnd(since: string): string {
  return new Date(Date.parse(since) + renewableMs).toISOString()
}

/** A token; whoever can read the data directory may have the owner's, and is on this machine. */
export async function createToken(
  keys: Aura["keys"],
  nowMs: number,
  userId: string = ownerId,
  earlier?: Pick<Login, "jti" | "since" | "here">,
): Promise<{ access_token: string; expiresAt: string }> {
  const since = earlier ? Date.parse(earlier.since) : nowMs
  const expiresAt = Math.min(nowMs + lifetimeMs, since + renewableMs)
  const token = await new SignJWT({ auth_time: since / 1000, here: earlier?.here ?? true })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(userId)
    .setJti(earlier?.jti ?? randomUUID())
    .setIssuer(keys.installId)
    .setAudience(keys.installId)
    .setIssuedAt(Math.floor(nowMs / 1000))
    .setExpirationTime(Math.floor(expiresAt / 1000))
    .sign(keys.signing)
  return { access_token: token, expiresAt: new Date(expiresAt).toISOString() }
}

async function signIn(
  aura: Aura,
  userId: string,
  how: { asker: Asker; startedAt: string; via: LoginRow["via"]; here: boolean },
): Promise<SignedIn> {
  const user = await aura.store.get("users", userId)
  if (!user) throw new AuraError("unauthorized", wrongPair)
  const { address, device, isLocal } = how.asker
  const jti = randomUUID()
  // It counts from when it was asked for: signing out everywhere meanwhile ends it too.
  const createdAt = how.startedAt
  const about = { jti, since: createdAt, here: how.here && isLocal }
  const { via } = how
  const token = await createToken(aura.keys, aura.now(), user.id, about)
  await logins.save(aura, { id: jti, userId, address, device, via, createdAt, expiresAt: token.expiresAt })
  return { ...token, user: toPublic(user) }
}

function toPublic(user: User): PublicUser {
  return { id: user.id, email: user.email, displayName: user.displayName, role: user.role }
}

function normalise(email: string): string {
  return email.trim().toLowerCase()
}

/** Takes as long as a real comparison, so that time does not tell which e-mails exist. */
async function pretend(password: string): Promise<false> {
  await hash(password)
  return false
}
