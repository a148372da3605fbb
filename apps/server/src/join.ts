/** Connects to the server that holds the data directory, or starts one in this process. */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { AuraError, type Client, createClient } from "@aura/core"
import { auth, loadKeys } from "@aura/domain"
import { z } from "zod"
import type { Env } from "./env.ts"
import { createKeychain } from "./keychain.ts"
import { startServer } from "./start.ts"

export type Connection = {
  client: Client
  url: string
  /** True: it runs in this process. */
  isOwn: boolean
  /** False once the process that hosts it has ended. */
  isAlive(): boolean
  close(): Promise<void>
}

const Holder = z.object({ url: z.string(), pid: z.number() })
/** The part of the answer that identifies Aura. */
const Login = z.object({ user: z.object({ id: z.string() }) })

/** The running server of this data directory, if there is one that answers. */
export async function findServer(env: Env): Promise<Connection | undefined> {
  // A server killed while writing this file may have truncated it.
  const noted = await readFile(join(env.dataDir, "server.json"), "utf8")
    .then((text): unknown => JSON.parse(text))
    .catch(() => undefined)
  const holder = Holder.safeParse(noted).data
  if (!holder) return undefined
  const found = await connect(env, holder.url, async () => undefined)
  const connection = { ...found, isAlive: () => isRunning(holder.pid) }
  // After a crash its port may belong to another program, or to an Aura with another data directory.
  return (await isOurs(connection)) ? connection : undefined
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (thrown) {
    // A process of another user cannot be signalled, but it is running.
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM"
  }
}

async function isOurs({ client, url }: Connection): Promise<boolean> {
  const signal = AbortSignal.timeout(3000)
  try {
    if (!(await fetch(`${url}/api/health`, { signal })).ok) return false
    return Login.safeParse(await client.call("getLogin", {}, { signal })).success
  } catch {
    return false
  }
}

/** How long a start waits for another server that holds the data directory and does not answer yet. */
const startingMs = 30_000
const lookMs = 100

/**
 * Uses the running server, or starts one for as long as it is needed.
 * @param options.isLooking true: what a crash interrupted is left as it is
 */
export async function openServer(env: Env, options: { isLooking?: boolean } = {}): Promise<Connection> {
  const untilMs = performance.now() + startingMs
  for (;;) {
    const found = await findServer(env)
    if (found) return found
    try {
      const running = await startServer({
        env: { ...env, host: "127.0.0.1", port: 0 },
        keychain: createKeychain,
        ...options,
      })
      return { ...(await connect(env, running.url, running.stop)), isOwn: true }
    } catch (thrown) {
      // Another one is starting, or is a short command that will end soon.
      const isHeld = thrown instanceof AuraError && thrown.details?.reason === "in_use"
      if (!isHeld || performance.now() > untilMs) throw thrown
      await pause(lookMs)
    }
  }
}

/** A client of the server at an address, authorized by access to its data directory. */
export async function connect(env: Env, url: string, close: () => Promise<void>): Promise<Connection> {
  // Whoever can read the data directory is the owner.
  const keys = await loadKeys(env.dataDir)
  const getToken = createTokens((nowMs) => auth.createToken(keys, nowMs), Date.now)
  return { client: createClient(url, getToken), url, isOwn: false, isAlive: () => true, close }
}

type Token = { access_token: string; expiresAt: string }

const renewBeforeMs = 60 * 60 * 1000

/** A token is good for hours, a run may last for days: each is replaced before it expires. */
export function createTokens(
  make: (nowMs: number) => Promise<Token>,
  now: () => number,
): () => Promise<string> {
  let current: Token | undefined
  return async () => {
    if (!current || Date.parse(current.expiresAt) - now() < renewBeforeMs) current = await make(now())
    return current.access_token
  }
}
