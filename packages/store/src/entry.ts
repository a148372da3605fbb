/** The way in: the folder is made, its lock taken, and the engine opened as far as the files allow. */
import { mkdir } from "node:fs/promises"
import { AuraError, toMessage } from "@aura/core"
import { dropOldLogs, listNames, syncFolder } from "./folder.ts"
import { takeGate } from "./gate.ts"
import type { Places } from "./places.ts"
import { isDiskFull, openRocksPages, type RocksPages, toRefusal } from "./rocks-pages.ts"
import { readWitness } from "./witness.ts"

/** @returns what gives the lock back. */
export async function enter({ dir }: Places): Promise<() => Promise<void>> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    return await takeGate(dir)
  } catch (error) {
    if (error instanceof AuraError) throw error
    if (isDiskFull(error)) throw toRefusal(error)
    throw new AuraError(
      "service_unavailable",
      `Aura cannot keep its memory in ${dir} (${toMessage(error)}). Make that folder writable or choose another one.`,
      { reason: "folder_unusable" },
    )
  }
}

/** Nothing was ever saved here. A first start that was interrupted counts as that; a lost CURRENT does not. */
export async function isFresh({ db, witness }: Places): Promise<boolean> {
  const names = await listNames(db)
  if (names.includes("CURRENT") || names.some((name) => /\.(sst|log)$/.test(name))) return false
  return ((await readWitness(witness))?.seq ?? 0) === 0
}

export async function openForReading({ db, dir }: Places, checkpoints: string[]): Promise<RocksPages> {
  return openRocksPages(db, { readOnly: true }).catch((error) => {
    throw toUnopenable(dir, toMessage(error), checkpoints)
  })
}

export async function openForWriting({ dir, db }: Places, create: boolean): Promise<RocksPages> {
  await mkdir(db, { recursive: true, mode: 0o700 })
  await syncFolder(dir)
  await dropOldLogs(db)
  return openRocksPages(db, { readOnly: false, create }).catch((error) => {
    throw isDiskFull(error) ? toRefusal(error) : toUnopenable(dir, toMessage(error), [])
  })
}

/** Refused before anything was changed. */
export function toUnopenable(dir: string, reason: string, checkpoints: string[]): AuraError {
  const way = checkpoints[0] ? `the checkpoint ${checkpoints[0]}` : "a copy of the folder"
  return new AuraError(
    "service_unavailable",
    `Aura's memory in ${dir} cannot be opened: ${reason}. If its files are damaged, restore ${way}.`,
    { reason, checkpoints },
  )
}
