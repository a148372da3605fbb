/** The store on disk: opens it, makes sure that nothing is missing, and only then lets anyone write. */
import { AuraError, toMessage, type Upcasters, upcasters } from "@aura/core"
import { emptyHead } from "./chain.ts"
import { type Checkpoint, listCheckpoints, makeCheckpoint } from "./checkpoint.ts"
import { createStore } from "./commit.ts"
import { type Damage, inspect, inspectRest, startReach, toDamage, toDamageRefusal } from "./damage.ts"
import { enter, isFresh, openForReading, openForWriting, toUnopenable } from "./entry.ts"
import { neededFormat, readFormat, requireKnownFormat, toFormatWrite } from "./format.ts"
import { repairIndexes } from "./indexes.ts"
import { rememberNewest } from "./newest.ts"
import type { Head } from "./pages.ts"
import { type Places, placesOf } from "./places.ts"
import type { LostRow } from "./read.ts"
import type { RocksPages } from "./rocks-pages.ts"
import type { Store } from "./store.ts"
import { createVersions, type Versions } from "./versions.ts"
import { openWitness, readWitness } from "./witness.ts"

export type OpenOptions = {
  /** Milliseconds since 1970. */
  now: () => number
  /** Called when damage is found: at open, or in what is read after it. */
  onDamage?: (damage: Damage) => void
  /** How older rows become those of today; only tests give others. */
  upcasters?: Upcasters
}

export type OpenedStore = Store & {
  /** Set when something stored is lost or changed: the store then serves what can be read and refuses commits. */
  readonly damage: Damage | undefined
  /** Makes a verified copy beside the store, keeps the newest three, and returns its name. */
  checkpoint(): Promise<string>
}

/** What was found on the disk; a fresh folder has no format. `isWhole`: all of it was read. */
type Found = { head: Head; seal: Head; format: number | undefined; checkpoints: string[]; isWhole: boolean }
type Leave = () => Promise<void>

/**
 * The database is opened twice: first for reading only, because an open for writing throws away whatever it
 * cannot replay; then, when nothing is missing, for writing.
 * @throws AuraError `conflict` when another Aura has it open or a newer one wrote it; `service_unavailable`
 * when nothing of it can be read, or the folder cannot be used. What was stored is untouched then.
 */
export async function openStore(dir: string, options: OpenOptions): Promise<OpenedStore> {
  const places = placesOf(dir)
  const versions = createVersions(options.upcasters ?? upcasters)
  const leave = await enter(places)
  try {
    if (await isFresh(places)) {
      const fresh = { head: emptyHead, seal: emptyHead, format: undefined, checkpoints: [], isWhole: true }
      return await serve(places, { ...options, versions }, fresh, leave)
    }
    const found = await look(places, versions, await listCheckpoints(places.checkpoints))
    if (!found.damage) return await serve(places, { ...options, versions }, found, leave)
    options.onDamage?.(found.damage)
    return serveDamaged(found.pages, { ...options, versions }, found, found.damage, leave)
  } catch (error) {
    await leave()
    throw error
  }
}

/** Reads all that must be there. The pages stay open when there is damage, to be served from. */
async function look(places: Places, versions: Versions, checkpoints: Checkpoint[]) {
  const names = checkpoints.map(({ name }) => name)
  const pages = await openForReading(places, names)
  try {
    const format = await readFormat(pages)
    requireKnownFormat(format, versions)
    const walked = checkpoints.map(({ note }) => note)
    const witness = await readWitness(places.witness)
    const inspection = await inspect(pages, { witness, walked, reach: startReach })
    const damage = toDamage(inspection, names)
    if (!damage) await pages.close()
    const { head, seal, isWhole } = inspection
    return { pages, damage, format, head, seal, isWhole, checkpoints: names }
  } catch (error) {
    await pages.close()
    throw error instanceof AuraError ? error : toUnopenable(places.dir, toMessage(error), names)
  }
}

type ServeOptions = OpenOptions & { versions: Versions }

async function serve(
  places: Places,
  options: ServeOptions,
  found: Found,
  leave: Leave,
): Promise<OpenedStore> {
  const { now, versions } = options
  const { head, seal, format } = found
  const witness = openWitness(places.witness)
  const pages = await openForWriting(places, format === undefined).catch((error) => {
    witness.close()
    throw error
  })
  let copying: Promise<string> | undefined
  let isClosing = false
  let reading: Promise<void> = Promise.resolve()

  function checkpoint(): Promise<string> {
    copying ??= makeCheckpoint(pages, places, now()).finally(() => {
      copying = undefined
    })
    return copying
  }

  async function close(): Promise<void> {
    isClosing = true
    await Promise.allSettled([copying, reading])
    await pages.close()
    witness.close()
  }

  async function sync(safe: Head): Promise<void> {
    await pages.sync()
    witness.note(safe)
  }

  try {
    const needed = neededFormat(format, versions)
    if (format !== undefined && format < needed) await checkpoint()
    if (format !== needed) await pages.write([toFormatWrite(needed)])
    await repairIndexes(pages, head, versions)
    await sync(head)
    const quick = await rememberNewest({ ...pages, sync, close: () => close().finally(leave) })
    const store = createStore(quick, { now, head, seal, versions })
    const more: Pick<OpenedStore, "checkpoint"> & { damage: Damage | undefined } = {
      damage: undefined,
      checkpoint,
    }
    const opened = Object.assign(store, more)
    const readRest = async () => {
      const rest = await inspectRest(pages, head, () => isClosing)
      const damage = rest && toDamage(rest, found.checkpoints)
      if (!damage) return
      opened.damage = damage
      store.refuse(toDamageRefusal(damage))
      options.onDamage?.(damage)
    }
    if (!found.isWhole)
      reading = readRest().catch((error) => {
        process.emitWarning(`Aura could not check all of its memory: ${toMessage(error)}`)
      })
    return opened
  } catch (error) {
    await close()
    throw error
  }
}

function serveDamaged(
  pages: RocksPages,
  { now, versions }: ServeOptions,
  { head, seal }: Found,
  damage: Damage,
  leave: Leave,
): OpenedStore {
  const refusal = toDamageRefusal(damage)
  const close = () => pages.close().finally(leave)
  const onLost = (lost: LostRow) => {
    if (!damage.rows.some(({ table, id }) => table === lost.table && id === lost.id)) damage.rows.push(lost)
  }
  const store = createStore(
    { ...pages, sync: pages.sync, close },
    { now, head, seal, versions, refusal, onLost },
  )
  return Object.assign(store, { damage, checkpoint: () => Promise.reject(refusal) })
}
