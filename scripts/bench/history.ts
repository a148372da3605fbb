/** What a long past costs: how soon the server is ready, what a page of entries and what a search takes. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createClient } from "@aura/core"
import { end, type Figure, median, root, round, start } from "./measure.ts"
import { startOnce } from "./server.ts"

const eventCount = Number(process.env.AURA_BENCH_EVENTS ?? 100_000)

export async function benchHistory(runs: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "aura-bench-"))
  try {
    const dataDir = join(folder, "history")
    const env = { AURA_DATA_DIR: dataDir, ANTHROPIC_API_KEY: "bench" }
    const filled = await start(join(root, "scripts/bench/fill-history.ts"), [String(eventCount)], env)
    const [, p = "", , s = ""] = String(filled.message).split(" ")
    await new Promise((resolve) => filled.child.once("exit", resolve))
    const fresh: number[] = []
    const long: number[] = []
    for (let run = 0; run < runs; run++) {
      fresh.push((await startOnce(join(folder, `fresh${run}`))).readyMs)
      long.push((await startOnce(dataDir)).readyMs)
    }
    const figures = [
      {
        name: `server ready with ${eventCount} events`,
        value: round(median(long), 0),
        unit: "ms",
        goal: `<= ${round(1.5 * median(fresh), 0)}`,
        beside: `${round(median(fresh), 0)} ms with none`,
      },
    ]
    const { child, message } = await start(join(root, "scripts/bench/host.ts"), [], env)
    const [url = "", token = ""] = String(message).split(" ")
    const client = createClient(url, () => token)
    const time = async (name: string, work: () => Promise<unknown>, goal?: string) => {
      const times: number[] = []
      for (let run = 0; run < runs; run++) {
        const before = performance.now()
        await work()
        times.push(performance.now() - before)
      }
      figures.push({ name, value: round(median(times), 1), unit: "ms", goal: goal ?? "", beside: "" })
    }
    const search = (q: string) => () => client.call("search", { query: { q } })
    await time("search for a word that stands in one entry", search("xylophone"), "<= 200")
    await time("search for a word that stands nowhere", search("zzyzx"), "<= 200")
    await time("search for words that stand everywhere", search("server check"), "<= 200")
    await time("search for two letters that stand nowhere", search("qz"), "<= 200")
    const params = { p, i: "inst_history", s }
    const list = async (query: { limit: number; cursor?: string }) =>
      await client.call("listEntries", { params, query })
    const { items } = await list({ limit: 10_000 })
    const cursor = items.at(-51)?.id ?? ""
    await time("first 50 of 2,500 entries", () => list({ limit: 50 }))
    await time("last 50 of 2,500 entries", () => list({ limit: 50, cursor }), "as the first")
    await end(child)
    return figures
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
