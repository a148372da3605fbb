/** Makes the places in a sandbox's scratch folders on which other folders and files are mounted. */
import { mkdirSync, statSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { isWithin } from "@aura/domain"
import type { Box } from "./box.ts"

/** Beforehand, because bubblewrap as root cannot make them: root has no id of its own in folders mapped to a user. */
export function makeMountPoints(box: Box): void {
  const { scratch, home, root, tools, repository, readable } = box
  const scratchOf = (path: string) =>
    isWithin(path, home)
      ? join(scratch.home, relative(home, path))
      : isWithin(path, "/tmp")
        ? join(scratch.tmp, relative("/tmp", path))
        : undefined
  for (const path of [root, ...tools, ...repository, ...readable]) {
    const place = scratchOf(path)
    const found = statSync(path, { throwIfNoEntry: false })
    if (place === undefined || !found) continue
    if (statSync(place, { throwIfNoEntry: false })) continue
    mkdirSync(found.isDirectory() ? place : dirname(place), { recursive: true })
    if (!found.isDirectory()) writeFileSync(place, "", { flag: "a" })
  }
}
