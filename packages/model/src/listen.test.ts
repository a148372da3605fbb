import { describe, expect, test } from "vitest"
import { type Heard, listen } from "./listen.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const frame = (event: { type: string; error?: unknown }) =>
  bytes(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
const ping = frame({ type: "ping" })
const news = frame({ type: "message_start" })

/** Answers with these chunks; then it ends, or stays silent until somebody hangs up. */
function answer(chunks: Uint8Array[], staysOpen: boolean) {
  let end: (error: Error) => void = () => undefined
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      end = (error) => controller.error(error)
      for (const chunk of chunks) controller.enqueue(chunk)
      if (!staysOpen) controller.close()
    },
  })
  return { response: new Response(body), hangUp: () => end(new Error("aborted")) }
}

async function hear(
  chunks: Uint8Array[],
  of: { staysOpen?: boolean; now?: () => number; isComplete?: boolean } = {},
) {
  const { response, hangUp } = answer(chunks, of.staysOpen ?? false)
  const heard: Heard[] = []
  const silence = { stallMs: 20, patienceMs: 300_000, now: of.now ?? (() => 0), hangUp }
  for await (const one of listen(response, silence, () => of.isComplete ?? false)) heard.push(one)
  return heard
}

describe("listening", () => {
  test("ends with the answer", async () => {
    expect(await hear([news])).toEqual([{ events: [{ type: "message_start" }] }])
  })

  test("gives up when a reply that has begun falls silent", async () => {
    expect((await hear([news], { staysOpen: true })).at(-1)).toEqual({
      fault: { message: "nothing came from it for 0 seconds" },
    })
  })

  test("gives up on mere signs of life after five minutes", async () => {
    let time = 0
    const now = () => {
      time += 60_000
      return time
    }
    const heard = await hear([news, ...Array.from({ length: 20 }, () => ping)], { staysOpen: true, now })
    expect(heard.at(-1)).toEqual({ fault: { message: "nothing came from it for 300 seconds" } })
  })

  test("takes a connection that stays open after the last event for no fault", async () => {
    expect(await hear([news], { staysOpen: true, isComplete: true })).toEqual([
      { events: [{ type: "message_start" }] },
    ])
  })

  test("reports an error the provider puts into the stream", async () => {
    const error = frame({
      type: "error",
      error: { type: "overloaded_error", message: "Overloaded" },
    })
    expect(await hear([news, error])).toEqual([
      { events: [{ type: "message_start" }] },
      { fault: { type: "overloaded_error", code: "", message: "Overloaded" } },
    ])
  })

  test("reports what is no JSON", async () => {
    expect(await hear([bytes("data: {oops\n\n")])).toEqual([
      { fault: { message: "it sent something that is no JSON" } },
    ])
  })
})
