/** A path in one line, whatever it is called: a name may hold line breaks, and would look like several. */
export function showPath(path: string): string {
  return /\p{Cc}/u.test(path) ? JSON.stringify(path) : path
}
