import { crashPoints } from "@aura/engine"
import { parseScreenplay, startModelServer } from "@aura/model"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openJob, play } from "./_job.ts"

const model = await startModelServer({ screenplay: parseScreenplay(JSON.stringify(play)), port: 0 })
afterAll(() => model.close())

/** AURA_TORTURE: so many random kills, and every point in a job of its own. */
const torture = Number(process.env.AURA_TORTURE ?? 0)
/** AURA_SEED repeats a run that failed: it chooses the points, and the moments of random kills. */
const seed = Number(process.env.AURA_SEED ?? Date.now() % 1_000_000)
const share = 3
const tried = torture > 0 ? crashPoints : crashPoints.filter((_point, i) => i % share === seed % share)
const jobs = torture > 0 ? crashPoints.length : 3

let undisturbed: object
beforeAll(async () => {
  const job = openJob(model)
  expect(await job.start().ended).toMatchObject({ code: 0 })
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
        ["Fix", "done", 1, "Done.", 2],
        ["Retry", "done", 2, "Done.", 2],
        ["Tidy", "done", 1, "Done.", 1],
      ],
      heldOut: [
        ["The base says one and two", "active", true],
        ["The right file is there", "active", true],
      ],
      proofs: [["proven", 2]],
      verdicts: [1, 1, 1, 1, 1],
      unfinished: 0,
      commits: ["Base", "Generate", "Fix", "Retry", "Tidy"],
      owners: ["Base", "Generate", "Fix", "Retry", "Tidy"],
      status: "",
    })
  })

  // One after the other in a few jobs: each start is killed at the next point, the last one ends the job.
  const orders = Array.from({ length: jobs }, (_, first) => {
    const points = tried.filter((_point, i) => i % jobs === first)
    return { points, names: points.join(" ") }
  })
  const patient = { timeout: 900_000 + torture * 10_000 }
  it.concurrent.for(orders)(
    "ends where it does: $names",
    patient,
    async ({ points }, { expect, onTestFinished }) => {
      const job = openJob(model)
      onTestFinished(job.close)
      for (const point of points) {
        const { signal, stderr } = await job.start({ crashAt: `${point}:1` }).ended
        expect(signal, `AURA_SEED=${seed}: ${point} was not reached: ${stderr}`).toBe("SIGKILL")
      }
      expect(await job.start().ended, `AURA_SEED=${seed}: ${points.join(", ")}`).toMatchObject({ code: 0 })
      expect(await job.result()).toEqual(undisturbed)
      await expect.poll(() => job.processes()).toEqual([])
    },
  )

  it("gives a task up that kills Aura again and again at one place, and goes on with the rest", async ({
    onTestFinished,
  }) => {
    const job = openJob(model)
    onTestFinished(job.close)
    for (let death = 0; death < 5; death++)
      expect((await job.start({ crashAt: "work.request:1" }).ended).signal).toBe("SIGKILL")
    const { code, stdout } = await job.start().ended
    expect(code).toBe(3)
    expect(stdout).toContain("blocked: Aura was killed 5 times in a row")
    expect(await job.result()).toMatchObject({ commits: ["Retry"], unfinished: 0 })
  })

  it("ends there after kills at random moments, one after the other", async ({ onTestFinished }) => {
    const random = createRandom(seed)
    for (let left = torture || 4; left > 0; ) {
      const job = openJob(model)
      onTestFinished(job.close)
      const delays: number[] = []
      let code: number | null = null
      while (code === null) {
        const { child, ended } = job.start()
        // Most of what a start needs before it works is over by then.
        const delay = Math.round(300 + random() * 500)
        // Fewer than the deaths at one place that block a task: on some machines all of them fall on the same one.
        const mayKill = delays.length < 4 && left-- > 0
        const timer = mayKill ? setTimeout(() => child.kill("SIGKILL"), delay) : undefined
        if (timer) delays.push(delay)
        const end = await ended
        clearTimeout(timer)
        code = end.code
        expect(end.signal === "SIGKILL" || code === 0, `AURA_SEED=${seed}: ${end.stderr}`).toBe(true)
      }
      const story = `AURA_SEED=${seed}, killed after ${delays.join(", ")} ms`
      expect(await job.result(), story).toEqual(undisturbed)
      await expect.poll(() => job.processes(), { message: story }).toEqual([])
      job.close()
    }
  }, 900_000)
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
