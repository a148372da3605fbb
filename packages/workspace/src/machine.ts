/** What this machine offers to commands: the tools people build with, and their versions. */
import { findProgram, hostEnv } from "./host-program.mjs"
import { runProgram } from "./run/program.ts"

/** Each with what makes it say its version. */
const tools: readonly (readonly [name: string, ...args: string[]])[] = [
  ["node", "--version"],
  ["npm", "--version"],
  ["python3", "--version"],
  ["git", "--version"],
  ["gcc", "-dumpfullversion"],
  ["make", "--version"],
  ["go", "version"],
  ["cargo", "--version"],
  ["java", "-version"],
  ["ruby", "--version"],
  ["php", "--version"],
  ["docker", "--version"],
]
const patienceMs = 5_000

let known: Promise<string> | undefined

/** Platform, tools with versions, and which of the usual ones are missing; asked once in the life of the process. */
export async function describeMachine(): Promise<string> {
  known ??= look()
  return await known
}

async function look(): Promise<string> {
  const found = await Promise.all(
    tools.map(async ([name, ...args]) => ({ name, version: await askVersion(name, args) })),
  )
  const there = found.flatMap(({ name, version }) =>
    version === undefined ? [] : [`${name} ${version}`.trim()],
  )
  const missing = found.flatMap(({ name, version }) => (version === undefined ? [name] : []))
  return [
    `${process.platform} ${process.arch}`,
    `there are ${there.join(", ") || "none of the usual tools"}`,
    missing.length > 0 ? `there is no ${missing.join(", ")}` : "",
  ]
    .filter((text) => text !== "")
    .join("; ")
}

async function askVersion(name: string, args: string[]): Promise<string | undefined> {
  const program = findProgram(name)
  if (!program) return undefined
  const { exitCode, stdout, stderr } = await runProgram({
    file: program,
    args,
    env: hostEnv(),
    timeoutMs: patienceMs,
    maxBytes: 64 * 1024,
  })
  if (exitCode !== 0) return undefined
  return /(?<!\d)\d+(?:\.\d+)+/.exec((stdout.length > 0 ? stdout : stderr).toString("utf8"))?.[0] ?? ""
}
