/** The store on disk: opens it, makes sure that nothing is missing, and only then lets anyone write. */
import { mkdir, rm } from "node:fs/promises"
import { join } from "node:path"
import { AuraError, toMessage } from "@aura/core"
import { emptyHead } from "./chain.ts"
import { listCheckpoints, makeCheckpoint } from "./checkpoint.ts"
import { createStore } from "./commit.ts"
import { type Damage, type Inspection, inspect, toDamageRefusal, toReason } from "./damage.ts"
import { listNames, syncFolder } from "./folder.ts"
import { takeGate } from "./gate.ts"
import { formatAfter, type Migration, migrate, migrations, noteFormat, readFormat, requireKnownFormat } from "./migrations.ts"
import type { Head } from "./pages.ts"
import { type Places, placesOf } from "./places.ts"
import { isDiskFull, openRocksPages, type RocksPages, toRefusal } from "./rocks-pages.ts"
import type { Store } from "./store.ts"
import { openWitness, readWitness } from "./witness.ts"

export type OpenOptions = {
  /** Milliseconds since 1970. */
  now: () => number
  /** Called when damage is found, at open or by a checkpoint. */
  onDamage?: (damage: Damage) => void
  /** The steps to the current format; only tests give others. */
  steps?: Migration[]
}

export type OpenedStore = Store & {
  /** Set when something stored is lost or changed: the store then serves what can be read and refuses commits. */
  readonly damage: Damage | undefined
  /** Makes a verified copy beside the store, keeps the newest three, and returns its name. */
  checkpoint(): Promise<string>
}
