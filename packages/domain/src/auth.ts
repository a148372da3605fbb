/** Who may come in: one owner, tokens that can be ended, and a brake on guessing. */
import { randomUUID } from "node:crypto"
import { AuraError, type Login as LoginRow, PublicUser, type User } from "@aura/core"
import { hash, verify } from "@node-rs/argon2"
import { jwtVerify, SignJWT } from "jose"
import { z } from "zod"
import { type Aura, timestamp } from "./aura.ts"
import { toPairingCode } from "./codes.ts"
import * as logins from "./logins.ts"

const Login = z.object({
  user: PublicUser,
  jti: z.string().describe("The same in every renewal, so that ending it ends them all"),
  expiresAt: z.string(),
  since: z.string().describe("When somebody signed in, whatever was renewed since"),
})
export type Login = z.infer<typeof Login>
/** Who asks to be let in. */
export type Asker = { address: string; device: string }
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

/** A one-use sign-in link for the owner; the code is in the fragment, so no server log sees it. */
export function createSignInLink(aura: Aura): { url: string; code: string; expiresAt: string } {
  const { code, expiresAt } = aura.signInCodes.issue(ownerId)
  return { url: `${aura.config.publicUrl}/#code=${code}`, code, expiresAt: new Date(expiresAt).toISOString() }
}

/** A one-use code for another device, short enough to type; `url` opens Aura there with it. */
export function createPairing(
  aura: Aura,
  login: Pick<Login, "user">,
): { code: string; url: string; expiresAt: string } {
  const { code, expiresAt } = aura.pairingCodes.issue(login.user.id)
  const url = `${aura.config.lanUrl ?? aura.config.publicUrl}/#code=${code}`
  return { code, url, expiresAt: new Date(expiresAt).toISOString() }
}

/** Signs in with the code of a link or of a pairing; the latter is short, so guessing it is slowed down. */
export async function exchange(aura: Aura, code: string, asker: Asker): Promise<SignedIn> {
  const byLink = aura.signInCodes.take(code)
  if (byLink) return await signIn(aura, await getUser(aura, byLink), asker, "link")
  aura.loginBrake.check(asker.address)
  const userId = aura.pairingCodes.take(toPairingCode(code))
  if (!userId) {
    aura.loginBrake.failed(asker.address)
    throw new AuraError(
      "unauthorized",
      "That sign-in code is wrong, used or too old. `npx aura link` prints a fresh one.",
    )
  }
  return await signIn(aura, await getUser(aura, userId), asker, "pairing")
}

/** Sets the owner's e-mail and password with a code, and signs in. */
export async function register(
  aura: Aura,
  input: { email: string; password: string; displayName?: string | undefined; code?: string | undefined },
  asker: Asker,
): Promise<SignedIn> {
  const userId = input.code ? aura.signInCodes.peek(input.code) : undefined
  if (!input.code || !userId) {
    throw new AuraError("forbidden", "Setting a password needs a sign-in code; `npx aura link` prints one.")
  }
  const passwordHash = await hash(input.password)
  const email = normalise(input.email)
  await aura.store.commit("user.saved", async (read) => {
    const users = await read.list("users")
    if (users.some((user) => user.email === email)) {
      throw new AuraError("conflict", "That e-mail has an account already. Sign in instead.")
    }
    const user = users.find((row) => row.id === userId)
    if (!user) throw new AuraError("forbidden", "That sign-in code belongs to nobody.")
    return {
      rows: { users: [{ ...user, email, passwordHash, displayName: input.displayName ?? user.displayName }] },
    }
  })
  aura.signInCodes.take(input.code)
  return await signIn(aura, await getUser(aura, userId), asker, "link")
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

/** Failures slow down the address they come from, nobody elsewhere. */
export async function login(
  aura: Aura,
  input: { email: string; password: string },
  asker: Asker,
): Promise<SignedIn> {
  const email = normalise(input.email)
  aura.loginBrake.check(asker.address)
  const user = (await aura.store.list("users")).find((row) => row.email === email)
  const right = user?.passwordHash
    ? await verify(user.passwordHash, input.password)
    : await pretend(input.password)
  if (!user || !right) {
    aura.loginBrake.failed(asker.address)
    throw new AuraError("unauthorized", wrongPair)
  }
  aura.loginBrake.forget(asker.address)
  return await signIn(aura, user, asker, "password")
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
    clockTolerance: 60,
    currentDate: new Date(aura.now()),
  }).catch(() => {
    throw refused
  })
  if (!payload.sub || !payload.jti || !payload.exp || !payload.iat) throw refused
  if (await isEnded(aura, payload.jti)) throw refused
  const user = await aura.store.get("users", payload.sub)
  if (!user) throw refused
  const since = typeof payload.auth_time === "number" ? payload.auth_time : payload.iat
  if (user.signedOutAt && since * 1000 <= Date.parse(user.signedOutAt)) throw refused
  return {
    user: toPublic(user),
    jti: payload.jti,
    expiresAt: new Date(payload.exp * 1000).toISOString(),
    since: new Date(since * 1000).toISOString(),
  }
}

/** A later token for a login that is still good, until 30 days after somebody signed in. */
export async function renew(aura: Aura, login: Login): Promise<SignedIn> {
  const token = await createToken(aura.keys, aura.now(), login.user.id, login)
  const row = await aura.store.get("logins", login.jti)
  if (row) await logins.save(aura, { ...row, expiresAt: token.expiresAt })
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
  const isOver = Date.parse(login.expiresAt) <= aura.now() || (await isEnded(aura, login.jti))
  return isOver ? undefined : login
}

export async function logout(aura: Aura, login: Login): Promise<void> {
  await logins.end(aura, login.jti, toLastEnd(login.since))
}

/** Signs another device out. @throws AuraError `not_found` */
export async function endLogin(aura: Aura, id: string): Promise<void> {
  const row = await logins.get(aura, id)
  await logins.end(aura, row.id, toLastEnd(row.createdAt))
}

/** When the last renewal of a login runs out. */
function toLastEnd(since: string): string {
  return new Date(Date.parse(since) + renewableMs).toISOString()
}

/** A token; whoever can read the data directory may have the owner's. */
export async function createToken(
  keys: Aura["keys"],
  nowMs: number,
  userId: string = ownerId,
  earlier?: Pick<Login, "jti" | "since">,
): Promise<{ access_token: string; expiresAt: string }> {
  const since = earlier ? Date.parse(earlier.since) : nowMs
  const expiresAt = Math.min(nowMs + lifetimeMs, since + renewableMs)
  const token = await new SignJWT({ auth_time: since / 1000 })
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

async function isEnded(aura: Aura, jti: string): Promise<boolean> {
  return (await aura.store.get("revokedLogins", jti)) !== undefined
}

async function signIn(aura: Aura, user: User, asker: Asker, via: LoginRow["via"]): Promise<SignedIn> {
  const jti = randomUUID()
  const createdAt = timestamp(aura)
  const token = await createToken(aura.keys, aura.now(), user.id, { jti, since: createdAt })
  await logins.save(aura, { id: jti, userId: user.id, ...asker, via, createdAt, expiresAt: token.expiresAt })
  return { ...token, user: toPublic(user) }
}

async function getUser(aura: Aura, id: string): Promise<User> {
  const user = await aura.store.get("users", id)
  if (!user) throw new AuraError("unauthorized", wrongPair)
  return user
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
