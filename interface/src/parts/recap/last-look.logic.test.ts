import { expect, it } from "vitest"
import { leave, look, readLook, writeLook } from "./last-look.logic.ts"

const minute = 60_000

it("knows nobody was away at the first look, or after a short while", () => {
  expect(look(undefined, minute)).toEqual({ seenAt: minute })
  expect(look({ seenAt: minute }, 15 * minute)).toEqual({ seenAt: 15 * minute })
})

it("keeps since when a person was away until they dismiss it", () => {
  const back = look({ seenAt: minute }, 100 * minute)
  expect(back).toEqual({ seenAt: 100 * minute, awaySince: minute })
  expect(look(back, 500 * minute)).toEqual({ seenAt: 500 * minute, awaySince: minute })
})

it("reads what it wrote, and nothing of what is damaged", () => {
  for (const last of [{ seenAt: 5 }, { seenAt: 9, awaySince: 5 }])
    expect(readLook(writeLook(last))).toEqual(last)
  expect([readLook(null), readLook(""), readLook("x y")]).toEqual([undefined, undefined, undefined])
})

it("takes nobody for away who looked for hours", () => {
  const left = leave(look(undefined, minute), 300 * minute)
  expect(look(left, 301 * minute)).toEqual({ seenAt: 301 * minute })
  expect(leave({ seenAt: 9, awaySince: 5 }, 10)).toEqual({ seenAt: 10, awaySince: 5 })
})
