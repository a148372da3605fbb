/**
 * npm test: all checks, then all tests, then one line that counts both. AURA_TEST_RETRIES=1, as CI sets it, tries a test
 * that failed once more; whatever passes only then is listed before the last line, so that it does not go unnoticed.
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { checks, runChecks } from "./check.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const wanted = process.argv.slice(2)
const failedChecks = wanted.length > 0 ? [] : runChecks()

const folder = mkdtempSync(join(tmpdir(), "aura-test-"))
const report = join(folder, "report.json")
const retries = Number(process.env.AURA_TEST_RETRIES ?? 0)
const run = spawnSync(
  "npx",
  [
    "vitest",
    "run",
    `--retry=${retries}`,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...wanted,
  ],
  { cwd: root, stdio: "inherit" },
)
const counts = readCounts()
rmSync(folder, { recursive: true, force: true })

const passed = counts.passed + (wanted.length > 0 ? 0 : checks.length - failedChecks.length)
const failed = counts.failed + failedChecks.length
for (const { name, why } of counts.flaky) process.stdout.write(`\nflaky: ${name}\n  ${why}\n`)
process.stdout.write(
  `\n${passed} passed, ${failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ""}\n`,
)
process.exitCode = failed > 0 || run.status !== 0 ? 1 : 0

function readCounts() {
  try {
    const result = JSON.parse(readFileSync(report, "utf8"))
    const crashed = result.testResults.filter(
      (file) => file.status === "failed" && file.assertionResults.length === 0,
    ).length
    // Passed, and failed before it did.
    const flaky = result.testResults.flatMap((file) =>
      file.assertionResults
        .filter((test) => test.status === "passed" && test.failureMessages.length > 0)
        .map((test) => ({ name: test.fullName, why: test.failureMessages[0].split("\n")[0] })),
    )
    return {
      flaky,
      passed: result.numPassedTests,
      failed: result.numFailedTests + crashed,
      skipped: result.numPendingTests,
    }
  } catch {
    return { flaky: [], passed: 0, failed: 1, skipped: 0 }
  }
}
