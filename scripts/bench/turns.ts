/** Harness overhead a turn, server and durable store included, beside the bare loop in the same run. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Client, createClient, type Entry } from "@aura/core"
import { cpuMs, end, type Figure, median, memoryMb, root, round, start } from "./measure.ts"

type Cost = { wallMs: number; cpuMs: number; memoryMb: number; firstMs: number; lastMs: number }
const here = join(root, "scripts", "bench")
const notes = Array.from({ length: 40 }, (_, i) => `line ${i} of the notes`).join("\n")

export async function benchTurns(runs: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "aura-bench-"))
  const model = await start(join(here, "model.ts"), [])
  const url = String(model.message)
  try {
    const rows: { aura10: Cost; aura200: Cost; bare10: Cost; bare200: Cost }[] = []
    for (let run = 0; run < runs; run++) {
      rows.push({
        aura10: await runAura(url, join(folder, `a${run}`), 10),
        aura200: await runAura(url, join(folder, `b${run}`), 200),
        bare10: await runBare(url, join(folder, `c${run}`), 10),
        bare200: await runBare(url, join(folder, `d${run}`), 200),
      })
    }
    const slope = (of: "wallMs" | "cpuMs", a: "aura10" | "bare10", b: "aura200" | "bare200") =>
      median(rows.map((row) => (row[b][of] - row[a][of]) / 190))
    const wall = slope("wallMs", "aura10", "aura200")
    const bareWall = slope("wallMs", "bare10", "bare200")
    const growth = median(rows.map((row) => row.aura200.lastMs / row.aura200.firstMs))
    const long = await runAura(url, join(folder, "long"), 1000)
    return [
      {
        name: "wall per turn, every entry synced",
        value: round(wall),
        unit: "ms",
        goal: "<= 10",
        beside: `bare SDK loop ${round(bareWall)} ms`,
      },
      {
        name: "wall per turn, Aura / bare SDK loop",
        value: round(wall / bareWall),
        unit: "x",
        goal: "<= 1.3",
      },
      {
        name: "CPU per turn",
        value: round(slope("cpuMs", "aura10", "aura200")),
        unit: "ms",
        goal: "<= 10",
        beside: `bare SDK loop ${round(slope("cpuMs", "bare10", "bare200"))} ms`,
      },
      {
        name: "growth of a turn's cost, first 50 to last 50 of 200",
        value: round(growth),
        unit: "x",
        goal: "<= 1.1",
      },
      {
        name: "memory at 200 turns, server included",
        value: median(rows.map((row) => row.aura200.memoryMb)),
        unit: "MB",
        goal: "<= 160",
      },
      { name: "1,000 turns, wall", value: round(long.wallMs / 1000), unit: "s", goal: "<= 11" },
      { name: "1,000 turns, memory", value: long.memoryMb, unit: "MB", goal: "<= 180" },
      {
        name: "1,000 turns, growth of a turn's cost",
        value: round(long.lastMs / long.firstMs),
        unit: "x",
        goal: "<= 1.1",
      },
    ]
  } finally {
    await end(model.child)
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runAura(modelUrl: string, folder: string, turns: number): Promise<Cost> {
  const workspace = join(folder, "ws")
  mkdirSync(workspace, { recursive: true })
  writeFileSync(join(workspace, "notes.txt"), notes)
  const env = {
    AURA_DATA_DIR: join(folder, "data"),
    ANTHROPIC_BASE_URL: modelUrl,
    ANTHROPIC_API_KEY: "bench",
  }
  const { child, message } = await start(join(here, "host.ts"), [], env)
  const [url = "", token = ""] = String(message).split(" ")
  const client = createClient(url, () => token)
  const pid = child.pid ?? 0
  try {
    const project = await client.call("createProject", {
      body: { name: "Bench", requirements: "- take turns", workspacePath: workspace },
    })
    const params = { p: project.id }
    await client.call("generateSpecs", { params })
    await until(
      client,
      project.id,
      async () => (await client.call("listSpecs", { params, query: {} })).items.length > 0,
    )
    await client.call("extractTasks", { params })
    await until(
      client,
      project.id,
      async () => (await client.call("listTasks", { params, query: {} })).items.length > 0,
    )
    const { items } = await client.call("listTasks", { params, query: {} })
    const task = items.find((row) => row.title === `Take ${turns} turns`)
    const cpu = cpuMs(pid)
    await client.call("runTask", { params: { ...params, t: task?.id ?? "" } })
    await until(
      client,
      project.id,
      async () => (await client.call("getLoop", { params })).status === "finished",
    )
    const { entries } = await client.call("getTaskOutput", { params: { ...params, t: task?.id ?? "" } })
    const gaps = toGaps(entries)
    return {
      wallMs: gaps.slice(0, turns).reduce((sum, gap) => sum + gap, 0),
      cpuMs: cpuMs(pid) - cpu,
      memoryMb: memoryMb(pid, "VmHWM"),
      firstMs: mean(gaps.slice(2, 52)),
      lastMs: mean(gaps.slice(turns - 50, turns)),
    }
  } finally {
    await end(child)
  }
}

async function runBare(modelUrl: string, folder: string, turns: number): Promise<Cost> {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "notes.txt"), notes)
  const { message } = await start(join(root, "packages/model/bare-loop.ts"), [
    modelUrl,
    folder,
    `Take ${turns} turns`,
    String(turns),
  ])
  const found: Pick<Cost, "wallMs" | "cpuMs" | "memoryMb"> = JSON.parse(JSON.stringify(message))
  return { ...found, firstMs: 0, lastMs: 0 }
}

/** Milliseconds from each reply to the next: one turn of model, tool and store. */
function toGaps(entries: readonly Entry[]): number[] {
  const times = entries.filter((entry) => entry.kind === "reply").map((entry) => Date.parse(entry.at))
  return times.slice(1).map((time, i) => time - (times[i] ?? time))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

/** Waits on the project's event stream until something is so; asked anew after each event. */
async function until(client: Client, project: string, isSo: () => Promise<boolean>): Promise<void> {
  const abort = new AbortController()
  const stream = await client.open("streamEvents", { query: { project } }, { signal: abort.signal })
  if (await isSo()) return abort.abort()
  for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    if (
      /"type":"(loop\.finished|specs\.generated|tasks\.extracted|plan\.failed)"/.test(chunk) &&
      (await isSo())
    )
      break
  }
  abort.abort()
}
