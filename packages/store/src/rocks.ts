/** The store on disk: opens it, makes sure that nothing is missing, and only then lets anyone write. */
import { AuraError, toMessage } from "@aura/core"
import { emptyHead } from "./chain.ts"
import { type Checkpoint, listCheckpoints, makeCheckpoint } from "./checkpoint.ts"
import { createStore } from "./commit.ts"
import { type Damage, inspect, toDamage, toDamageRefusal } from "./damage.ts"
import { enter, isFresh, openForReading, openForWriting, toUnopenable } from "./entry.ts"
import { type Migration, migrate, migrations, readFormat, requireKnownFormat } from "./migrations.ts"
import { rememberNewest } from "./newest.ts"
import type { Head } from "./pages.ts"
import { type Places, placesOf } from "./places.ts"
import type { LostRow } from "./read.ts"
import type { RocksPages } from "./rocks-pages.ts"
import type { Store } from "./store.ts"
import { openWitness, readWitness } from "./witness.ts"

export type OpenOptions = {
  /** Milliseconds since 1970. */
  now: () => number
  /** Called when damage is found at open. */
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

/** What was found on the disk; a fresh folder has no format. */
type Found = { head: Head; format: number | undefined }
type Leave = () => Promise<void>

/**
 * The database is opened twice: first for reading only, because an open for writing throws away whatever it
 * cannot replay; then, when nothing is missing, for writing.
 * @throws AuraError `conflict` when another Aura has it open or a newer one wrote it; `service_unavailable`
 * when nothing of it can be read, or the folder cannot be used. What was stored is untouched then.
 */
export async function openStore(dir: string, options: OpenOptions): Promise<OpenedStore> {
  const places = placesOf(dir)
  const leave = await enter(places)
  try {
    if (await isFresh(places))
      return await serve(places, options, { head: emptyHead, format: undefined }, leave)
    const found = await look(places, options, await listCheckpoints(places.checkpoints))
    if (!found.damage) return await serve(places, options, found, leave)
    options.onDamage?.(found.damage)
    return serveDamaged(found.pages, options, found.head, found.damage, leave)
  } catch (error) {
    await leave()
    throw error
  }
}

/** Reads all that must be there. The pages stay open when there is damage, to be served from. */
async function look(places: Places, { steps = migrations }: OpenOptions, checkpoints: Checkpoint[]) {
  const names = checkpoints.map(({ name }) => name)
  const pages = await openForReading(places, names)
  try {
    const format = await readFormat(pages)
    requireKnownFormat(format, steps)
    const walked = checkpoints.map(({ note }) => note)
    const inspection = await inspect(pages, { witness: await readWitness(places.witness), walked })
    const damage = toDamage(inspection, names)
    if (!damage) await pages.close()
    return { pages, damage, format, head: inspection.head }
  } catch (error) {
    await pages.close()
    throw error instanceof AuraError ? error : toUnopenable(places.dir, toMessage(error), names)
  }
}

async function serve(places: Places, options: OpenOptions, found: Found, leave: Leave): Promise<OpenedStore> {
  const { now, steps = migrations } = options
  const { head, format } = found
  const witness = openWitness(places.witness)
  const pages = await openForWriting(places, format === undefined).catch((error) => {
    witness.close()
    throw error
  })
  let copying: Promise<string> | undefined

  function checkpoint(): Promise<string> {
    copying ??= makeCheckpoint(pages, places, now()).finally(() => {
      copying = undefined
    })
    return copying
  }

  async function close(): Promise<void> {
    await Promise.allSettled([copying])
    await pages.close()
    witness.close()
  }

  async function sync(safe: Head): Promise<void> {
    await pages.sync()
    witness.note(safe)
  }

  try {
    if (format !== undefined && format <= steps.length) await checkpoint()
    await migrate(pages, format, steps)
    await sync(head)
    const quick = await rememberNewest({ ...pages, sync, close: () => close().finally(leave) })
    return Object.assign(createStore(quick, { now, head }), { damage: undefined, checkpoint })
  } catch (error) {
    await close()
    throw error
  }
}

function serveDamaged(
  pages: RocksPages,
  { now }: OpenOptions,
  head: Head,
  damage: Damage,
  leave: Leave,
): OpenedStore {
  const refusal = toDamageRefusal(damage)
  const close = () => pages.close().finally(leave)
  const onLost = (lost: LostRow) => {
    if (!damage.rows.some(({ table, id }) => table === lost.table && id === lost.id)) damage.rows.push(lost)
  }
  const store = createStore({ ...pages, close }, { now, head, refusal, onLost })
  return Object.assign(store, { damage, checkpoint: () => Promise.reject(refusal) })
}
