/** Retries while the disk is full, whether git, a snapshot or a file write reports it. */
import { AuraError, isDiskFull } from "@aura/core"

/** Retries the work while the disk is full. The work has to be idempotent. */
export type Patience = <T>(work: () => Promise<T>) => Promise<T>

const retryMs = 5000
/** The messages of git about a full disk. */
const fullInWords = /No space left on device|Disk quota exceeded/

/** Does not retry: for what a person asked for and waits on. */
export const impatient: Patience = async (work) => await work()

/**
 * @param signal stops retrying and throws the failure
 * @param onFull called with `true` before the first retry, and with `false` after a retry succeeds
 */
export function createPatience(
  signal: AbortSignal,
  onFull: (isFull: boolean) => void,
  sleep: (ms: number) => Promise<void> = sleepFor,
): Patience {
  return async (work) => {
    for (let tries = 0; ; tries++) {
      try {
        const result = await work()
        if (tries > 0) onFull(false)
        return result
      } catch (thrown) {
        if (!isFull(thrown) || signal.aborted) throw thrown
        if (tries === 0) onFull(true)
        await sleep(retryMs)
      }
    }
  }
}

function isFull(thrown: unknown): boolean {
  if (isDiskFull(thrown)) return true
  return (
    thrown instanceof AuraError &&
    (thrown.details?.reason === "disk_full" || fullInWords.test(thrown.message))
  )
}

function sleepFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
