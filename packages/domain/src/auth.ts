/** Who may come in: one owner, tokens that can be ended, and a brake on guessing. */
import { randomUUID } from "node:crypto"
import { AuraError, PublicUser, type User } from "@aura/core"
import { hash, verify } from "@node-rs/argon2"
import { jwtVerify, SignJWT } from "jose"
import { z } from "zod"
import { type Aura, timestamp } from "./aura.ts"

const Login = z.object({
  user: PublicUser,
  jti: z.string().describe("The same in every renewal, so that ending it ends them all"),
  expiresAt: z.string(),
  since: z.string().describe("When somebody signed in, whatever was renewed since"),
})
export type Login = z.infer<typeof Login>
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

/** @param from the address that asks */
export async function exchange(aura: Aura, code: string, from: string): Promise<SignedIn> {
  const userId = aura.signInCodes.take(code)
  if (!userId) {
    aura.loginBrake.check(from)
    aura.loginBrake.failed(from)
    throw new AuraError(
      "unauthorized",
      "That sign-in code is wrong, used or too old. `npx aura link` prints a fresh one.",
    )
  }
  return await signIn(aura, await getUser(aura, userId))
}

/** Sets the owner's e-mail and password. */
export async function register(
  aura: Aura,
  input: { email: string; password: string; displayName?: string | undefined; code?: string | undefined },
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
  return await signIn(aura, await getUser(aura, userId))
}

/** @param from the address that asks: failures there slow down nobody elsewhere */
export async function login(
  aura: Aura,
  input: { email: string; password: string },
  from: string,
): Promise<SignedIn> {
  const email = normalise(input.email)
  aura.loginBrake.check(from)
  const user = (await aura.store.list("users")).find((row) => row.email === email)
  const right = user?.passwordHash
    ? await verify(user.passwordHash, input.password)
    : await pretend(input.password)
  if (!user || !right) {
    aura.loginBrake.failed(from)
    throw new AuraError("unauthorized", wrongPair)
  }
  aura.loginBrake.forget(from)
  return await signIn(aura, user)
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
  const lastEnd = new Date(Date.parse(login.since) + renewableMs).toISOString()
  await aura.store.commit("login.ended", { rows: { revokedLogins: [{ id: login.jti, expiresAt: lastEnd }] } })
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
  const token = await new SignJWT({ auth_time: Math.floor(since / 1000) })
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

async function signIn(aura: Aura, user: User): Promise<SignedIn> {
  const token = await createToken(aura.keys, aura.now(), user.id)
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
