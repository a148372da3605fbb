/** What every route and socket is given. */
import type { Aura } from "@aura/domain"
import type { Engine, Terminals } from "@aura/engine"
import type { LiveFeed } from "./live-feed.ts"
import type { Models } from "./models.ts"

export type Host = {
  aura: Aura
  engine: Engine
  terminals: Terminals
  models: Models
  feed: LiveFeed
  /** Names the server may be called by; anything else is a rebound name. */
  hostNames: ReadonlySet<string>
  /** Origins besides our own. */
  allowedOrigins: ReadonlySet<string>
}
