/** Follows event streams of the server for as long as the program lives, reconnecting when they break. */
import type { Client } from "@aura/core"

const retryMs = 500

/**
 * @param tell called with each value of the stream
 * @param onOpen called each time the stream is open
 * @returns ends it
 */
export function followStream(
  client: Client,
  name: "attachWindow" | "streamEvents",
  tell: (value: unknown) => void,
  onOpen: () => void = () => undefined,
): () => void {
  const abort = new AbortController()
  const readOnce = async () => {
    const response = await client.open(name, {}, { signal: abort.signal })
    onOpen()
    let rest = ""
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const frames = (rest + chunk).split("\n\n")
      rest = frames.pop() ?? ""
      for (const frame of frames) {
        const line = frame.split("\n").find((text) => text.startsWith("data: "))
        if (line) tell(JSON.parse(line.slice("data: ".length)))
      }
    }
  }
  const readOn = async () => {
    while (!abort.signal.aborted) {
      await readOnce().catch(() => undefined)
      if (!abort.signal.aborted) await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }
  void readOn()
  return () => abort.abort()
}
