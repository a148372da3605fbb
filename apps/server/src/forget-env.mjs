/**
 * Takes secrets out of this process's environment once they are read: out of what children inherit, and on Linux out of
 * the block other processes see in /proc. Plain JavaScript, for the launcher runs on older Nodes.
 */
import { closeSync, openSync, readFileSync, readSync, writeSync } from "node:fs"

/** Variables that hold secrets of Aura's own. */
export const secretNames = [
  "ANTHROPIC_API_KEY",
  "OPENAI_API_KEY",
  "OPENROUTER_API_KEY",
  "OLLAMA_API_KEY",
  "GEMINI_API_KEY",
  "AURA_NETWORK_AUTH_TOKEN",
  "BILLING_INTERNAL_TOKEN",
  "SWARM_AUTH_TOKEN",
  "GITHUB_APP_PRIVATE_KEY",
]

/** @param {NodeJS.ProcessEnv} env */
export function withoutSecrets(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !secretNames.includes(name)))
}

export function forgetSecrets() {
  for (const name of secretNames) delete process.env[name]
  if (process.platform === "linux") wipeBlock()
}

/** `delete` leaves the block the process was started with as it was; it lies in our own memory and may be written. */
function wipeBlock() {
  const stat = readFileSync("/proc/self/stat", "utf8")
  // The second field may hold blanks and brackets; counting starts behind it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  const start = Number(fields[47])
  const length = Number(fields[48]) - start
  if (!(start > 0 && length > 0)) return
  const memory = openSync("/proc/self/mem", "r+")
  try {
    const block = Buffer.alloc(length)
    readSync(memory, block, 0, length, start)
    let at = 0
    for (const entry of block.toString("latin1").split("\0")) {
      if (secretNames.some((name) => entry.startsWith(`${name}=`))) {
        const value = entry.indexOf("=") + 1
        writeSync(memory, Buffer.alloc(entry.length - value), 0, entry.length - value, start + at + value)
      }
      at += entry.length + 1
    }
  } finally {
    closeSync(memory)
  }
}
