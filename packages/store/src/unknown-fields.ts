/** Fields that this Aura does not know, because a newer one wrote them, outlive a change of their row. */
import { isDeepStrictEqual } from "node:util"

/**
 * @param raw the row as it was stored
 * @param known the part of it that its schema knows
 * @param next the row as it is to be stored
 * @returns `next` with what `raw` has beyond `known`, also in nested objects and in items of lists that stay as they are
 */
export function keepUnknown(raw: unknown, known: unknown, next: unknown): unknown {
  if (Array.isArray(raw) && Array.isArray(known) && Array.isArray(next)) return keepItems(raw, known, next)
  if (!isObject(raw) || !isObject(known) || !isObject(next)) return next
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(next)) {
    kept[name] = name in known ? keepUnknown(raw[name], known[name], value) : value
  }
  for (const [name, value] of Object.entries(raw)) {
    if (!(name in known) && !(name in next)) kept[name] = value
  }
  return kept
}

/** An item is recognized by its `id`, or by being equal to one that was there. */
function keepItems(raw: unknown[], known: unknown[], next: unknown[]): unknown[] {
  return next.map((item) => {
    const at = known.findIndex((old) => isSame(old, item))
    return at < 0 ? item : keepUnknown(raw[at], known[at], item)
  })
}

function isSame(a: unknown, b: unknown): boolean {
  if (isObject(a) && isObject(b) && typeof a.id === "string") return a.id === b.id
  return isDeepStrictEqual(a, b)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
