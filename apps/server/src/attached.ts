/**
 * The list of attached folders, beside the database: whoever starts Aura in one of them must not be configured by it,
 * and no program in one of them is run outside of a sandbox.
 */
import { rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Aura } from "@aura/domain"

import { distrust, isWithin } from "@aura/workspace"
import { z } from "zod"
import { readSmallFile } from "./small-file.ts"

const fileName = "attached.json"

/** True when the directory lies in a folder that a project of this data directory works in. */
export function isAttached(dataDir: string, directory: string): boolean {
  try {
    const folders = z.array(z.string()).parse(JSON.parse(readSmallFile(join(dataDir, fileName)) ?? "[]"))
    return folders.some((folder) => isWithin(directory, folder))
  } catch {
    // No list, or none that can be read: nothing was ever attached.
    return false
  }
}

/** Keeps the list true from now on. Resolves when it is written for the first time; returns the function that ends it. */
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
