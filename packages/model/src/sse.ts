/** Server-sent events, read chunk by chunk as they come from the wire. */

export type ServerSentEvent = { event: string; data: string }

/** The longest event, in UTF-16 units: many times what the longest reply of any model takes. */
export const longestEvent = 16 * 1024 * 1024

/**
 * Makes a reader that keeps what is unfinished and returns the events each chunk completes. It looks at each character
 * once, however the chunks fall.
 * @throws Error when an event is longer than `longest`
 */
export function createEventReader(longest = longestEvent): (chunk: Uint8Array) => ServerSentEvent[] {
  const decoder = new TextDecoder()
  let pieces: string[] = []
  let lines: string[] = []
  let length = 0

  return (chunk) => {
    const text = decoder.decode(chunk, { stream: true })
    const events: ServerSentEvent[] = []
    let start = 0
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      pieces.push(text.slice(start, end))
      const whole = pieces.length === 1 ? (pieces[0] ?? "") : pieces.join("")
      const line = whole.endsWith("\r") ? whole.slice(0, -1) : whole
      pieces = []
      length += end - start
      start = end + 1
      if (length > longest) throw tooLong()
      if (line !== "") {
        lines.push(line)
        continue
      }
      events.push(...readFrame(lines))
      lines = []
      length = 0
    }
    const rest = text.slice(start)
    if (rest !== "") pieces.push(rest)
    length += rest.length
    if (length > longest) throw tooLong()
    return events
  }
}

function tooLong(): Error {
  return new Error("it sent an event that is too long")
}

function readFrame(lines: readonly string[]): ServerSentEvent[] {
  let event = ""
  const data: string[] = []
  for (const line of lines) {
    if (line.startsWith("event:")) event = line.slice(6).trim()
    else if (line.startsWith("data:")) data.push(line.slice(5))
  }
  return data.length === 0 ? [] : [{ event, data: data.join("\n") }]
}
