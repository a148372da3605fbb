/** What a sandbox costs: the same command in it and bare, in turn, through the keeper as in a run. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createCustody, findSandbox, type Sandbox } from "@aura/workspace"
import { type Figure, median, round } from "./measure.ts"

const each = 40

export async function benchSandbox(runs: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "aura-bench-sandbox-"))
  const open = (sandbox: Sandbox) => createCustody({ sandbox, dataDir: join(folder, sandbox.kind) })
  const [walled, bare] = [open(await findSandbox(false)), open({ kind: "off" })]
  const time = async (custody: typeof walled) => {
    const startedAt = performance.now()
    for (let i = 0; i < each; i++)
      await custody.run(
        "true",
        { root: folder, cwd: folder },
        { timeoutMs: 10_000, signal: new AbortController().signal },
      )
    return (performance.now() - startedAt) / each
  }
  const pairs: [number, number][] = []
  for (let run = 0; run <= runs; run++) pairs.push([await time(walled), await time(bare)])
  walled.close()
  bare.close()
  rmSync(folder, { recursive: true, force: true })
  const counted = pairs.slice(1)
  const bareMs = median(counted.map(([, one]) => one))
  return [
    {
      name: "a sandboxed command over a bare one",
      value: round(median(counted.map(([in_, out]) => in_ - out))),
      unit: "ms",
      goal: "< 30",
      beside: `bare: ${round(bareMs)} ms`,
    },
  ]
}
