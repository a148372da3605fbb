/** Devices somebody is signed in on; each can be ended alone, or all at once. */
import { AuraError, type Login, type User } from "@aura/core"
import { type Aura, timestamp } from "./aura.ts"

/** Newest first; those that have run out are no logins any more. */
export async function list(aura: Aura): Promise<Login[]> {
  const rows = await aura.store.list("logins")
  return rows
    .filter((row) => Date.parse(row.expiresAt) > aura.now())
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
}

/** Stores a login that begins or is renewed, and forgets what has run out. */
export async function save(aura: Aura, login: Login): Promise<void> {
  await aura.store.commit("login.saved", async (read) => {
    const isOver = (row: { expiresAt: string }) => Date.parse(row.expiresAt) <= aura.now()
    const gone = (await read.list("logins")).filter(isOver)
    const forgotten = (await read.list("revokedLogins")).filter(isOver)
    return {
      rows: { logins: [login] },
      removed: { logins: gone.map((row) => row.id), revokedLogins: forgotten.map((row) => row.id) },
    }
  })
}

/** Notes when a renewed login runs out now; one that was ended meanwhile stays ended. */
export async function renew(aura: Aura, id: string, expiresAt: string): Promise<void> {
  await aura.store.commit("login.saved", async (read) => {
    const row = await read.get("logins", id)
    return row && { rows: { logins: [{ ...row, expiresAt }] } }
  })
}

/** Ends one login at once. @param lastEnd when the last of its tokens would have run out */
export async function end(aura: Aura, id: string, lastEnd: string): Promise<void> {
  await aura.store.commit("login.ended", {
    rows: { revokedLogins: [{ id, expiresAt: lastEnd }] },
    removed: { logins: [id] },
  })
}

/** Ends every login there is, tokens for scripts included. */
export async function endAll(aura: Aura): Promise<void> {
  await aura.store.commit("login.ended", async (read) => {
    const users = (await read.list("users")).map((user): User => ({ ...user, signedOutAt: timestamp(aura) }))
    return { rows: { users }, removed: { logins: (await read.list("logins")).map((row) => row.id) } }
  })
}

/** @throws AuraError `not_found` */
export async function get(aura: Aura, id: string): Promise<Login> {
  const row = await aura.store.get("logins", id)
  if (!row) throw new AuraError("not_found", "That device is not signed in.")
  return row
}
