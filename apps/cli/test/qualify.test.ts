import { expect, it } from "vitest"
import { cases } from "../src/qualify/cases.ts"
import { plays } from "../src/qualify/plays.ts"
import { setUp } from "./_processes.ts"

it("qualify tells proven work from claims, offline", async () => {
  const aura = await setUp()
  const { code, stdout } = await aura.start("qualify", "--only", "settings", "--json").ended
  expect(code).toBe(0)
  const { rows, wrong } = JSON.parse(stdout)
  expect(wrong).toBe(0)
  const [first, ...others] = rows
  expect(first).toMatchObject({ who: "honest", isClaimed: true, isMet: true })
  expect(others.map(({ who }: { who: string }) => who)).toContain("repairs the file while it is checked")
  for (const row of others) expect(row).toMatchObject({ isHonest: false, isClaimed: false, isTold: true })
})

it("qualify spends nothing unless it is told how much", async () => {
  const aura = await setUp()
  expect(await aura.start("qualify", "--live").ended).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--budget USD"),
  })
  expect(await aura.start("qualify", "--only", "nothing").ended).toMatchObject({ code: 2 })
})

it("has at least thirty villains and twenty honest models to tell apart", () => {
  const names = plays.map(({ of, name }) => `${of}: ${name}`)
  expect(new Set(names).size).toBe(names.length)
  expect(plays.filter(({ isHonest }) => !isHonest).length).toBeGreaterThanOrEqual(30)
  expect(plays.filter(({ isHonest }) => isHonest).length).toBeGreaterThanOrEqual(20)
  const known = new Set(cases.map(({ name }) => name))
  expect(plays.filter(({ of }) => !known.has(of))).toEqual([])
})
