/** Going back to a checkpoint: the damaged database is moved aside, never deleted. */
import { mkdir, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import { AuraError, toMessage } from "@aura/core"
import { copyDurably, isCopied, listCheckpoints, verify } from "./checkpoint.ts"
import { listNames, replaceFile, syncFolder } from "./folder.ts"
import { takeGate } from "./gate.ts"
import type { Head } from "./pages.ts"
import { type Places, placesOf } from "./places.ts"
import { toNote } from "./witness.ts"

export type Restored = { head: number; movedTo: string | undefined }

/** Names of the checkpoints of the store in `dir`, newest first. */
export async function listNamesOfCheckpoints(dir: string): Promise<string[]> {
  return (await listCheckpoints(placesOf(dir).checkpoints)).map((each) => each.name)
}

/**
 * Puts the checkpoint `name` in the place of the database of `dir`, which no Aura may have open.
 * Safe to repeat after a crash. What was saved after the checkpoint stays readable under `movedTo`.
 * @throws AuraError `conflict` when the store is in use, `not_found` when there is no such checkpoint,
 * `service_unavailable` when the checkpoint itself is damaged. The database was not moved then.
 */
export async function restoreCheckpoint(dir: string, name: string): Promise<Restored> {
  const places = placesOf(dir)
  const leave = await takeGate(places.dir)
  try {
    const checkpoints = (await listCheckpoints(places.checkpoints)).map((each) => each.name)
    if (!checkpoints.includes(name)) {
      throw new AuraError(
        "not_found",
        `There is no checkpoint ${name}. There are: ${checkpoints.join(", ") || "none"}.`,
      )
    }
    const fresh = join(places.dir, "db-restoring")
    const head = await copyVerified(join(places.checkpoints, name, "db"), fresh, name)
    const movedTo = await moveAside(places)
    await rename(fresh, places.db)
    await replaceFile(places.witness, toNote(head))
    await syncFolder(places.dir)
    return { head: head.seq, movedTo }
  } finally {
    await leave()
  }
}

async function copyVerified(from: string, to: string, name: string): Promise<Head> {
  await rm(to, { recursive: true, force: true })
  await mkdir(to, { recursive: true, mode: 0o700 })
  for (const file of (await listNames(from)).filter(isCopied))
    await copyDurably(join(from, file), join(to, file))
  await syncFolder(to)
  return verify(to).then(
    ({ head }) => head,
    (error) => {
      throw new AuraError(
        "service_unavailable",
        `The checkpoint ${name} is damaged too (${toMessage(error)}), so nothing was changed. Choose another one.`,
      )
    },
  )
}

/** The witness goes along, so that the folder moved aside can be examined on its own. */
async function moveAside({ dir, db, witness }: Places): Promise<string | undefined> {
  const names = await listNames(dir)
  if (!names.includes("db")) return undefined
  let number = 1
  while (names.includes(`db-damaged-${number}`)) number++
  const aside = join(dir, `db-damaged-${number}`)
  await rename(db, aside)
  if (names.includes("head")) await copyDurably(witness, join(aside, "head"))
  return aside
}
