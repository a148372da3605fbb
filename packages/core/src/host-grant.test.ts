import { describe, expect, it } from "vitest"
import { formatPlace, isGranted, readPlace } from "./host-grant.ts"

const format = (text: string) => {
  const place = readPlace(text)
  return place && formatPlace(place)
}

describe("a place of the network", () => {
  it.each([
    ["Registry.NPMjs.org", "registry.npmjs.org"],
    ["registry.npmjs.org.", "registry.npmjs.org"],
    ["registry.npmjs.org:8443", "registry.npmjs.org:8443"],
    ["example.com:80", "example.com:80"],
    ["example.com.:0443", "example.com:443"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["ＥＸＡＭＰＬＥ.com", "example.com"],
    ["example。com", "example.com"],
    ["2130706433", "127.0.0.1"],
    ["0x7f.1", "127.0.0.1"],
    ["0177.0.0.1", "127.0.0.1"],
    ["127.1:9000", "127.0.0.1:9000"],
    ["127.0.0.1.", "127.0.0.1"],
    ["[::1]", "[::1]"],
    ["::1", "[::1]"],
    ["[0:0:0:0:0:0:0:1]:8080", "[::1]:8080"],
    ["[::FFFF:127.0.0.1]:80", "127.0.0.1:80"],
    ["::ffff:7f00:1", "127.0.0.1"],
    ["_dmarc.example.com", "_dmarc.example.com"],
  ])("%s is %s", (text, place) => {
    expect(format(text)).toBe(place)
    expect(format(place)).toBe(place)
  })

  it.each([
    "",
    ".",
    "..",
    "a..b",
    "https://example.com",
    "example.com/path",
    "user@example.com",
    "*.example.com",
    "example.com:",
    "example.com:0",
    "example.com:65536",
    "example.com:http",
    "example.com:80:80x",
    "exa%6dple.com",
    "example.com\0.evil.example",
    "example.com evil.example",
    "example.com\n",
    "256.256.256.256",
    "[::1",
    "[::1%25eth0]",
    "-a.example",
    "a".repeat(400),
  ])("%j is none", (text) => {
    expect(readPlace(text)).toBeUndefined()
  })
})

describe("a grant", () => {
  it("without a port stands for 80 and 443, with one for exactly that", () => {
    const ports = (grant: string) => [80, 443, 8080].filter((port) => isGranted([grant], "a.example", port))
    expect(ports("a.example")).toEqual([80, 443])
    expect(ports("A.example.")).toEqual([80, 443])
    expect(ports("a.example:8080")).toEqual([8080])
    expect(ports("a.example:443")).toEqual([443])
    expect(ports("b.example")).toEqual([])
  })

  it("stands for itself, not for what is below or above it", () => {
    expect(isGranted(["a.example"], "b.a.example", 443)).toBe(false)
    expect(isGranted(["b.a.example"], "a.example", 443)).toBe(false)
  })

  it("that cannot be read grants nothing", () => {
    expect(isGranted(["https://a.example", "*", ""], "a.example", 443)).toBe(false)
  })
})
