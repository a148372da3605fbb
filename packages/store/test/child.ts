/** Runs the small programs of the tests in processes of their own. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

export type Child = {
  /** Lines printed so far. */
  lines: string[]
  kill(): void
  /** Calls back with the count at each line. */
  onLine(listener: (count: number) => void): void
  /** Everything it printed on stderr, once it has ended. */
  ended: Promise<{ code: number | null; errors: string }>
}

/** Half of what a small program costs is reading what it imports. */
const compiled = fileURLToPath(new URL("../../../node_modules/.cache/compile", import.meta.url))

export function programPath(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

export function runProgram(command: string, args: string[]): Child {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
  })
  const lines: string[] = []
  const listeners: ((count: number) => void)[] = []
  let rest = ""
  let errors = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const parts = `${rest}${text}`.split("\n")
    rest = parts.pop() ?? ""
    lines.push(...parts)
    for (const listener of listeners) listener(lines.length)
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text
  })
  const ended = new Promise<{ code: number | null; errors: string }>((resolve) => {
    child.on("error", (error) => resolve({ code: null, errors: String(error) }))
    child.on("close", (code) => resolve({ code, errors }))
  })
  return {
    lines,
    kill: () => child.kill("SIGKILL"),
    onLine: (listener) => listeners.push(listener),
    ended,
  }
}
