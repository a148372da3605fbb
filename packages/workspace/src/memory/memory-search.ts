/** Search in the in-memory folder. */
import { posix } from "node:path"
import { AuraError } from "@aura/core"
import type { Search } from "../search.ts"
import type { MemoryFiles } from "./memory.ts"

export function createMemorySearch(files: MemoryFiles): Search {
  const list = (glob?: string) =>
    [...files.keys()].filter((path) => glob === undefined || isMatch(path, glob)).toSorted()
  const linesOf = (path: string) =>
    (files.get(path) ?? "")
      .replace(/\n$/, "")
      .split("\n")
      .map((text, i) => ({ path, line: i + 1, text }))

  return {
    files: async (glob) => ({ paths: list(glob), error: "" }),
    async lines({ pattern, glob }) {
      const found = toPattern(pattern, "")
      if (!found) return { hits: [], error: `regex parse error: ${pattern}` }
      return {
        hits: list(glob)
          .flatMap(linesOf)
          .filter(({ text }) => found.test(text)),
        error: "",
      }
    },
    async text(query) {
      const source = query.isPattern ? query.text : query.text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")
      const found = toPattern(query.isWord ? `\\b(?:${source})\\b` : source, query.isCased ? "g" : "gi")
      if (!found)
        throw new AuraError(
          "bad_request",
          "This is not a valid regular expression: check its brackets and special characters.",
        )
      const items = list()
        .flatMap(linesOf)
        .flatMap(({ path, line, text }) =>
          [...text.matchAll(found)].map(({ 0: hit, index }) => ({
            path,
            line,
            text,
            at: index,
            length: hit.length,
          })),
        )
      return { items, isCut: false }
    },
  }
}

function toPattern(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags)
  } catch {
    return undefined
  }
}

/** A glob without a slash is about the name alone. */
function isMatch(path: string, glob: string): boolean {
  return posix.matchesGlob(glob.includes("/") ? path : posix.basename(path), glob)
}
