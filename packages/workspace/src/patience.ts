/** Waits for room: to the loop a full disk is weather, whoever of git, snapshots and files meets it. */
import { AuraError, isDiskFull } from "@aura/core"

/** Does something again for as long as the disk is full. What is done has to be safe to repeat. */
export type Patience = <T>(work: () => Promise<T>) => Promise<T>

const retryMs = 5000
/** What git, in its own words, says of a full disk. */
const fullInWords = /No space left on device|Disk quota exceeded/

/** For what people ask for: they are told at once. */
export const impatient: Patience = async (work) => await work()

/**
 * @param signal ends the waiting with the failure
 * @param onFull called when something begins to wait, and with `false` when it went through
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
