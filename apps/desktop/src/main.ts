/** The program of the desktop: sets the engine up, shows the window, and ends when it is closed. */
import { enableCompileCache } from "node:module"
import { fileURLToPath } from "node:url"

// What was compiled once, types stripped, is kept: half the start-up time.
enableCompileCache(fileURLToPath(new URL("../../../node_modules/.cache/compile", import.meta.url)))

const { toMessage } = await import("@aura/core")
const { currentEnv } = await import("@aura/server")
const { runDesktop } = await import("./desktop.ts")

const say = (line: string) => void process.stderr.write(`${line}\n`)

/** Resolves when the process is asked to end, or when its launcher is gone. */
function whenAsked(): Promise<void> {
  const launcher = Number(process.env.AURA_LAUNCHER ?? 0)
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve())
    if (launcher === process.ppid) setInterval(() => process.ppid !== launcher && resolve(), 500).unref()
  })
}

process.exitCode = await Promise.resolve()
  .then(() => runDesktop({ env: currentEnv(), variables: process.env, asked: whenAsked(), say }))
  .then(
    () => 0,
    (thrown: unknown) => {
      say(toMessage(thrown))
      return 1
    },
  )
// Everything is closed by now; what a library left behind must not keep the command.
setTimeout(() => process.exit(), 500).unref()
