/** Reads statements in a thread of its own, which is ended when a document takes it too long. */
import { Worker } from "node:worker_threads"
import { AuraError } from "@aura/core"
import type { Statement } from "./documents/statements.ts"

export type StatementReader = {
  /** @throws AuraError `bad_request` for a document that takes too long or nests too deep */
  read(markdown: string): Promise<Statement[]>
}

const longestMs = 60_000

/** The thread starts with the first document, and reads one after the other. */
export function createStatementReader(timeoutMs = longestMs): StatementReader {
  let worker: Worker | undefined
  let queue: Promise<unknown> = Promise.resolve()
  let answer = (_statements: Statement[] | undefined): void => undefined

  function start(): Worker {
    const started = new Worker(new URL("./statements-worker.ts", import.meta.url), {
      name: "requirements",
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    })
    started.on("message", (statements: Statement[] | undefined) => answer(statements))
    started.on("error", () => answer(undefined))
    return started
  }

  async function readNow(markdown: string): Promise<Statement[]> {
    worker ??= start()
    const thread = worker
    thread.ref()
    const statements = await new Promise<Statement[] | undefined>((resolve) => {
      answer = resolve
      setTimeout(() => resolve(undefined), timeoutMs).unref()
      thread.postMessage(markdown)
    })
    thread.unref()
    if (statements) return statements
    worker = undefined
    await thread.terminate()
    throw new AuraError(
      "bad_request",
      "The requirements cannot be read: their lists, quotes or emphasis nest too deep. Write them flatter, or split the document.",
    )
  }

  return {
    read: async (markdown) => {
      const next = queue.then(() => readNow(markdown))
      queue = next.catch(() => undefined)
      return await next
    },
  }
}
