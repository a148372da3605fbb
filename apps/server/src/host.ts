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
  /** Names the server may be called by; anything else is a rebound name. */
  hostNames: ReadonlySet<string>
  /** True: other machines can reach it. */
  /** The install's own, where other machines reach Aura. */
  certificate: Certificate | undefined
  isLan: boolean
  /** The port those names go with; unknown until it listens. */
  port: number | undefined
  /** AURA_PUBLIC_HOST: what stands before us may use any port. */
  publicHost: string | null
  /** Proxies whose forwarded headers name the client. */
  trustedProxies: string[]
  /** `name:port` of what passes requests on to us, such as Vite. */
  frontAuthorities: ReadonlySet<string>
  /** Origins besides our own. */
  allowedOrigins: ReadonlySet<string>
  /** Slows down whoever tries tokens and codes. */
  tokenBrake: Brake
  connectionLimit: ConnectionLimit
  outlets: Outlets
  audit: AuditLog
}
