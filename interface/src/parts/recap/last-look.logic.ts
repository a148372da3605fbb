/** Since when somebody was away from a project, as far as this device knows. Pure. */
export type LastLook = {
  /** When the project was on screen last. */
  seenAt: number
  /** Away since then, until the person dismisses what happened meanwhile. */
  awaySince?: number | undefined
}

/** Whoever looks again sooner was not away. */
const minAwayMs = 15 * 60_000

/** Somebody looks at the project. */
export function look(last: LastLook | undefined, now: number): LastLook {
  if (last?.awaySince !== undefined) return { seenAt: now, awaySince: last.awaySince }
  return last && now - last.seenAt >= minAwayMs ? { seenAt: now, awaySince: last.seenAt } : { seenAt: now }
}

/** Somebody looks away, after however long. */
export function leave(last: LastLook | undefined, now: number): LastLook {
  return { ...last, seenAt: now }
}

/** What was stored, or undefined when it cannot be read. */
export function readLook(text: string | null): LastLook | undefined {
  const [seenAt, awaySince] = (text ?? "").split(" ").map(Number)
  if (!seenAt || !Number.isFinite(seenAt)) return undefined
  return awaySince && Number.isFinite(awaySince) ? { seenAt, awaySince } : { seenAt }
}

export function writeLook({ seenAt, awaySince }: LastLook): string {
  return awaySince === undefined ? `${seenAt}` : `${seenAt} ${awaySince}`
}
