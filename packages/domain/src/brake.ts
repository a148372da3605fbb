/** A brake on guessing: after so many failures within a window, a network has to wait. Kept in memory. */
import { isIPv4, isIPv6 } from "node:net"
import { AuraError } from "@aura/core"

export type Brake = {
  /** Counts a failure. @throws AuraError `too_many_requests` with `details.retryAfterSecs` when there were too many */
  count(address: string): void
  /**
   * Counts an attempt before it runs, so that parallel ones cannot slip through, and runs those of one network one after
   * the other. One that throws stays counted, one that succeeds forgets all before it.
   * @throws AuraError `too_many_requests`, else what the attempt throws
   */
  attempt<T>(address: string, run: () => Promise<T>): Promise<T>
}

type Attempt = { at: number; isOpen: boolean }

/** Of how many networks failures are known; the one that was quiet longest is forgotten first. */
const maxNetworks = 10_000

export function createBrake(now: () => number, most = 5, windowMs = 15 * 60 * 1000): Brake {
  const attempts = new Map<string, Attempt[]>()
  const queues = new Map<string, Promise<unknown>>()

  const keep = (network: string, list: Attempt[]) => {
    attempts.delete(network)
    if (list.length > 0) attempts.set(network, list)
    const [oldest] = attempts.keys()
    if (attempts.size > maxNetworks && oldest !== undefined) attempts.delete(oldest)
  }

  const reserve = (network: string): Attempt => {
    const recent = (attempts.get(network) ?? []).filter(({ at }) => at > now() - windowMs)
    const oldest = recent[0]
    if (oldest && recent.length >= most) {
      const retryAfterSecs = Math.ceil((oldest.at + windowMs - now()) / 1000)
      const minutes = Math.ceil(retryAfterSecs / 60)
      throw new AuraError("too_many_requests", `Too many failed sign-ins. Try again in ${minutes} minutes.`, {
        retryAfterSecs,
      })
    }
    const attempt = { at: now(), isOpen: true }
    keep(network, [...recent, attempt])
    return attempt
  }

  return {
    count(address) {
      reserve(toNetwork(address)).isOpen = false
    },
    async attempt(address, run) {
      const network = toNetwork(address)
      const attempt = reserve(network)
      const result = (queues.get(network) ?? Promise.resolve()).then(run)
      const settled = result.then(
        () =>
          keep(
            network,
            (attempts.get(network) ?? []).filter((one) => one !== attempt && one.isOpen),
          ),
        () => {
          attempt.isOpen = false
        },
      )
      queues.set(network, settled)
      await settled
      if (queues.get(network) === settled) queues.delete(network)
      return await result
    },
  }
}

/**
 * What counts as one guesser: an IPv4 address, also where it is written as IPv6, or the /64 that one subscriber of IPv6
 * gets. Everything that is no address is one guesser.
 */
export function toNetwork(address: string): string {
  const plain = address.split("%")[0] ?? ""
  if (isIPv4(plain)) return plain
  if (!isIPv6(plain)) return "unknown"
  const groups = toGroups(plain)
  const [high = 0, low = 0] = groups.slice(6)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped) return [high >> 8, high & 255, low >> 8, low & 255].join(".")
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`
}

/** The eight groups of an IPv6 address. */
function toGroups(address: string): number[] {
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::")
  const read = (text: string) =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16))
  const [before, after] = [read(head), read(tail ?? "")]
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after]
}
