/** Opens the port of the server, and says in a sentence why it cannot be had. */
import { AuraError } from "@aura/core"
import type { buildApp } from "./app.ts"
import type { Env } from "./env.ts"
import { findPortHolder } from "./port-holder.ts"
import { isLoopback } from "./reach.ts"

/**
 * @returns the address of the server for a person on this machine
 * @throws AuraError `conflict` when the port is taken or not allowed, `bad_request` for a host of another machine
 */
export async function listen(app: Awaited<ReturnType<typeof buildApp>>, env: Env): Promise<string> {
  try {
    await app.listen({ host: env.host, port: env.port })
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined
    if (code === "EADDRINUSE") {
      throw new AuraError(
        "conflict",
        `Port ${env.port} is taken by ${await findPortHolder(env.port)}. Choose one with --port, or --port 0 for any free one.`,
        { port: env.port },
      )
    }
    if (code === "EACCES")
      throw new AuraError(
        "conflict",
        `Port ${env.port} may not be used by you. Choose one above 1023 with --port.`,
      )
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
      throw new AuraError("bad_request", `${env.host} is no address of this machine. Use --host 127.0.0.1.`)
    throw cause
  }
  const address = app.server.address()
  const port = typeof address === "object" && address ? address.port : env.port
  const name =
    isLoopback(env.host) || env.host === "0.0.0.0" || env.host === "::"
      ? (env.publicHost ?? "127.0.0.1")
      : env.host
  return `http://${name}:${port}`
}
