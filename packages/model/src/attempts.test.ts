import { expect, test } from "vitest"
import { sleep } from "./attempts.ts"

const never = new AbortController().signal

test("sleep ends by itself, and at once when it is called off", async () => {
  await sleep(1, never)
  await sleep(60_000, AbortSignal.abort())
  const stop = new AbortController()
  const long = sleep(Number.MAX_SAFE_INTEGER, stop.signal)
  const first = await Promise.race([long.then(() => "too early"), sleep(5, never).then(() => "still asleep")])
  expect(first).toBe("still asleep")
  stop.abort()
  await long
})

test("sleep is over when the clock says so: the machine was asleep itself", async () => {
  let time = 0
  const now = () => {
    time += 3_600_000
    return time
  }
  await sleep(900_000, never, { now, step: 1 })
})

test("sleep is not prolonged by a clock that is set back", async () => {
  let time = 0
  const now = () => {
    time -= 86_400_000
    return time
  }
  await sleep(20, never, { now, step: 5 })
})
