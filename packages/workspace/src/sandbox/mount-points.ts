/** The places in a sandbox's scratch folders on which other folders and files are mounted. */
import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { dirname, join, relative, sep } from "node:path"
import { AuraError } from "@aura/core"
import { isWithin } from "../folder/folder.ts"
import type { Box } from "./box.ts"

/** Where a path of the sandbox lies in its scratch folders; undefined when it lies in none. */
function scratchOf({ home, scratch }: Box, path: string): { top: string; inside: string } | undefined {
  const places = [
    { at: home, top: scratch.home },
    { at: "/tmp", top: scratch.tmp },
    { at: "/var/tmp", top: scratch.tmp },
  ]
  const place = places.find(({ at }) => path !== at && isWithin(path, at))
  return place && { top: place.top, inside: relative(place.at, path) }
}

const mountedIn = ({ root, tools, repository, readable }: Box) => [root, ...tools, ...repository, ...readable]

/**
 * Creates them, because bubblewrap would follow links that a command left there, and as root cannot create them at all:
 * root has no id in folders mapped to a user. Removes whatever a command put in their place.
 */
export function makeMountPoints(box: Box): void {
  for (const path of mountedIn(box)) {
    const place = scratchOf(box, path)
    const found = statSync(path, { throwIfNoEntry: false })
    if (place && found) makeOne(place.top, place.inside.split(sep), found.isDirectory())
  }
  const home = scratchOf(box, box.home)
  if (home) makeOne(home.top, home.inside.split(sep), true)
}

/**
 * Folders of the sandbox in which something is mounted, outermost first.
 * @returns `pinned`: in scratch folders, with where they really lie; mounted on themselves, no command can move them and
 *   put a link there. `made`: the others, which exist in the sandbox alone
 */
export function findParents(box: Box): { pinned: [source: string, path: string][]; made: string[] } {
  const all = [...mountedIn(box), box.home].flatMap((path) =>
    isWithin(path, box.root) ? [box.root] : [path],
  )
  const parents = [...new Set(all.flatMap(parentsOf))].filter(
    (path) => path !== box.home && !isWithin(path, box.root),
  )
  const pinned = parents.flatMap((path): [string, string][] => {
    const place = scratchOf(box, path)
    return place ? [[join(place.top, place.inside), path]] : []
  })
  const inScratch = (path: string) => [box.home, "/tmp", "/var/tmp"].some((at) => isWithin(path, at))
  return { pinned, made: parents.filter((path) => !inScratch(path)) }
}

/** Outermost first, without the root of the file system. */
function parentsOf(path: string): string[] {
  const parent = dirname(path)
  return parent === path || parent === "/" ? [] : [...parentsOf(parent), parent]
}

const folderItself = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0)

/** Descends folder by folder; each one is held open, and none is a link. */
function makeOne(top: string, parts: readonly string[], isFolder: boolean): void {
  const held = [openSync(top, folderItself)]
  try {
    for (const [i, part] of parts.entries()) {
      const place = `/proc/self/fd/${held.at(-1)}/${part}`
      const wantsFolder = isFolder || i < parts.length - 1
      const found = lstatSync(place, { throwIfNoEntry: false })
      const isRight = wantsFolder ? found?.isDirectory() : found?.isFile()
      if (found && !isRight) rmSync(place, { force: true })
      if (!wantsFolder && !isRight) writeFileSync(place, "", { flag: "wx" })
      if (wantsFolder && !isRight) mkdirSync(place)
      if (wantsFolder) held.push(openSync(place, folderItself))
    }
  } catch (cause) {
    throw new AuraError(
      "conflict",
      `The sandbox cannot be prepared: ${parts.join("/")} in its temporary or home folder is in the way (${cause instanceof Error ? cause.message : String(cause)}). Try again, or restart Aura, which empties them.`,
    )
  } finally {
    for (const handle of held) closeSync(handle)
  }
}
