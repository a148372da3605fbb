/** Server-sent events, read chunk by chunk as they come from the wire. */

export type ServerSentEvent = { event: string; data: string }

/** Makes a reader that keeps what is unfinished and returns the events each chunk completes. */
export function createEventReader(): (chunk: Uint8Array) => ServerSentEvent[] {
  const decoder = new TextDecoder()
  let rest = ""
  return (chunk) => {
    const text = rest + decoder.decode(chunk, { stream: true })
    const frames = (text.includes("\r") ? text.replaceAll("\r\n", "\n") : text).split("\n\n")
    rest = frames.pop() ?? ""
    return frames.flatMap(readFrame)
  }
}

function readFrame(frame: string): ServerSentEvent[] {
  let event = ""
  let data: string | undefined
  for (const line of frame.split("\n")) {
    if (line.startsWith("event:")) event = line.slice(6).trim()
    else if (line.startsWith("data:")) data = data === undefined ? line.slice(5) : `${data}\n${line.slice(5)}`
  }
  return data === undefined ? [] : [{ event, data }]
}
