/**
 * npm run torture [-- TIMES]: the tests of surviving the night, many times over, for hours: random kills of the whole
 * run and of the store, flipped bytes, simulations, the provider's faults, and generated requests. TIMES is 200 by default.
 */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const [times = "200"] = process.argv.slice(2)
if (!(Number(times) >= 1)) {
  process.stderr.write(`${times} is no number of times. Try: npm run torture -- 200\n`)
  process.exit(2)
}

const suites = [
  "packages/store/src/crash.test.ts",
  "packages/store/src/damage.test.ts",
  "packages/store/src/full-disk.test.ts",
  "packages/engine/test/simulation.test.ts",
  "apps/cli/test/crash.test.ts",
  "apps/server/test/faults.test.ts",
  "apps/server/test/fuzz.test.ts",
]
process.stdout.write(`Kills, flips and simulations, ${times} times over. A seed that fails is printed.\n`)
const run = spawnSync("npx", ["vitest", "run", "--testTimeout=86400000", ...suites], {
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  stdio: "inherit",
  env: { ...process.env, AURA_TORTURE: String(Math.floor(Number(times))) },
})
process.exitCode = run.status ?? 1
