/** The seam of search: the files of a folder and what they hold, without `.git` and what git ignores. */
import type { TextHit, TextQuery } from "@aura/core"

export type FoundFiles = {
  /** Relative to the folder, sorted. */
  paths: string[]
  /** Why it could not search everything; "" when it could. */
  error: string
}

export type FoundLines = {
  hits: { path: string; line: number; text: string }[]
  /** Such as what is wrong with the pattern; "" when nothing is. */
  error: string
}

export interface Search {
  /** @param glob such as src/**\/*.ts; without a slash it matches names in any folder */
  files(glob?: string, signal?: AbortSignal): Promise<FoundFiles>
  /** Lines that match a regular expression. */
  lines(query: { pattern: string; glob?: string }, signal: AbortSignal): Promise<FoundLines>
  /** What an editor asks for. @throws AuraError `bad_request` for an invalid pattern */
  text(query: TextQuery): Promise<{ items: TextHit[]; isCut: boolean }>
}
