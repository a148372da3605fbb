/** Which entries of the palette fit what was typed, the best first. Pure. */

/** How well a text fits: higher is better, undefined when it does not. Letters must come in order. */
export function score(typed: string, text: string): number | undefined {
  const wanted = typed.toLowerCase().replace(/\s+/g, "")
  const given = text.toLowerCase()
  if (wanted === "") return 0
  const whole = given.indexOf(typed.toLowerCase().trim())
  if (whole >= 0) return 200 - Math.min(80, whole) + (isStart(given, whole) ? 60 : 0)
  let total = 0
  let at = -1
  for (const letter of wanted) {
    const next = given.indexOf(letter, at + 1)
    if (next < 0) return undefined
    total += isStart(given, next) ? 8 : next === at + 1 ? 5 : -Math.min(4, next - at)
    at = next
  }
  return total > wanted.length * 2 ? total : undefined
}

/** @param most how many are shown */
export function rank<E extends { title: string; also?: string }>(
  typed: string,
  entries: readonly E[],
  most: number,
): E[] {
  return entries
    .flatMap((entry) => {
      const points = score(typed, entry.title) ?? (entry.also ? score(typed, entry.also) : undefined)
      return points === undefined ? [] : [{ entry, points }]
    })
    .toSorted((a, b) => b.points - a.points)
    .slice(0, most)
    .map(({ entry }) => entry)
}

/**
 * Entries under the headings of their groups. While nothing is typed these have a fixed order; then the group that holds
 * the best entry comes first, so that Enter takes the best.
 */
export function arrange<G extends string, E extends { group: G }>(
  typed: string,
  entries: readonly E[],
  fixed: readonly G[],
): E[] {
  const order = typed.trim() === "" ? fixed : [...new Set(entries.map((entry) => entry.group))]
  return order.flatMap((group) => entries.filter((entry) => entry.group === group))
}

function isStart(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? "")
}
