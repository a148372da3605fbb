/** aura audit: what was done, by whom, read from the data directory; --verify follows the chain of seals. */
import { join } from "node:path"
import { loadKeys, readAuditLog, verifyAuditLog } from "@aura/domain"
import { currentEnv } from "@aura/server"
import { readArguments, toNumber } from "../arguments.ts"
import { exitCode } from "../exit.ts"

export const usage = "aura audit [--verify] [--json] [--limit N]"

const usual = 50

export async function run(args: readonly string[]): Promise<number> {
  const { values } = readArguments(
    args,
    { verify: { type: "boolean" }, json: { type: "boolean" }, limit: { type: "string" } },
    0,
    usage,
  )
  const { dataDir } = currentEnv()
  const dir = join(dataDir, "audit")
  if (values.verify) {
    const verdict = await verifyAuditLog(dir, (await loadKeys(dataDir)).signing)
    const said = verdict.problem ?? `All ${verdict.lines} lines are as they were written.`
    process.stdout.write(values.json ? `${JSON.stringify(verdict)}\n` : `${said}\n`)
    return verdict.problem === null ? exitCode.done : exitCode.failed
  }
  const lines = await readAuditLog(dir, { limit: toNumber(values.limit, "--limit", usage) ?? usual })
  for (const line of lines.toReversed()) {
    const { at, kind, facts } = line
    const words = Object.entries(facts).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    process.stdout.write(values.json ? `${JSON.stringify(line)}\n` : `${at}  ${kind}  ${words.join(" ")}\n`)
  }
  return exitCode.done
}
