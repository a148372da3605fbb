import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { forecast, learn, type Past, type Planned, sizeOf } from "./projection.ts"

const past = (costUsd: number, more: Partial<Past> = {}): Past => ({
  size: 1,
  costUsd,
  minutes: 10,
  isHere: true,
  ...more,
})
const planned = (more: Partial<Planned> = {}): Planned => ({
  taskId: "t",
  size: 1,
  spentUsd: 0,
  spentMinutes: 0,
  ...more,
})
const costOf = (rates: ReturnType<typeof learn>, ...tasks: Planned[]) =>
  forecast(tasks.length > 0 ? tasks : [planned()], rates).remaining.costUsd

describe("the projection of a plan", () => {
  it("begins with the usual cost of a task by its size", () => {
    const rates = learn([], 1, 0)
    const small = costOf(rates)
    const large = costOf(rates, planned({ size: 3 }))
    expect(small?.expected).toBeCloseTo(Math.exp(0.7 ** 2 / 2), 5)
    expect(large?.expected).toBeCloseTo(3 * (small?.expected ?? 0), 5)
  })

  it("follows what tasks have cost here, and earlier projects half as much", () => {
    const usual = costOf(learn([], 1, 0))?.expected ?? 0
    const elsewhere = costOf(learn([past(5, { isHere: false })], 1, 0))?.expected ?? 0
    const here = costOf(learn([past(5)], 1, 0))?.expected ?? 0
    expect(usual).toBeLessThan(elsewhere)
    expect(elsewhere).toBeLessThan(here)
    const many = costOf(
      learn(
        Array.from({ length: 200 }, () => past(5)),
        1,
        0,
      ),
    )
    expect(many?.expected).toBeGreaterThan(4.8)
    expect(many?.expected).toBeLessThan(5.2)
  })

  it("is surer the more tasks are finished, and of many tasks surer than of one", () => {
    const width = (range: ReturnType<typeof costOf>) => (range ? range.high / range.low : 0)
    const few = learn([past(1)], 1, 0)
    const many = learn(
      Array.from({ length: 30 }, () => past(1)),
      1,
      0,
    )
    expect(width(costOf(many))).toBeLessThan(width(costOf(few)))
    const ten = Array.from({ length: 10 }, () => planned())
    expect(width(costOf(few, ...ten))).toBeLessThan(width(costOf(few)))
  })

  it("counts what a begun task has cost, and never that it ends for less", () => {
    const rates = learn([], 1, 0)
    const { tasks, remaining } = forecast([planned({ spentUsd: 8, spentMinutes: 90 })], rates)
    expect(tasks[0]?.costUsd).toEqual({ low: 8, expected: 10, high: 16 })
    expect(remaining.costUsd?.expected).toBeCloseTo(2, 5)
    expect(tasks[0]?.minutes.low).toBe(90)
  })

  it("adds reviews and proofs", () => {
    const without = costOf(learn([], 1, 0))?.expected ?? 0
    expect(costOf(learn([], 1, 0.5))?.expected).toBeCloseTo(without * 1.5, 5)
  })

  it("has no price where nobody knows one, but minutes", () => {
    const rates = learn([past(0)], null)
    expect(forecast([planned()], rates)).toMatchObject({
      tasks: [{ costUsd: null }],
      remaining: { costUsd: null, minutes: { expected: expect.any(Number) } },
    })
    expect(costOf(learn([past(2)], null))?.expected).toBeGreaterThan(1)
  })

  it("of no tasks is nothing", () => {
    const nothing = { low: 0, expected: 0, high: 0 }
    expect(forecast([], learn([], 1))).toEqual({
      tasks: [],
      remaining: { costUsd: nothing, minutes: nothing },
    })
  })

  it("is in order whatever was paid: low, expected, high, all finite and not below nothing", () => {
    const usd = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e6, noNaN: true }))
    const size = fc.double({ min: 0.5, max: 6, noNaN: true })
    const one = fc.record({
      size,
      costUsd: usd,
      minutes: fc.option(usd, { nil: undefined }),
      isHere: fc.boolean(),
    })
    const task = fc.record({ taskId: fc.string(), size, spentUsd: usd, spentMinutes: usd })
    fc.assert(
      fc.property(fc.array(one), fc.array(task), fc.option(usd, { nil: null }), (done, tasks, usual) => {
        const found = forecast(tasks, learn(done, usual))
        for (const { costUsd, minutes } of [...found.tasks, found.remaining])
          for (const range of [minutes, ...(costUsd ? [costUsd] : [])]) {
            expect(Object.values(range).every(Number.isFinite)).toBe(true)
            expect(range.low).toBeGreaterThanOrEqual(0)
            expect(range.low).toBeLessThanOrEqual(range.high)
          }
      }),
    )
  })

  it("takes a task for larger the more is said, checked and proven by it, within bounds", () => {
    const task = { description: "x".repeat(300), checks: ["a"], requirementIds: ["R1"] }
    expect(sizeOf(task)).toBeGreaterThan(0.9)
    expect(sizeOf(task)).toBeLessThan(1.3)
    expect(sizeOf({ ...task, requirementIds: ["R1", "R2", "R3"] })).toBeGreaterThan(sizeOf(task))
    expect(sizeOf({ ...task, description: "x".repeat(90_000) })).toBe(6)
  })
})
