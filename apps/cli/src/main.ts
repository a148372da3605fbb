/** The command `aura`: sets the engine up, runs the command, and ends with its exit code. */
import { enableCompileCache } from "node:module"
import { fileURLToPath } from "node:url"

// What was compiled once, types stripped, is kept: half the start-up time.
enableCompileCache(fileURLToPath(new URL("../../../node_modules/.cache/compile", import.meta.url)))

const { runAura } = await import("./aura.ts")
const { toExit } = await import("./exit.ts")
const { output, watchOutput } = await import("./output.ts")

watchOutput()
const code = await runAura(process.argv.slice(2)).catch((thrown: unknown) => {
  const exit = toExit(thrown)
  process.stderr.write(`${exit.line}\n`)
  return exit.code
})
process.exitCode ||= code
await output.flush()
// Everything is closed and written by now; what a library left behind must not keep the command.
setTimeout(() => process.exit(), 500).unref()
