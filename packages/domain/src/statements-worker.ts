/** The thread that reads requirements documents. */
import { parentPort } from "node:worker_threads"
import { findStatements, type Statement } from "./documents/statements.ts"

function read(markdown: string): Statement[] | undefined {
  try {
    return findStatements(markdown)
  } catch {
    // Nested so deep that the stack overflowed.
    return undefined
  }
}

parentPort?.on("message", (markdown: string) => parentPort?.postMessage(read(markdown)))
