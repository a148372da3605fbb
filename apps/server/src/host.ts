/** What every route and socket is given. */

import type { AuditLog, Aura, Brake } from "@aura/domain"
import type { Engine } from "@aura/engine"
import type { Custody, Snapshots, Terminals } from "@aura/workspace"
import type { Certificate } from "./certificate.ts"
import type { ConnectionLimit } from "./connection-limit.ts"
import type { LiveFeed } from "./live-feed.ts"
import type { Models } from "./models.ts"
import type { Outlets } from "./outlets.ts"
import type { FindProgram } from "./programs/editors.ts"
import type { Updates } from "./updates/updates.ts"
import type { Windows } from "./windows.ts"

export type Host = {
  aura: Aura
  engine: Engine
  terminals: Terminals
  snapshots: Snapshots
  custody: Custody
  models: Models
  feed: LiveFeed
  windows: Windows
  findProgram: FindProgram
  updates: Updates
  /** The host names of the server; any other name is rejected (DNS rebinding). */
  hostNames: ReadonlySet<string>
  /** True: other machines can reach it. */
  /** The install's own certificate, if other machines can reach Aura. */
  certificate: Certificate | undefined
  isLan: boolean
  /** The port of those names; unknown until it listens. */
  port: number | undefined
  /** AURA_PUBLIC_HOST: a proxy in front of Aura may use any port. */
  publicHost: string | null
  /** Proxies whose forwarded headers name the client. */
  trustedProxies: string[]
  /** `name:port` of servers that forward requests to Aura, such as Vite. */
  frontAuthorities: ReadonlySet<string>
  /** Origins besides our own. */
  allowedOrigins: ReadonlySet<string>
  /** Rate limit for attempts with tokens and codes. */
  tokenBrake: Brake
  connectionLimit: ConnectionLimit
  outlets: Outlets
  audit: AuditLog
}
