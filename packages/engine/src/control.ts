/** Controls one running loop, plan or chat: pause, resume, stop. In-process state only; the stored row is what the screen shows. */

export type Control = {
  readonly signal: AbortSignal
  readonly isStopping: boolean
  readonly isPausing: boolean
  /** True: the task at hand is to be left. */
  readonly isSkipping: boolean
  /** True: Aura itself is ending; what runs is left to be gone on with. */
  readonly isLeaving: boolean
  /** @param after where it comes to rest: at the next step, or once the task at hand is finished */
  pause(after?: "step" | "task"): void
  /** True when the loop is to rest at this boundary. */
  pausesAt(boundary: "step" | "task"): boolean
  skip(): void
  /** Whatever task was to be left has been. */
  skipped(): void
  resume(): void
  stop(): void
  /** Like stop, at the end of the server. */
  leave(): void
  /** Resolves when something is next asked of it: to pause, to skip, to stop. */
  whenAsked(): Promise<void>
  /** Resolves when resumed or stopped. */
  whenResumed(): Promise<void>
  /** Resolves when all of it has ended. */
  readonly finished: Promise<void>
  finish(): void
}

export function createControl(): Control {
  const abort = new AbortController()
  const done = Promise.withResolvers<void>()
  let pausing: { promise: Promise<void>; resolve: () => void } | undefined
  let pauseAfter: "step" | "task" = "step"
  let skipping = false
  let asked = Promise.withResolvers<void>()
  const ask = () => {
    asked.resolve()
    asked = Promise.withResolvers()
  }
  const resume = () => {
    pausing?.resolve()
    pausing = undefined
  }
  const stop = () => {
    abort.abort()
    resume()
    ask()
  }
  let leaving = false
  return {
    signal: abort.signal,
    get isStopping() {
      return abort.signal.aborted
    },
    get isPausing() {
      return pausing !== undefined
    },
    get isSkipping() {
      return skipping
    },
    skip() {
      skipping = true
      ask()
    },
    skipped() {
      skipping = false
    },
    pause(after = "step") {
      pauseAfter = after
      pausing ??= Promise.withResolvers<void>()
      ask()
    },
    pausesAt: (boundary) => pausing !== undefined && (boundary === "task" || pauseAfter === "step"),
    resume,
    get isLeaving() {
      return leaving
    },
    stop,
    leave() {
      leaving = true
      stop()
    },
    whenAsked: () => asked.promise,
    whenResumed: async () => await pausing?.promise,
    finished: done.promise,
    finish: done.resolve,
  }
}
