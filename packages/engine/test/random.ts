/** Chance that can be repeated: all that is random in a simulated run comes from one seed. */

export type Random = {
  /** A number in [0, 1). */
  next(): number
  /** A whole number from 0 to most - 1. */
  below(most: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly [T, ...T[]]): T
  /** One of them, each as likely as its weight says. */
  weigh<T>(items: readonly (readonly [number, T])[], otherwise: T): T
}

/** Mulberry32: small, fast, good enough to shuffle a test. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (most: number) => Math.floor(next() * most)
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)] ?? items[0],
    weigh(items, otherwise) {
      let left = next() * items.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, item] of items) {
        left -= weight
        if (left < 0) return item
      }
      return otherwise
    },
  }
}
