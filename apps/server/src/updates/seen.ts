/** The newest release offered by each channel, so that older ones are rejected. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { UpdateChannel } from "@aura/core"
import { z } from "zod"
import { Version } from "./manifest.ts"

const Seen = z.partialRecord(UpdateChannel, Version)
type Seen = z.infer<typeof Seen>

const fileName = "updates-seen.json"

export async function readSeen(dataDir: string): Promise<Seen> {
  const text = await readFile(join(dataDir, fileName), "utf8").catch(() => "{}")
  try {
    return Seen.parse(JSON.parse(text))
  } catch {
    // A truncated file counts as empty.
    return {}
  }
}

export async function writeSeen(dataDir: string, seen: Seen): Promise<void> {
  const path = join(dataDir, fileName)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await writeFile(`${path}.draft`, JSON.stringify(seen), { mode: 0o600 })
  await rename(`${path}.draft`, path)
}
