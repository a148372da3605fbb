import { showBytes } from "@aura/workspace"

/** A path in one line, whatever it is called: a name may hold line breaks, and would look like several. */
export function showPath(path: string): string {
  return showBytes(
    /\p{Cc}/u.test(path) ? JSON.stringify(path.toWellFormed() === path ? path : showBytes(path)) : path,
  )
}
