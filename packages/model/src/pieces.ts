/** The pieces of a streamed reply on their way to who listens. */
import type { StreamedEvent } from "./attempts.ts"

/** Joins neighbouring pieces of the same stream, so that listeners hear one event a network packet. */
export function joinPieces(events: StreamedEvent[]): StreamedEvent[] {
  const joined: StreamedEvent[] = []
  for (const event of events) {
    const last = joined.at(-1)
    if (event.type === "text" && last?.type === "text") last.text += event.text
    else if (event.type === "thinking" && last?.type === "thinking") last.text += event.text
    else if (event.type === "tool_input" && last?.type === "tool_input" && last.index === event.index) {
      last.json += event.json
    } else if (!isEmpty(event)) joined.push(event)
  }
  return joined
}

function isEmpty(event: StreamedEvent): boolean {
  if (event.type === "tool_start" || event.type === "notice") return false
  return (event.type === "tool_input" ? event.json : event.text) === ""
}
