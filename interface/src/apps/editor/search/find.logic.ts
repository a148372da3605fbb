/** Places where a text was found, by file. Pure. */
import type { TextHit } from "@aura/core"

export type FileHits = { path: string; hits: TextHit[] }

/** In the order they came; of a long line the part before the hit is cut so that the hit can be seen. */
export function groupHits(hits: readonly TextHit[]): FileHits[] {
  const files: FileHits[] = []
  for (const hit of hits) {
    const last = files.at(-1)
    if (last?.path === hit.path) last.hits.push(cut(hit))
    else files.push({ path: hit.path, hits: [cut(hit)] })
  }
  return files
}

const longestBefore = 24

function cut(hit: TextHit): TextHit {
  const before = hit.text.slice(0, hit.at).trimStart()
  if (before.length <= longestBefore) return hit
  const from = hit.at - longestBefore
  return { ...hit, text: `…${hit.text.slice(from)}`, at: hit.at - from + 1 }
}
