import type { LedgerRow, RequirementState } from "@aura/core"
import { expect, it } from "vitest"
import { parseProofSearch, toShare } from "./proof.logic.ts"

const row = (id: string, state: RequirementState): LedgerRow => ({
  id,
  state,
  text: id,
  since: 1,
  earlier: [],
  line: 1,
  unsure: false,
  why: null,
  taskIds: [],
  waiver: null,
})

it("counts waived requirements as settled, and closed ones not at all", () => {
  const items = [row("R1", "proven"), row("R2", "waived"), row("R3", "broken"), row("R4", "closed")]
  const counts = { proven: 1, unproven: 0, in_work: 0, broken: 1, waived: 1, closed: 1 }
  const share = toShare({ version: 1, items, counts })
  expect(share).toMatchObject({ settled: 2, total: 3 })
  expect(share.open.map(({ id }) => id)).toEqual(["R3"])
})

it("takes only states that there are from the address", () => {
  expect(parseProofSearch({ state: "broken", r: "R3" })).toEqual({ state: "broken", r: "R3" })
  expect(parseProofSearch({ state: "fine", r: 3 })).toEqual({})
})
