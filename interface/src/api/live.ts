/** The event socket: one connection while somebody is signed in, resumed from the last event after a gap. */
import { type AuraEvent, isStored, type LiveEvent } from "@aura/core"
import { create } from "zustand"
import { client } from "./client.ts"
import { setServerTime } from "./clock.ts"
import { gatherPerFrame } from "./frame.ts"
import { parseEvent, toSocketUrl, waitBefore } from "./live.logic.ts"

export type Connection = {
  /** `lost` only after it was open or has failed twice; the first connecting is silent. */
  status: "connecting" | "open" | "lost"
  /** The newest event this client has heard of. */
  seq: number
  isDiskFull: boolean
}

export const useConnection = create<Connection>(() => ({
  status: "connecting",
  seq: 0,
  isDiskFull: false,
}))

export type LiveTarget = {
  /** Everything that arrived since the last frame, in order, each stored event once. */
  deliver(events: (AuraEvent | LiveEvent)[]): void
  /** The stream was interrupted; `missed` when what happened meanwhile cannot be asked for. */
  resume(missed: boolean): void
}

let settle: () => void = () => undefined
let settled: Promise<void> = new Promise((resolve) => {
  settle = resolve
})

/** Resolves when the socket is open, or has failed once: from then on a fetch cannot miss an event unseen. */
export function subscribed(): Promise<void> {
  return settled
}

/** Opens the socket and keeps it open. Returns the function that ends it. */
export function startLive(target: LiveTarget): () => void {
  const gathered = gatherPerFrame<AuraEvent | LiveEvent>((events) => {
    target.deliver(events)
    if (lastSeq !== undefined && lastSeq !== useConnection.getState().seq)
      useConnection.setState({ seq: lastSeq })
  })
  let ended = false
  let attempt = 0
  let lastSeq: number | undefined
  let gap = false
  let socket: WebSocket | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  async function connect(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    try {
      const { ticket, now } = await client.call("createTicket", {})
      setServerTime(now)
      if (!ended) listen(new WebSocket(toSocketUrl(location.origin, ticket, lastSeq)))
    } catch {
      retry()
    }
  }

  function listen(next: WebSocket): void {
    socket = next
    next.onopen = () => {
      attempt = 0
      if (gap) target.resume(lastSeq === undefined)
      gap = false
      useConnection.setState({ status: "open", isDiskFull: false })
      settle()
    }
    next.onmessage = (message) => receive(String(message.data))
    next.onclose = () => {
      if (socket === next) retry()
    }
  }

  function receive(text: string): void {
    const event = parseEvent(text)
    if (!event) return
    if (isStored(event)) {
      if (lastSeq !== undefined && event.seq <= lastSeq) return
      lastSeq = event.seq
    }
    if (event.type === "events.compacted") lastSeq = event.upTo
    if (event.type === "disk.changed") useConnection.setState({ isDiskFull: event.isFull })
    gathered.add(event)
  }

  function retry(): void {
    socket = undefined
    if (ended) return
    settle()
    if (gap || useConnection.getState().status === "open") useConnection.setState({ status: "lost" })
    gap = true
    timer = setTimeout(connect, waitBefore(attempt, Math.random()))
    attempt += 1
  }

  function hurry(): void {
    if (timer !== undefined) void connect()
  }

  /** The maximum wait for the socket; events missed before it opens are fetched then. */
  const patience = setTimeout(() => {
    gap ||= useConnection.getState().status !== "open"
    settle()
  }, 2_500)

  window.addEventListener("online", hurry)
  void connect()
  return () => {
    ended = true
    clearTimeout(timer)
    clearTimeout(patience)
    window.removeEventListener("online", hurry)
    gathered.clear()
    socket?.close()
    useConnection.setState({ status: "connecting" })
    settled = new Promise((resolve) => {
      settle = resolve
    })
  }
}
