/** Listens to the events of a streamed answer, and gives up when it falls silent. */
import { rootMessage } from "./connection.ts"
import { isObject, type Json, objectOf, parseObject, textOf } from "./json.ts"
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
}

/** After its last event a stream should end by itself; only then can its connection be used again. */
const goodbyeMs = 1000

export async function* listen(
  response: Response,
  { stallMs, patienceMs, now, hangUp }: Silence,
  isComplete: () => boolean,
): AsyncGenerator<Heard> {
  const body = response.body?.getReader()
  if (!body) return yield { fault: { message: "the answer was empty" } }
  const readEvents = createEventReader()
  let begun = false
  let newsAt = now()
  while (true) {
    const untilNewsMs = newsAt + patienceMs - now()
    const limitMs = isComplete() ? goodbyeMs : begun ? Math.min(stallMs, untilNewsMs) : untilNewsMs
    let isSilent = false
    const giveUp = () => {
      isSilent = true
      hangUp()
    }
    const timer = setTimeout(giveUp, Math.max(limitMs, 0))
    try {
      const { done, value } = await body.read()
      if (done) return
      const heard = readAll(readEvents(value))
      begun = true
      if ("fault" in heard) return yield heard
      if (heard.events.length > 0) newsAt = now()
      yield heard
    } catch (error) {
      if (isComplete()) return
      const silent = `it fell silent for ${Math.round(limitMs / 1000)} seconds`
      return yield { fault: { message: isSilent ? silent : rootMessage(error) } }
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Pings are signs of life, not news. */
function readAll(sent: ServerSentEvent[]): Heard {
  const events: Json[] = []
  for (const { event, data } of sent) {
    if (event === "ping") continue
    const parsed = parseObject(data)
    if (!parsed) return { fault: { message: "it sent something that is no JSON" } }
    if (parsed.type === "ping") continue
    if (event === "error" || parsed.type === "error") return { fault: toFault(parsed) }
    events.push(parsed)
  }
  return { events }
}

function toFault(body: Json): Fault {
  const error = isObject(body.error) ? body.error : body
  const code = textOf(objectOf(error.details).error_code)
  return { type: textOf(error.type), code, message: textOf(error.message) || "it reported an error" }
}
