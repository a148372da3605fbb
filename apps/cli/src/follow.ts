/** Follows a project's events over HTTP, reconnecting from the last number seen. */
import { AuraError, type AuraEvent, AuraEventSchema, type LiveEvent, toMessage } from "@aura/core"
import type { Connection } from "@aura/server"

export type Following = {
  /** Resolves when the first connection is open, or the following was stopped. */
  opened: Promise<void>
  /**
   * Resolves with the first result for the newest event of a plan or loop, or for any still to come; `undefined` when stopped.
   * @throws AuraError `service_unavailable` when the server has been gone for ten minutes, or its process has ended (reason `host_ended`)
   */
  wait<T>(find: (event: AuraEvent) => T | undefined): Promise<T | undefined>
  stop(): void
}

const retryMs = 500
/** So long it is silent about a connection that broke. */
const briefMs = 3000
const hopelessMs = 10 * 60 * 1000
/** How long to wait for a restart after the server has ended. */
const restartMs = 10_000

/** @param tell called for every event, stored and live, in order */
export function followEvents(
  server: Connection,
  projectId: string,
  tell: (event: AuraEvent | LiveEvent) => void,
): Following {
  const abort = new AbortController()
  /** The newest event of each plan and loop: what is waited for is their end, and a run of days has many events. */
  const seen = new Map<string, AuraEvent>()
  const waiting = new Set<(event: AuraEvent | undefined, gone?: AuraError) => void>()
  let last: number | undefined
  const opening = Promise.withResolvers<void>()

  const take = (event: AuraEvent | LiveEvent) => {
    tell(event)
    if (!("seq" in event)) return
    last = event.seq
    for (const { id } of [...(event.rows.plans ?? []), ...(event.rows.loops ?? [])]) seen.set(id, event)
    for (const check of waiting) check(event)
  }
  const readOnce = async (onOpen: () => void) => {
    const query = { project: projectId, ...(last === undefined ? {} : { after: last }) }
    const response = await server.client.open("streamEvents", { query }, { signal: abort.signal })
    onOpen()
    let rest = ""
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const frames = (rest + chunk).split("\n\n")
      rest = frames.pop() ?? ""
      for (const frame of frames) for (const event of parseFrame(frame)) take(event)
    }
  }
  const readOn = async () => {
    const outage = createOutage((text) => void process.stderr.write(`${text}\n`))
    while (!abort.signal.aborted) {
      const cause = await readOnce(() => {
        outage.end()
        opening.resolve()
      }).then(
        () => "it ended the connection",
        (thrown: unknown) => toMessage(thrown),
      )
      if (abort.signal.aborted) return
      const gone = outage.note(cause, performance.now(), server.isAlive())
      if (gone) opening.reject(gone)
      if (gone) for (const check of waiting) check(undefined, gone)
      await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }
  // A caller that does not wait for it must not fail with it.
  opening.promise.catch(() => undefined)
  void readOn()
  return {
    opened: opening.promise,
    wait(find) {
      for (const event of seen.values()) {
        const found = find(event)
        if (found !== undefined) return Promise.resolve(found)
      }
      return new Promise((resolve, reject) => {
        const check = (event: AuraEvent | undefined, gone?: AuraError) => {
          const found = event && find(event)
          if (found === undefined && event !== undefined) return
          waiting.delete(check)
          if (gone) reject(gone)
          else resolve(found)
        }
        waiting.add(check)
      })
    },
    stop() {
      abort.abort()
      opening.resolve()
      for (const check of waiting) check(undefined)
    },
  }
}

type Outage = {
  end(): void
  /** @returns the failure that ends the waiting, once it has lasted too long */
  note(cause: string, atMs: number, isAlive?: boolean): AuraError | undefined
}

/** A broken connection: told once it lasts, told when it is over, given up when it is hopeless. */
export function createOutage(tell: (text: string) => void): Outage {
  let sinceMs: number | undefined
  let isTold = false
  return {
    end() {
      if (isTold) tell("The server answers again.")
      sinceMs = undefined
      isTold = false
    },
    note(cause, atMs, isAlive = true) {
      sinceMs ??= atMs
      if (!isTold && atMs - sinceMs >= briefMs) {
        isTold = true
        tell(
          `The server does not answer (${cause}). Waiting for it; what it works on goes on without this command.`,
        )
      }
      if (!isAlive && atMs - sinceMs >= restartMs)
        return new AuraError("service_unavailable", "The process that hosted this run has ended.", {
          reason: "host_ended",
        })
      if (atMs - sinceMs < hopelessMs) return undefined
      return new AuraError(
        "service_unavailable",
        "The server has been gone for ten minutes. Run the same command again to go on.",
      )
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
