/** The install's own keys: made at the first start, readable by the owner only. */
import { randomBytes, randomUUID } from "node:crypto"
import { chmod, link, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { z } from "zod"
import type { Aura } from "./aura.ts"
import { makeDataDir, toUnusable } from "./data-dir.ts"

const KeyFile = z.object({ signing: z.string(), sealing: z.string(), installId: z.string() })

/**
 * Reads `keys.json` of the data directory, making both when they are missing.
 * @throws AuraError when the directory cannot be written; an error when the file is not ours
 */
export async function loadKeys(dataDir: string): Promise<Aura["keys"]> {
  const path = join(dataDir, "keys.json")
  await makeDataDir(dataDir)
  const text = await readFile(path, "utf8").catch(() =>
    createKeys(path).catch((cause: unknown) => {
      throw toUnusable(dataDir, cause)
    }),
  )
  const file = KeyFile.parse(JSON.parse(text))
  await chmod(path, 0o600)
  return {
    signing: Buffer.from(file.signing, "base64"),
    sealing: Buffer.from(file.sealing, "base64"),
    installId: file.installId,
  }
}

/** Written beside and linked into place, so that two first starts agree on one file. */
async function createKeys(path: string): Promise<string> {
  const made = {
    signing: randomBytes(32).toString("base64"),
    sealing: randomBytes(32).toString("base64"),
    installId: randomUUID(),
  }
  const draft = `${path}.${process.pid}`
  try {
    await writeFile(draft, JSON.stringify(made), { mode: 0o600 })
    await link(draft, path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== "EEXIST") throw cause
    })
  } finally {
    await rm(draft, { force: true })
  }
  return await readFile(path, "utf8")
}
