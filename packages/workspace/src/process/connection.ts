/** The connection to the process of a place: sends calls, answers its requests, and starts a new process when it dies. */
import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import { AuraError } from "@aura/core"
import { cleanEnv } from "../run/process.ts"
import { FromProcess, type Method, type Open, type ToProcess, toFault, toThrown } from "./protocol.ts"

/** What belongs to one call. */
export type CallOptions = {
  signal?: AbortSignal | undefined
  onOutput?: ((text: string) => void) | undefined
  /** Answers requests that the process makes during the call. */
  onAsk?: Answer | undefined
}

export type Answer = (name: string, args: unknown) => Promise<unknown>

export type Connection = {
  /** @throws AuraError `service_unavailable` when the process ended meanwhile and the call must not run twice */
  call<A, R>(method: Method<A, R>, args: A, options?: CallOptions): Promise<R>
  /** The number of processes so far; the state of earlier ones is lost. */
  readonly generation: number
}

type Options = {
  open: Open
  /** Answers requests that belong to no call. */
  onAsk: Answer
  /** Told the id of each process that is started. */
  onStart?: ((pid: number) => void) | undefined
  /** Ends the process; none is started afterwards. */
  signal: AbortSignal
}

type Pending = CallOptions & {
  resolve(value: unknown): void
  reject(thrown: unknown): void
}

/** Result of a call whose process died before it answered. */
const lost = Symbol("lost")
type Lost = typeof lost

const childFile = fileURLToPath(new URL("./child.ts", import.meta.url))
const maxTries = 3

export function createConnection({ open, onAsk, onStart, signal }: Options): Connection {
  let child: ChildProcess | undefined
  let generation = 0
  let lastId = 0
  const pending = new Map<number, Pending>()

  function connect(): ChildProcess {
    if (child) return child
    signal.throwIfAborted()
    const started = fork(childFile, [], {
      execArgv: ["--disable-warning=ExperimentalWarning"],
      env: cleanEnv(),
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      serialization: "advanced",
    })
    generation += 1
    started.on("message", (message) => void receive(started, message))
    started.on("error", () => lose(started))
    started.on("exit", () => lose(started))
    // It keeps Aura alive only while it answers a call.
    started.unref()
    started.channel?.unref()
    if (started.pid !== undefined) onStart?.(started.pid)
    child = started
    send(started, { type: "open", ...open })
    return started
  }

  function lose(ended: ChildProcess): void {
    if (child !== ended) return
    child = undefined
    for (const [id, one] of pending) {
      pending.delete(id)
      one.resolve(lost)
    }
  }

  async function receive(from: ChildProcess, message: unknown): Promise<void> {
    const told = FromProcess.parse(message)
    const one = pending.get(told.id)
    if (told.type === "output") return one?.onOutput?.(told.text)
    if (told.type === "ask") {
      const answer = one?.onAsk ?? onAsk
      const reply = await answer(told.name, told.args).then(
        (value) => ({ value }),
        (thrown: unknown) => ({ value: undefined, fault: toFault(thrown) }),
      )
      return send(from, { type: "answer", ask: told.ask, ...reply })
    }
    pending.delete(told.id)
    if (pending.size === 0) from.channel?.unref()
    if (told.fault) one?.reject(toThrown(told.fault))
    else one?.resolve(told.value)
  }

  /** Sends a call to the current process. */
  async function ask<A, R>(method: Method<A, R>, args: A, options: CallOptions): Promise<R | Lost> {
    const to = connect()
    const id = ++lastId
    const abort = () => send(to, { type: "abort", id })
    const reply = new Promise<unknown>((resolve, reject) => {
      pending.set(id, { ...options, resolve, reject })
    })
    to.channel?.ref()
    options.signal?.addEventListener("abort", abort, { once: true })
    send(to, { type: "call", id, name: method.name, args })
    if (options.signal?.aborted) abort()
    try {
      const value = await reply
      return value === lost ? lost : method.result.parse(value)
    } finally {
      options.signal?.removeEventListener("abort", abort)
    }
  }

  signal.addEventListener("abort", () => child?.kill("SIGKILL"), { once: true })
  return {
    get generation() {
      return generation
    },
    async call(method, args, options = {}) {
      for (let tries = 1; ; tries++) {
        const result = await ask(method, args, options)
        if (result !== lost) return result
        if (!method.isRepeatable || tries === maxTries)
          throw new AuraError(
            "service_unavailable",
            `The process of ${open.path} ended before it answered (${method.name}). Its files are as it left them; look at them, then try again.`,
          )
      }
    },
  }
}

function send(to: ChildProcess, message: ToProcess): void {
  // A failed send means that the process is ending; its exit is handled separately.
  if (to.connected) to.send(message, () => undefined)
}
