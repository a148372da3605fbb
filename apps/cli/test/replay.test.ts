import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { parseScreenplay, startModelServer } from "@aura/model"
import { afterAll, expect, it, onTestFinished } from "vitest"
import { openJob, play } from "./_job.ts"

const model = await startModelServer({ screenplay: parseScreenplay(JSON.stringify(play)), port: 0 })
const job = openJob(model)
const aura = async (...args: string[]) => await job.start({ args }).ended
afterAll(async () => {
  job.close()
  await model.close()
})

it("plays a run that was killed again, without asking the model, and writes it down", async () => {
  expect(await job.start({ crashAt: "work.ran:4" }).ended).toMatchObject({ signal: "SIGKILL" })
  expect(await aura("replay", "ws")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("is not finished. Let it come to its end"),
  })
  expect(await job.start().ended).toMatchObject({ code: 0 })
  const asked = model.requests.length
  const { code, stdout } = await aura("replay", "ws", "--json")
  expect(code).toBe(0)
  const result = await job.result()
  expect(JSON.parse(stdout)).toMatchObject({
    result: "same",
    tasks: 5,
    ...("tree" in result && { tree: result.tree }),
  })
  expect(model.requests).toHaveLength(asked)
  const folder = mkdtempSync(join(tmpdir(), "aura-play-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, "play.json")
  expect((await aura("replay", "ws", "--screenplay", file)).stdout).toContain(`scenes are in ${file}`)
  expect(parseScreenplay(readFileSync(file, "utf8")).scenes.length).toBeGreaterThan(5)
})

it("goes on with the model of the environment after a turn, in a place of its own", async () => {
  const [asked, before] = [model.requests.length, await job.result()]
  const { code, stdout, stderr } = await aura("replay", "ws", "--fork", "10")
  const place = /^The folder: (.+)$/m.exec(stdout)?.[1] ?? ""
  onTestFinished(() => rmSync(dirname(place), { recursive: true, force: true }))
  expect(stdout).toContain("halted after turn 10")
  expect(stderr).toContain("All 5 tasks are done")
  expect(code).toBe(0)
  expect(model.requests.length).toBeGreaterThan(asked)
  expect(await job.result()).toEqual(before)
})

it("refuses what is no project and no turn of it", async () => {
  for (const wrong of [["replay"], ["replay", "absent"], ["replay", "ws", "--until", "999"]])
    expect(await aura(...wrong)).toMatchObject({ code: 2 })
  // Held-out checks do not come near the agent.
  expect(await aura("replay", "ws", "--screenplay", "ws/play.json")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("held-out checks"),
  })
})
