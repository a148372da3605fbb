/** Decides which things that need a person are new, and how to announce them. Pure. */
import type { Attention } from "@aura/core"

/** Things that were not there before, the oldest first; nothing counts as new at the first look. */
export function toNew(before: readonly Attention[] | undefined, after: readonly Attention[]): Attention[] {
  if (!before) return []
  const known = new Set(before.map(keyOf))
  return after.filter((item) => !known.has(keyOf(item))).toReversed()
}

/** The same task failing again later is another thing. */
export function keyOf(item: Attention): string {
  return `${item.kind}:${item.id}:${item.kind === "waiting" ? "" : item.at}`
}

const words: Readonly<Record<Attention["kind"], string>> = {
  failed: "failed",
  blocked: "is blocked",
  waiting: "",
  ended: "",
  plan: "",
  ask: "",
}

export function toNotification(item: Attention): { title: string; body: string } {
  const title = [item.title, words[item.kind]].filter(Boolean).join(" ")
  return { title: `${item.projectName}: ${title}`, body: item.reason.slice(0, 200) }
}
