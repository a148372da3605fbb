/** Listens to the events of a streamed answer, and gives up when it falls silent. */
import { toMessage } from "@aura/core"
import { isObject, type Json, objectOf, parseObject, textOf } from "./json.ts"
import { rootMessage } from "./network.ts"
import type { Fault } from "./policy.ts"
import { createEventReader, type ServerSentEvent } from "./sse.ts"

/** The events one packet brought, or what went wrong. */
export type Heard = { events: Json[] } | { fault: Fault }

export type Silence = {
  /** The longest wait for any sign of life, once the reply has begun. */
  stallMs: number
  /** The longest wait for the first event, or for more than signs of life. */
  patienceMs: number
  now: () => number
  /** Ends the connection. */
  hangUp: () => void
  /** What the events of one packet mean; those of the Messages API by default. */
  read?: (sent: ServerSentEvent[]) => { events: Json[]; fault?: Fault }
}

/** After its last event a stream should end by itself; only then can its connection be used again. */
const goodbyeMs = 250
/** The longest reply on the wire: several times what the longest one of any model takes. */
const maxBytes = 64 * 1024 * 1024

export async function* listen(
  response: Response,
  { stallMs, patienceMs, now, hangUp, read = readMessagesEvents }: Silence,
  isComplete: () => boolean,
): AsyncGenerator<Heard> {
  const body = response.body?.getReader()
  if (!body) return yield { fault: { message: "the answer was empty" } }
  const readEvents = createEventReader()
  const readChunk = (chunk: Uint8Array) => {
    try {
      return read(readEvents(chunk))
    } catch (error) {
      return { events: [], fault: { message: toMessage(error) } }
    }
  }
  let begun = false
  let newsAt = now()
  let bytes = 0
  while (true) {
    const untilNewsMs = newsAt + patienceMs - now()
    const limitMs = isComplete() ? goodbyeMs : begun ? Math.min(stallMs, untilNewsMs) : untilNewsMs
    const heard = await within(limitMs, hangUp, () => body.read())
    if ("value" in heard) {
      if (heard.value.done) return
      bytes += heard.value.value.length
      const { events, fault } =
        bytes > maxBytes ? { events: [], fault: endless } : readChunk(heard.value.value)
      begun = true
      if (events.length > 0) newsAt = now()
      if (events.length > 0) yield { events }
      if (!fault) continue
      return yield { fault }
    }
    if (isComplete()) return
    const quietMs = begun && stallMs < untilNewsMs ? stallMs : patienceMs
    const silent = `nothing came from it for ${Math.round(quietMs / 1000)} seconds`
    return yield { fault: { message: heard.isLate ? silent : rootMessage(heard.error) } }
  }
}

const endless: Fault = { message: "its reply does not end" }

/** Waits for something at most so long, then hangs up. */
async function within<T>(
  ms: number,
  hangUp: () => void,
  wait: () => Promise<T>,
): Promise<{ value: T } | { error: unknown; isLate: boolean }> {
  let isLate = false
  const giveUp = () => {
    isLate = true
    hangUp()
  }
  if (ms <= 0) {
    giveUp()
    return { error: undefined, isLate }
  }
  const timer = setTimeout(giveUp, ms)
  try {
    return { value: await wait() }
  } catch (error) {
    return { error, isLate }
  } finally {
    clearTimeout(timer)
  }
}

/** Pings are signs of life, not news. */
function readMessagesEvents(sent: ServerSentEvent[]): { events: Json[]; fault?: Fault } {
  const events: Json[] = []
  for (const { event, data } of sent) {
    if (event === "ping") continue
    const parsed = parseObject(data)
    if (!parsed) return { events, fault: { message: "it sent something that is no JSON" } }
    if (parsed.type === "ping") continue
    if (event === "error" || parsed.type === "error") return { events, fault: toFault(parsed) }
    events.push(parsed)
  }
  return { events }
}

function toFault(body: Json): Fault {
  const error = isObject(body.error) ? body.error : body
  const code = textOf(objectOf(error.details).error_code)
  return { type: textOf(error.type), code, message: textOf(error.message) || "it reported an error" }
}
