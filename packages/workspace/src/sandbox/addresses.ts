/** Addresses that a granted name must not lead to: this machine's own, private networks, and what is reserved. */
import { BlockList, isIPv6 } from "node:net"
import { networkInterfaces } from "node:os"

const reserved = new BlockList()
for (const net of [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
])
  addTo(reserved, net)
for (const net of [
  "::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/32",
  "2001:10::/28",
  "2001:20::/28",
  "2001:db8::/32",
  "2002::/16",
  "3fff::/20",
  "5f00::/16",
  "fc00::/7",
  "fe80::/9",
  "ff00::/8",
])
  addTo(reserved, net)

function addTo(list: BlockList, net: string): void {
  const [address = "", prefix] = net.split("/")
  list.addSubnet(address, Number(prefix), familyOf(address))
}

/** True for a public address. The machine's own addresses are read each time, since they change. */
export function isPublic(address: string): boolean {
  const plain = unwrap(address)
  const family = familyOf(plain)
  return !reserved.check(plain, family) && !readOwn().check(plain, family)
}

function readOwn(): BlockList {
  const own = new BlockList()
  for (const one of Object.values(networkInterfaces()).flat())
    if (one) own.addAddress(one.address.split("%", 1).join(""), familyOf(one.address))
  return own
}

/** The IPv4 address inside of a mapped one, or of one that a NAT64 gateway translates. */
function unwrap(address: string): string {
  const plain = address.split("%", 1).join("").toLowerCase()
  if (!isIPv6(plain)) return plain
  const { hostname } = new URL(`http://[${plain}]/`)
  const found = /^\[(?:::ffff:|::ffff:0:|64:ff9b::)(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})\]$/.exec(hostname)
  if (!found) return plain
  const [high = 0, low = 0] = [found[1] ?? "0", found[2] ?? "0"].map((group) => Number.parseInt(group, 16))
  return [high >> 8, high & 255, low >> 8, low & 255].join(".")
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4"
}
