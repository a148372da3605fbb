/** Follows a project's events over HTTP, reconnecting from the last number seen. */
import { type AuraEvent, AuraEventSchema, type LiveEvent } from "@aura/core"
import type { Connection } from "./server.ts"

export type Following = {
  /** Resolves with the first result for an event already seen or still to come; `undefined` when stopped. */
  wait<T>(find: (event: AuraEvent) => T | undefined): Promise<T | undefined>
  stop(): void
}

const retryMs = 500

/** @param tell called for every event, stored and live, in order */
export function followEvents(
  server: Connection,
  projectId: string,
  tell: (event: AuraEvent | LiveEvent) => void,
): Following {
  const abort = new AbortController()
  const seen: AuraEvent[] = []
  const waiting = new Set<(event: AuraEvent | undefined) => void>()
  let last: number | undefined

  const take = (event: AuraEvent | LiveEvent) => {
    tell(event)
    if (!("seq" in event)) return
    last = event.seq
    seen.push(event)
    for (const check of waiting) check(event)
  }
  const readOnce = async () => {
    const query = { project: projectId, ...(last === undefined ? {} : { after: last }) }
    const response = await server.client.open("streamEvents", { query }, { signal: abort.signal })
    let rest = ""
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const frames = (rest + chunk).split("\n\n")
      rest = frames.pop() ?? ""
      for (const frame of frames) for (const event of parseFrame(frame)) take(event)
    }
  }
  const readOn = async () => {
    while (!abort.signal.aborted) {
      await readOnce().catch(() => undefined)
      if (!abort.signal.aborted) await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }
  void readOn()
  return {
    wait(find) {
      for (const event of seen) {
        const found = find(event)
        if (found !== undefined) return Promise.resolve(found)
      }
      return new Promise((resolve) => {
        const check = (event: AuraEvent | undefined) => {
          const found = event && find(event)
          if (found === undefined && event !== undefined) return
          waiting.delete(check)
          resolve(found)
        }
        waiting.add(check)
      })
    },
    stop() {
      abort.abort()
      for (const check of waiting) check(undefined)
    },
  }
}

function parseFrame(frame: string): (AuraEvent | LiveEvent)[] {
  const line = frame.split("\n").find((text) => text.startsWith("data: "))
  if (!line) return []
  const event = JSON.parse(line.slice("data: ".length))
  return typeof event.type === "string" && (!("seq" in event) || AuraEventSchema.safeParse(event).success)
    ? [event]
    : []
}
