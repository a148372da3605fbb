/** Where the store keeps what: one folder for the database, one beside it for its checkpoints. */
import { dirname, join, resolve } from "node:path"

export type Places = { dir: string; db: string; witness: string; checkpoints: string }

export function placesOf(folder: string): Places {
  const dir = resolve(folder)
  return {
    dir,
    db: join(dir, "db"),
    witness: join(dir, "head"),
    checkpoints: join(dirname(dir), "checkpoints"),
  }
}
