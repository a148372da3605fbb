import { expect, it } from "vitest"
import { setUp } from "./_processes.ts"

it("qualify tells proven work from claims, offline", async () => {
  const aura = await setUp()
  const { code, stdout } = await aura.start("qualify", "--only", "off by one", "--json").ended
  expect(code).toBe(0)
  const { rows, wrong } = JSON.parse(stdout)
  expect(wrong).toBe(0)
  expect(rows).toEqual([
    expect.objectContaining({ who: "honest", isClaimed: true, isMet: true }),
    expect.objectContaining({ who: "passes without the work", isClaimed: false, isMet: false }),
    expect.objectContaining({ who: "a report written by hand", isClaimed: false, isMet: false }),
  ])
})

it("qualify spends nothing unless it is told how much", async () => {
  const aura = await setUp()
  expect(await aura.start("qualify", "--live").ended).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--budget USD"),
  })
  expect(await aura.start("qualify", "--only", "nothing").ended).toMatchObject({ code: 2 })
})
