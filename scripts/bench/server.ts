/** The server by itself: how soon it is ready, what it holds at rest, how fast it hands out its past. */
import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createClient } from "@aura/core"
import { cpuMs, end, type Figure, median, memoryMb, nodeFlags, root, round, start } from "./measure.ts"

const restMs = 10_000
const eventCount = 10_000

export async function benchServer(runs: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "aura-bench-"))
  try {
    const ready: number[] = []
    const memory: number[] = []
    for (let run = 0; run < runs; run++) {
      const seen = await startOnce(join(folder, `s${run}`))
      ready.push(seen.readyMs)
      memory.push(seen.memoryMb)
    }
    const rest = await measureRest(join(folder, "rest"))
    return [
      {
        name: "server ready, from process start to first answer",
        value: round(median(ready), 0),
        unit: "ms",
        goal: "<= 500",
      },
      { name: "memory once ready", value: median(memory), unit: "MB" },
      { name: "idle memory", value: rest.memoryMb, unit: "MB", goal: "<= 110" },
      { name: "idle CPU", value: round(rest.cpuPerSec), unit: "ms/s", goal: "<= 1" },
      { name: `${eventCount} events replayed to a new client`, value: round(rest.replayMs, 0), unit: "ms" },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export async function startOnce(dataDir: string): Promise<{ readyMs: number; memoryMb: number }> {
  const startedAt = performance.now()
  const env = { ...process.env, AURA_DATA_DIR: dataDir, ANTHROPIC_API_KEY: "bench", AURA_SERVER_PORT: "0" }
  const child = spawn(process.execPath, [...nodeFlags, join(root, "apps/cli/src/main.ts"), "serve"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  })
  const url = await new Promise<string>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      const found = /Aura is at (\S+)/.exec(chunk.toString("utf8"))?.[1]
      if (found) resolve(found)
    })
  })
  await fetch(`${url}/api/health`)
  const readyMs = performance.now() - startedAt
  const memory = memoryMb(child.pid ?? 0)
  await end(child)
  return { readyMs, memoryMb: memory }
}

async function measureRest(dataDir: string) {
  const { child, message } = await start(join(root, "scripts/bench/host.ts"), [], {
    AURA_DATA_DIR: dataDir,
    ANTHROPIC_API_KEY: "bench",
  })
  const [url = "", token = ""] = String(message).split(" ")
  const pid = child.pid ?? 0
  const before = cpuMs(pid)
  await new Promise((resolve) => setTimeout(resolve, restMs))
  const rest = { cpuPerSec: (cpuMs(pid) - before) / (restMs / 1000), memoryMb: memoryMb(pid) }
  const client = createClient(url, () => token)
  for (let i = 0; i < eventCount; i += 50) {
    await Promise.all(
      Array.from({ length: 50 }, (_, k) => client.call("createAgent", { body: { name: `agent ${i + k}` } })),
    )
  }
  const startedAt = performance.now()
  await readEvents(`${url.replace("http", "ws")}/ws/events?after=0&token=${token}`)
  const replayMs = performance.now() - startedAt
  await end(child)
  return { ...rest, replayMs }
}

/** Resolves when all of them have arrived. */
function readEvents(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    let count = 0
    socket.addEventListener("message", () => {
      if (++count < eventCount) return
      socket.close()
      resolve()
    })
    socket.addEventListener("error", () => reject(new Error("the socket failed")))
  })
}
