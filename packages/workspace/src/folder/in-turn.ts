/** Work on one thing, one after the other: what is asked for meanwhile waits its turn. */
const turns = new Map<string, Promise<unknown>>()

/** @param key what is worked on; other keys do not wait */
export async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(key) ?? Promise.resolve()).then(work, work)
  turns.set(key, turn)
  try {
    return await turn
  } finally {
    if (turns.get(key) === turn) turns.delete(key)
  }
}
