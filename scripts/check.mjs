/** Every check that needs no running program: format and lint, types, layers, unused code. Ends non-zero on the first pile of faults. */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))

export const checks = [
  { name: "format and lint (biome)", command: "npx biome ci --colors=off ." },
  { name: "types", command: "npx tsc -p ." },
  { name: "types of the interface", command: "npx tsc -p interface" },
  { name: "lint with types (oxlint)", command: "npx oxlint --type-aware --quiet" },
  { name: "layers", command: "node scripts/check-layers.ts" },
  { name: "unused code (knip)", command: "npx knip" },
]

/** @returns the names of the checks that failed */
export function runChecks() {
  return checks
    .filter(({ name, command }) => {
      const result = spawnSync(command, { cwd: root, shell: true, encoding: "utf8" })
      const passed = result.status === 0
      process.stdout.write(`${passed ? "ok  " : "FAIL"}  ${name}\n`)
      if (!passed) process.stdout.write(`${result.stdout}${result.stderr}\n`)
      return !passed
    })
    .map(({ name }) => name)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = runChecks().length > 0 ? 1 : 0
