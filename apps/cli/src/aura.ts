/** The commands of `aura`, and how they are found. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { currentEnv, nameEnvFile, version } from "@aura/server"
import { pairUsage, passwordUsage, runPair, runPassword } from "./commands/access.ts"
import * as audit from "./commands/audit.ts"
import * as checkpoints from "./commands/checkpoints.ts"
import * as doctor from "./commands/doctor.ts"
import * as draft from "./commands/draft.ts"
import * as modelServer from "./commands/model-server.ts"
import * as qualify from "./commands/qualify.ts"
import * as rehearse from "./commands/rehearse.ts"
import * as replay from "./commands/replay.ts"
import * as report from "./commands/report.ts"
import * as restore from "./commands/restore.ts"
import * as runWhole from "./commands/run.ts"
import * as serve from "./commands/serve.ts"
import { linkUsage, runLink, runStatus, runToken, statusUsage, tokenUsage } from "./commands/small.ts"
import * as trace from "./commands/trace.ts"
import * as verify from "./commands/verify.ts"
import { exitCode, UsageError } from "./exit.ts"

type Command = { usage: string; about: string; run(args: readonly string[]): Promise<number> }

const commands: Record<string, Command> = {
  serve: { usage: serve.usage, about: "start the server with the interface", run: serve.run },
  run: {
    usage: runWhole.usage,
    about: "plan and build a requirements document to its end",
    run: runWhole.run,
  },
  draft: { usage: draft.usage, about: "start a requirements document from a template", run: draft.run },
  status: { usage: statusUsage, about: "how far the projects are", run: runStatus },
  link: { usage: linkUsage, about: "print a fresh sign-in link", run: runLink },
  password: { usage: passwordUsage, about: "set the owner's e-mail and password", run: runPassword },
  pair: { usage: pairUsage, about: "let another device in, by code or QR code", run: runPair },
  token: { usage: tokenUsage, about: "print a token for scripts", run: runToken },
  checkpoints: {
    usage: checkpoints.usage,
    about: "list the copies of the memory, or go back to one",
    run: checkpoints.run,
  },
  restore: { usage: restore.usage, about: "bring a project's folder back to how it was", run: restore.run },
  trace: {
    usage: trace.usage,
    about: "from a requirement, a line or a commit to all that leads there",
    run: trace.run,
  },
  report: {
    usage: report.usage,
    about: "what is proven and what was decided, to hand to somebody",
    run: report.run,
  },
  verify: {
    usage: verify.usage,
    about: "compare a certificate with a clone, and run its checks again",
    run: verify.run,
  },
  audit: { usage: audit.usage, about: "show the audit log, or verify its seals", run: audit.run },
  doctor: { usage: doctor.usage, about: "say what this machine has and lacks", run: doctor.run },
  qualify: {
    usage: qualify.usage,
    about: "try a model on documents with acceptance checks it never sees",
    run: qualify.run,
  },
  rehearse: { usage: rehearse.usage, about: "play the bundled rehearsal", run: rehearse.run },
  replay: { usage: replay.usage, about: "play a finished run again without the model", run: replay.run },
  "model-server": {
    usage: modelServer.usage,
    about: "serve a screenplay over the Messages API",
    run: modelServer.run,
  },
}

/** @returns the exit code; @throws what `toExit` turns into one */
export async function runAura(args: readonly string[]): Promise<number> {
  const {
    file,
    rest: [name, ...rest],
  } = takeEnvFile(args)
  if (file !== undefined) nameEnvFile(file)
  if (name === "--version" || name === "-v") return print(version)
  if (name === undefined) return await overview()
  if (name === "help" || name === "--help" || name === "-h") return help(rest[0])
  const command = commands[name]
  if (!command) throw new UsageError(`There is no command "${name}". aura help lists them.`)
  if (rest.includes("--help") || rest.includes("-h")) return help(name)
  return await command.run(rest)
}

/** `--env-file FILE` goes with every command and may stand anywhere before `--`. */
function takeEnvFile(args: readonly string[]): { file: string | undefined; rest: readonly string[] } {
  const end = args.includes("--") ? args.indexOf("--") : args.length
  const at = args.findIndex((arg, i) => i < end && /^--env-file(=|$)/.test(arg))
  const found = args[at]
  if (found === undefined) return { file: undefined, rest: args }
  const isJoined = found.includes("=")
  const file = isJoined ? found.slice(found.indexOf("=") + 1) : args[at + 1]
  if (!file || file.startsWith("--")) throw new UsageError("--env-file needs the name of a file.")
  const rest = args.toSpliced(at, isJoined ? 1 : 2)
  if (takeEnvFile(rest).file !== undefined) throw new UsageError("--env-file can be given once only.")
  return { file, rest }
}

/** `aura` alone: how things stand and what one can do; on a machine that has not seen Aura yet, the help. */
async function overview(): Promise<number> {
  if (!existsSync(join(currentEnv().dataDir, "db"))) return help(undefined)
  const code = await runStatus([])
  print(`\n${first.join("\n")}\n\naura help lists all commands.`)
  return code
}

/** What most people need, as it is typed. */
const first = [
  "  aura serve                                    plan, build, watch and steer in a browser",
  "  aura run requirements.md --workspace my-app   plan and build to the end, here in the terminal",
]

function help(name: string | undefined): number {
  if (name === undefined) {
    const lines = Object.entries(commands)
      .filter(([key]) => key !== "serve" && key !== "run")
      .map(([key, command]) => `  ${key.padEnd(14)} ${command.about}`)
    return print(
      [
        "Aura turns a requirements document into proven software, unattended.",
        "",
        ...first,
        "",
        "More:",
        ...lines,
        "",
        "With every command: --env-file FILE reads environment variables from a file.",
        "",
        "aura help COMMAND tells more.",
      ].join("\n"),
    )
  }
  const command = commands[name]
  if (!command) throw new UsageError(`There is no command "${name}". aura help lists them.`)
  return print(`${command.usage}\n  ${command.about}`)
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return exitCode.done
}
