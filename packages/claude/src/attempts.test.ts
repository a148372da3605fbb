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
