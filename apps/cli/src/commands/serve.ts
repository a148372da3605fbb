/** aura serve: the server with the interface. */
import { spawn } from "node:child_process"
import { createKeychain, currentEnv, isKeyless, startServer } from "@aura/server"
import { findProgram, hostEnv } from "@aura/workspace"
import { readArguments, toNumber } from "../arguments.ts"
import { UsageError } from "../exit.ts"
import { output } from "../output.ts"

export const usage = "aura serve [--host H] [--port P] [--open]"

export async function run(args: readonly string[]): Promise<number> {
  const { values } = readArguments(
    args,
    { host: { type: "string" }, port: { type: "string" }, open: { type: "boolean" } },
    0,
    usage,
  )
  const port = toNumber(values.port, "--port", usage)
  if (port !== undefined && (port > 65_535 || !Number.isInteger(port)))
    throw new UsageError(`--port must be between 0 and 65535. Usage: ${usage}`)
  const env = currentEnv()
  const stopping = whenAsked()
  const running = await startServer({
    env: { ...env, host: values.host ?? env.host, port: port ?? env.port },
    rehearses: true,
    keychain: createKeychain,
    log: (line) => process.stderr.write(`${line}\n`),
    ...(process.env.AURA_DEV_URL ? { publicUrl: process.env.AURA_DEV_URL } : {}),
  })
  const link = running.createSignInLink()
  process.stdout.write(`Aura is at ${running.url}\nSign in with ${link}\n`)
  const { lanUrl, lanSecure } = running.aura.config
  if (lanUrl)
    process.stdout.write(
      `Other machines reach it at ${lanSecure?.url ?? lanUrl}, with a certificate of its own. npx aura pair lets one in.\n`,
    )
  if (await isKeyless(running.aura)) {
    process.stdout.write(
      "No API key is set, so this is a rehearsal: the model's words come from a script, all else is real.\nSet ANTHROPIC_API_KEY, or name a model of another provider (AURA_MODEL=ollama:…), or enter a key in Settings, to work on your own documents.\n",
    )
  }
  const stopTelling = tellProgress(running)
  if (values.open) openBrowser(link)
  const code = await stopping
  stopTelling()
  await running.stop()
  return code
}

/** One line per milestone, so that the terminal shows the run too. */
function tellProgress(running: Awaited<ReturnType<typeof startServer>>): () => void {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  return running.aura.store.subscribe((event) => {
    if (event.type === "specs.generated") say(`specs: ${event.rows.specs?.length ?? 0} written`)
    if (event.type === "tasks.extracted") say(`tasks: ${event.rows.tasks?.length ?? 0} planned`)
    if (event.type === "session.rolled_over") say("session: rotated into a fresh context")
    if (event.type === "check.finished")
      for (const entry of event.rows.entries ?? [])
        if (entry.kind === "check")
          say(`  ${entry.check.passed ? "passed" : "FAILED"}  ${entry.check.command}`)
    if (event.type === "task.finished")
      for (const task of event.rows.tasks ?? [])
        if (task.finishedAt && task.status !== "ready")
          say(`task ${task.order}: ${task.status}  ${task.title}`)
    if (event.type === "loop.finished")
      for (const loop of event.rows.loops ?? []) say(`loop: ${loop.outcome}. ${loop.reason}`)
    if (event.type === "plan.failed")
      for (const plan of event.rows.plans ?? []) say(`plan: failed. ${plan.reason}`)
  })
}

/** Resolves with the exit code when the process is asked to end, or when its launcher is gone. */
function whenAsked(): Promise<number> {
  const launcher = Number(process.env.AURA_LAUNCHER ?? 0)
  return new Promise((resolve) => {
    const end = () => {
      output.hurry()
      resolve(0)
    }
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, end)
    if (launcher === process.ppid) setInterval(() => process.ppid !== launcher && end(), 500).unref()
  })
}

function openBrowser(url: string): void {
  const command = findProgram(
    process.platform === "darwin" ? "open" : process.platform === "win32" ? "explorer" : "xdg-open",
  )
  if (!command) return
  spawn(command, [url], { stdio: "ignore", detached: true, env: hostEnv() })
    .on("error", () => undefined)
    .unref()
}
