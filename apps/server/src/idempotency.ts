/** Idempotency keys: repeating a request with the same key gives the first answer. In memory, newest thousand. */

export type IdempotencyCache = { once(key: string, work: () => Promise<unknown>): Promise<unknown> }

const most = 1000

export function createIdempotencyCache(): IdempotencyCache {
  const answers = new Map<string, Promise<unknown>>()
  return {
    once(key, work) {
      const known = answers.get(key)
      if (known) return known
      const oldest = answers.keys().next().value
      if (answers.size >= most && oldest !== undefined) answers.delete(oldest)
      const answer = work()
      answers.set(key, answer)
      // A failed request may be retried.
      answer.catch(() => answers.delete(key))
      return answer
    },
  }
}
