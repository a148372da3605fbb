/** The server of a window: the running one of the data directory, or a new one. */
import { setTimeout as sleep } from "node:timers/promises"
import { AuraError, type Client } from "@aura/core"
import { connect, createKeychain, type Env, findServer, startServer } from "@aura/server"

export type Home = {
  client: Client
  url: string
  /** True: the server is part of this process. */
  isOwn: boolean
  close(): Promise<void>
}

const patienceMs = 10_000
const lookMs = 200

/** @throws AuraError when neither is to be had */
export async function findHome(env: Env, log: (line: string) => void): Promise<Home> {
  const until = performance.now() + patienceMs
  for (;;) {
    const found = await findServer(env)
    if (found) return found
    try {
      return await host(env, log)
    } catch (thrown) {
      // Another Aura that is just starting holds the data directory, and will answer soon.
      const isHeld = thrown instanceof AuraError && thrown.code === "conflict"
      if (!isHeld || performance.now() > until) throw thrown
      await sleep(lookMs)
    }
  }
}

/** On the usual port, or any free one when it is taken. */
async function host(env: Env, log: (line: string) => void): Promise<Home> {
  const start = (port: number) =>
    startServer({ env: { ...env, port }, rehearses: true, keychain: createKeychain, log })
  const running = await start(env.port).catch((thrown: unknown) => {
    const isTaken = thrown instanceof AuraError && thrown.details?.port !== undefined
    if (!isTaken) throw thrown
    return start(0)
  })
  return { ...(await connect(env, running.url, running.stop)), isOwn: true }
}
