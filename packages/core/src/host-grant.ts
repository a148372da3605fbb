/**
 * Places of the network that commands may reach: `host`, which stands for ports 80 and 443, or `host:port`. One parser
 * reads what a person grants and what a command asks for, so that every spelling of a name is the same name.
 */

export type Place = {
  /** As a URL has it: lower case, punycode, no closing dot; IPv6 in brackets. */
  host: string
  port: number | null
}

const usualPorts = [80, 443]
const name = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/

/** @returns undefined for what names no place */
export function readPlace(text: string): Place | undefined {
  if (text.length > 300 || /[\s/\\@?#%*]/.test(text)) return undefined
  const isBareIpv6 = !text.startsWith("[") && text.split(":").length > 2
  const parts = /^(\[[^\]]*\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(isBareIpv6 ? `[${text}]` : text)
  const host = readHost(parts?.[1] ?? "")
  if (host === undefined) return undefined
  if (parts?.[2] === undefined) return { host, port: null }
  const port = Number(parts[2])
  return port > 0 && port <= 65_535 ? { host, port } : undefined
}

export function formatPlace({ host, port }: Place): string {
  return port === null ? host : `${host}:${port}`
}

/** A host stands for itself, not for what is below it. */
export function isGranted(grants: readonly string[], host: string, port: number): boolean {
  return grants.some((grant) => {
    const place = readPlace(grant)
    if (place?.host !== host) return false
    return place.port === null ? usualPorts.includes(port) : place.port === port
  })
}

function readHost(text: string): string | undefined {
  if (text === "" || !URL.canParse(`http://${text}/`)) return undefined
  const { hostname } = new URL(`http://${text}/`)
  if (hostname.startsWith("[")) return toIpv4(hostname) ?? hostname
  const host = hostname.replace(/\.$/, "")
  return host.length <= 253 && name.test(host) ? host : undefined
}

/** An IPv4 address in the clothes of IPv6 is that IPv4 address. */
function toIpv4(hostname: string): string | undefined {
  const groups = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname)
  if (!groups) return undefined
  return groups
    .slice(1)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((value) => [value >> 8, value & 255])
    .join(".")
}
