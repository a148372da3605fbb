/** What keeping a folder of 10,000 files costs: the first time, with nothing changed, and with one file changed. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createClient } from "@aura/core"
import { end, type Figure, median, root, round, start } from "./measure.ts"

const folders = 100
const filesEach = 100
/** Files written a moment ago are read again; a folder at rest has none. */
const restMs = 3000

export async function benchSnapshots(runs: number): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), "aura-bench-snapshots-"))
  const { child, message } = await start(join(root, "scripts/bench/host.ts"), [], {
    AURA_DATA_DIR: join(home, "data"),
    ANTHROPIC_API_KEY: "bench",
  })
  try {
    const [url = "", token = ""] = String(message).split(" ")
    const client = createClient(url, () => token)
    const workspacePath = join(home, "workspace")
    furnish(workspacePath)
    const { id: p } = await client.call("createProject", {
      body: { name: "Large", requirements: "# Large\n\n- It is large\n", workspacePath },
    })
    const take = async () => {
      const startedAt = performance.now()
      await client.call("takeSnapshot", { params: { p } })
      return performance.now() - startedAt
    }
    await new Promise((resolve) => setTimeout(resolve, restMs))
    const firstMs = await take()
    const same: number[] = []
    const changed: number[] = []
    for (let run = 0; run < runs; run++) {
      same.push(await take())
      writeFileSync(join(workspacePath, "folder0/file0.txt"), `changed ${run}`)
      changed.push(await take())
    }
    const many = `${(folders * filesEach).toLocaleString("en")} files`
    return [
      { name: `${many} kept, nothing changed`, value: round(median(same), 0), unit: "ms", goal: "< 1000" },
      { name: `${many} kept, one changed`, value: round(median(changed), 0), unit: "ms" },
      { name: `${many} kept the first time`, value: round(firstMs, 0), unit: "ms" },
    ]
  } finally {
    await end(child)
    rmSync(home, { recursive: true, force: true })
  }
}

function furnish(workspace: string): void {
  for (let i = 0; i < folders; i++) {
    mkdirSync(join(workspace, `folder${i}`), { recursive: true })
    for (let k = 0; k < filesEach; k++)
      writeFileSync(join(workspace, `folder${i}/file${k}.txt`), `${i} ${k}\n`.repeat(100))
  }
}
