/** The program of the desktop: sets the engine up, shows the window, and ends when it is closed. */
import { enableCompileCache } from "node:module"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { startShell } from "./shell-process.ts"

// What was compiled once, types stripped, is kept: half the start-up time.
enableCompileCache(fileURLToPath(new URL("../../../node_modules/.cache/compile", import.meta.url)))

const { toMessage } = await import("@aura/core")

const say = (line: string) => void process.stderr.write(`${line}\n`)

/** Resolves when the process is asked to end, or when its launcher is gone. */
function whenAsked(): Promise<void> {
  const launcher = Number(process.env.AURA_LAUNCHER ?? 0)
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve())
    if (launcher === process.ppid) setInterval(() => process.ppid !== launcher && resolve(), 500).unref()
  })
}

/** The windows' process gets ready while the server is loaded and started: a second core is rarely busy. */
async function run(): Promise<void> {
  const { currentEnv, nameEnvFile } = await import("@aura/server/current-env")
  const file = parseArgs({ options: { "env-file": { type: "string" } }, strict: false }).values["env-file"]
  if (typeof file === "string") nameEnvFile(file)
  const env = currentEnv()
  const first = startShell(join(env.dataDir, "window"), process.env)
  try {
    const { runDesktop } = await import("./desktop.ts")
    await runDesktop({ env, first, variables: process.env, asked: whenAsked(), say })
  } finally {
    first.child.kill()
  }
}

process.exitCode = await run().then(
  () => 0,
  (thrown: unknown) => {
    say(toMessage(thrown))
    return 1
  },
)
// Everything is closed by now; what a library left behind must not keep the command.
setTimeout(() => process.exit(), 500).unref()
