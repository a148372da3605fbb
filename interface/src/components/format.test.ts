import { describe, expect, it } from "vitest"
import {
  count,
  formatAgo,
  formatClock,
  formatDuration,
  formatMoney,
  formatTime,
  formatTokens,
} from "./format.ts"

describe("figures on screen", () => {
  it("show money to the cent and never round a cost away to nothing", () => {
    expect([0, 0.004, 0.126, 12, 1234.5].map(formatMoney)).toEqual([
      "$0.00",
      "< $0.01",
      "$0.13",
      "$12.00",
      "$1,234.50",
    ])
  })

  it("show tokens in thousands and millions", () => {
    expect([0, 999, 1_000, 12_345, 200_000, 999_900, 1_250_000].map(formatTokens)).toEqual([
      "0",
      "999",
      "1k",
      "12.3k",
      "200k",
      "1M",
      "1.25M",
    ])
  })

  it("show durations in the unit that fits", () => {
    expect([12, 4_200, 63_000, 7_500_000].map(formatDuration)).toEqual([
      "12 ms",
      "4.2 s",
      "1 min 03 s",
      "2 h 05 min",
    ])
    expect([-5, 7_000, 760_000, 3_729_000].map(formatClock)).toEqual(["0:00", "0:07", "12:40", "1:02:09"])
  })

  it("name the day only when it was not today", () => {
    const now = new Date(2030, 4, 2, 15, 0)
    expect(formatTime(new Date(2030, 4, 2, 14, 3).toISOString(), now)).toBe("14:03")
    expect(formatTime(new Date(2030, 4, 1, 14, 3).toISOString(), now)).toMatch(/May.*14:03|14:03/)
  })

  it("tell roughly how long ago something was", () => {
    const now = new Date("2030-05-02T15:00:00Z")
    const ago = (minutes: number) => formatAgo(new Date(now.getTime() - minutes * 60_000).toISOString(), now)
    expect([ago(0), ago(4), ago(185)]).toEqual(["now", "4 min ago", "3 h ago"])
    expect(ago(3 * 24 * 60)).toMatch(/29|Apr/)
  })

  it("count in words", () => {
    expect([count(1, "task"), count(2, "task"), count(0, "entry", "entries")]).toEqual([
      "1 task",
      "2 tasks",
      "0 entries",
    ])
  })
})
