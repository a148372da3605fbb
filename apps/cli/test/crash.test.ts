import { parseScreenplay, startModelServer } from "@aura/claude"
import { crashPoints } from "@aura/engine"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openJob, play } from "./_job.ts"

const model = await startModelServer({ screenplay: parseScreenplay(JSON.stringify(play)), port: 0 })
afterAll(() => model.close())

/** AURA_TORTURE: so many random kills, and every point in a job of its own. */
const torture = Number(process.env.AURA_TORTURE ?? 0)
const jobs = torture > 0 ? crashPoints.length : 6

let undisturbed: object
let durationMs = 0
beforeAll(async () => {
  const job = openJob(model)
  const startedAt = performance.now()
  expect(await job.start().ended).toMatchObject({ code: 0 })
  durationMs = performance.now() - startedAt
  undisturbed = await job.result()
  job.close()
})

describe("kill -9 at any point", () => {
  it("has an undisturbed run to compare with", () => {
    expect(undisturbed).toMatchObject({
      specs: ["Core"],
      tasks: [
        ["Base", "done", 1, "Done.", 3],
        ["Generate", "done", 1, "Done.", 1],
        ["Mend", "done", 1, "Done.", 2],
        ["Retry", "done", 2, "Done.", 2],
        ["Tidy", "done", 1, "Done.", 1],
      ],
      unfinished: 0,
      commits: ["Base", "Generate", "Mend", "Retry", "Tidy"],
      owners: ["Base", "Generate", "Mend", "Retry", "Tidy"],
      status: "",
    })
  })

  // One after the other in a few jobs: each start is killed at the next point, the last one ends the job.
  const orders = Array.from({ length: jobs }, (_, first) => ({
    points: crashPoints.filter((_point, i) => i % jobs === first),
  }))
  it.concurrent.for(orders)("ends where it does: $points", async ({ points }, { expect, onTestFinished }) => {
    const job = openJob(model)
    onTestFinished(job.close)
    for (const point of points) {
      const { signal, stderr } = await job.start({ crashAt: `${point}:1` }).ended
      expect(signal, `${point} was not reached: ${stderr}`).toBe("SIGKILL")
    }
    expect(await job.start().ended, points.join(", ")).toMatchObject({ code: 0 })
    expect(await job.result()).toEqual(undisturbed)
    await expect.poll(() => job.processes()).toEqual([])
  })

  it("ends there after many kills at random moments", async ({ onTestFinished }) => {
    const seed = Number(process.env.AURA_SEED ?? Date.now() % 1_000_000)
    const random = createRandom(seed)
    const job = openJob(model)
    onTestFinished(job.close)
    const delays: number[] = []
    for (let kill = 0; kill < (torture || 12); kill++) {
      const { child, ended } = job.start()
      const delay = Math.round(300 + random() * Math.min(durationMs, 900))
      delays.push(delay)
      const timer = setTimeout(() => child.kill("SIGKILL"), delay)
      const { code, signal, stderr } = await ended
      clearTimeout(timer)
      expect(signal === "SIGKILL" || code === 0, `seed ${seed}: ${stderr}`).toBe(true)
    }
    const story = `seed ${seed}, killed after ${delays.join(", ")} ms`
    expect(await job.start().ended, story).toMatchObject({ code: 0 })
    expect(await job.result(), story).toEqual(undisturbed)
    await expect.poll(() => job.processes(), { message: story }).toEqual([])
  }, 600_000)
})

describe("one data directory", () => {
  it("has one server: a second is refused with exit code 2 and one clear line", async ({
    onTestFinished,
  }) => {
    const job = openJob(model)
    onTestFinished(job.close)
    const args = ["serve", "--port", "0"]
    const first = job.start({ args })
    await first.printed("Sign in with")
    const { code, stdout, stderr } = await job.start({ args }).ended
    expect([code, stdout, stderr.trim().split("\n").length]).toEqual([2, "", 1])
    expect(stderr).toContain("data")
    first.child.kill("SIGTERM")
    expect((await first.ended).code).toBe(0)
  })
})

/** A small repeatable generator (xorshift). */
function createRandom(seed: number): () => number {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
