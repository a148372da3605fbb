import { describe, expect, it } from "vitest"
import { createBrake, toNetwork } from "./brake.ts"

function setUp(most = 5) {
  let at = 1_000_000
  const brake = createBrake(() => at, most, 60_000)
  const fail = () => Promise.reject(new Error("wrong"))
  const outcome = (address: string, run: () => Promise<unknown> = fail) =>
    brake.attempt(address, run).then(
      () => "right",
      (thrown: Error) => (thrown.message === "wrong" ? "wrong" : "refused"),
    )
  const pass = (ms: number) => {
    at += ms
  }
  return { brake, outcome, pass }
}

describe("a brake", () => {
  it("lets 5 of 120 parallel guesses be tried, one at a time", async () => {
    const { outcome } = setUp()
    let [running, most, tried] = [0, 0, 0]
    const guess = async () => {
      tried++
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      throw new Error("wrong")
    }
    const outcomes = await Promise.all(Array.from({ length: 120 }, () => outcome("192.0.2.1", guess)))
    expect([tried, most]).toEqual([5, 1])
    expect(outcomes.filter((one) => one === "refused")).toHaveLength(115)
  })

  it("refuses also the right answer after too many wrong ones, until the window has passed", async () => {
    const { outcome, pass } = setUp()
    for (let i = 0; i < 5; i++) await outcome("192.0.2.1")
    expect(await outcome("192.0.2.1", async () => "in")).toBe("refused")
    expect(await outcome("192.0.2.2", async () => "in")).toBe("right")
    pass(60_001)
    expect(await outcome("192.0.2.1", async () => "in")).toBe("right")
  })

  it("forgets failures after a success, but not the attempts that are still under way", async () => {
    const { outcome } = setUp(3)
    await outcome("192.0.2.1")
    const mixed = await Promise.all([outcome("192.0.2.1", async () => "in"), outcome("192.0.2.1")])
    expect(mixed).toEqual(["right", "wrong"])
    expect([await outcome("192.0.2.1"), await outcome("192.0.2.1"), await outcome("192.0.2.1")]).toEqual([
      "wrong",
      "wrong",
      "refused",
    ])
  })

  it("counts the /64 of IPv6 as one, and IPv4 written as IPv6 as IPv4", async () => {
    const { outcome } = setUp()
    for (let i = 0; i < 5; i++) await outcome(`2001:db8:1:2::${i + 1}`)
    expect(await outcome("2001:db8:1:2:ffff::9")).toBe("refused")
    expect(await outcome("2001:db8:1:3::1")).toBe("wrong")
    for (let i = 0; i < 5; i++) await outcome("::ffff:192.0.2.9")
    expect(await outcome("192.0.2.9")).toBe("refused")
  })

  it("forgets the network that was quiet longest, never all at once", async () => {
    const { brake, outcome } = setUp()
    for (let i = 0; i < 5; i++) await outcome("192.0.2.1")
    for (let i = 0; i < 9_999; i++) brake.count(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)
    expect(await outcome("192.0.2.1")).toBe("refused")
    for (let i = 0; i < 5; i++) await outcome("198.51.100.1")
    expect([await outcome("198.51.100.1"), await outcome("192.0.2.1")]).toEqual(["refused", "wrong"])
  })

  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["::1", "0:0:0:0::/64"],
    ["2001:DB8::1", "2001:db8:0:0::/64"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::ffff:1.2.3.4", "1.2.3.4"],
    ["::ffff:102:304", "1.2.3.4"],
    ["0:0:0:0:0:FFFF:1.2.3.4", "1.2.3.4"],
    ["unknown", "unknown"],
    ["", "unknown"],
    ["1.2.3.4, 5.6.7.8", "unknown"],
  ])("takes %s for %s", (address, network) => {
    expect(toNetwork(address)).toBe(network)
  })
})
