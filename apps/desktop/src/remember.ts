/** Where the windows were, kept in the data directory. */
import { readFileSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Places } from "./place.ts"

export type Memory = { places(): Places; note(places: Places): void }

export function rememberPlaces(dataDir: string): Memory {
  const file = join(dataDir, "window.json")
  let known = read(file)
  return {
    places: () => known,
    note(places) {
      known = { ...known, ...places }
      writeFileSync(`${file}.draft`, JSON.stringify(known), { mode: 0o600 })
      renameSync(`${file}.draft`, file)
    },
  }
}

function read(file: string): Places {
  try {
    return Places.parse(JSON.parse(readFileSync(file, "utf8")))
  } catch {
    // The first time, or not worth keeping.
    return {}
  }
}
