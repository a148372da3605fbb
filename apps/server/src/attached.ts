/**
 * The list of attached folders, stored beside the database: files in them must not configure Aura when it starts there,
 * and programs in them are never run outside a sandbox.
 */
import { rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Aura } from "@aura/domain"

import { distrust, isWithin } from "@aura/workspace"
import { z } from "zod"
import { readSmallFile } from "./small-file.ts"

const fileName = "attached.json"

/** True when the directory is inside a workspace of a project of this data directory. */
export function isAttached(dataDir: string, directory: string): boolean {
  try {
    const folders = z.array(z.string()).parse(JSON.parse(readSmallFile(join(dataDir, fileName)) ?? "[]"))
    return folders.some((folder) => isWithin(directory, folder))
  } catch {
    // No readable list: nothing was ever attached.
    return false
  }
}

/** Keeps the list up to date. Resolves when it was first written. @returns stops it */
export async function keepAttached(
  aura: Aura,
  onFailure: (thrown: unknown) => void,
  onSave: (folders: readonly string[]) => void,
): Promise<() => void> {
  let last = Promise.resolve()
  const save = async () => {
    const instances = await aura.store.list("instances")
    const folders = instances.flatMap(({ workspace }) => (workspace.kind === "local" ? [workspace.path] : []))
    for (const folder of folders) distrust(folder)
    const path = join(aura.config.dataDir, fileName)
    await writeFile(`${path}.draft`, JSON.stringify([...new Set(folders)]), { mode: 0o600 })
    await rename(`${path}.draft`, path)
    onSave(folders)
  }
  await save()
  return aura.store.subscribe((event) => {
    if (event.rows.instances || event.removed?.instances) last = last.then(save).catch(onFailure)
  })
}
