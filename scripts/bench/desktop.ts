/** The native window, beside Chromium's own app window on the same page: how soon, how large, how late. */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { type Display, openDisplay } from "../display.ts"
import { end, type Figure, median, nodeFlags, root, round } from "./measure.ts"
import { flags } from "./screen.ts"

type Seen = { readyMs: number; memoryMb: number; p50: number; p99: number }
type Begun = { server: ChildProcess; roots: (number | undefined)[]; close(): Promise<void> }

/** What starting leaves to do is done by then. */
const settleMs = 4000
const delayMs = 5000

export async function benchDesktop(runs: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "aura-bench-"))
  const display = await openDisplay("1440x960")
  try {
    const begin = { aura: beginAura, chromium: beginChromium } as const
    const seen: Record<keyof typeof begin, Seen[]> = { aura: [], chromium: [] }
    // Once more than asked for: the first start is a cold one.
    for (let run = 0; run <= runs; run++)
      for (const which of ["aura", "chromium"] as const)
        seen[which].push(await look(display, folder, begin[which]))
    const both = (name: keyof Seen, digits: number) => {
      const [ours, theirs] = [seen.aura, seen.chromium].map((all) =>
        median(all.slice(1).map((one) => one[name])),
      )
      return {
        value: round(ours ?? Number.NaN, digits),
        beside: `Chromium ${round(theirs ?? Number.NaN, digits)}`,
      }
    }
    return [
      { name: "warm start of all, to a ready page", unit: "ms", goal: "<= 2000", ...both("readyMs", 0) },
      { name: "idle memory of all processes (shared parts once)", unit: "MB", ...both("memoryMb", 0) },
      { name: "server's event loop late, window open, median", unit: "ms", ...both("p50", 1) },
      { name: "server's event loop late, window open, p99", unit: "ms", ...both("p99", 1) },
    ]
  } finally {
    await display.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function look(
  display: Display,
  folder: string,
  begin: (folder: string, env: NodeJS.ProcessEnv) => Promise<Begun>,
): Promise<Seen> {
  const delayFile = join(folder, "delay.json")
  rmSync(delayFile, { force: true })
  const env = {
    ...process.env,
    DISPLAY: display.name,
    AURA_DATA_DIR: join(folder, "data"),
    AURA_SERVER_PORT: "0",
    AURA_BENCH_DELAY: delayFile,
    ANTHROPIC_API_KEY: "bench",
  }
  const startedAt = performance.now()
  const { server, roots, close } = await begin(folder, env)
  while (!(await display.hand("search", "--name", "^Projects · Aura").catch(() => ""))) await sleep(10)
  const readyMs = performance.now() - startedAt
  await sleep(settleMs)
  server.kill("SIGUSR2")
  await sleep(delayMs)
  const memoryMb = family(roots).reduce((sum, pid) => sum + pssKb(pid), 0) / 1024
  server.kill("SIGUSR2")
  while (readText(delayFile) === "") await sleep(10)
  const delay: { p50: number; p99: number } = JSON.parse(readText(delayFile))
  await close()
  return { readyMs, memoryMb, ...delay }
}

const measured = [...nodeFlags, "--import", join(root, "scripts/bench/loop-delay.mjs")]

async function beginAura(_: string, env: NodeJS.ProcessEnv): Promise<Begun> {
  const server = spawn(process.execPath, [...measured, join(root, "apps/desktop/src/main.ts")], {
    env,
    stdio: "ignore",
  })
  return { server, roots: [server.pid], close: () => end(server) }
}

/** The server by itself, and Chromium when it answers. */
async function beginChromium(folder: string, env: NodeJS.ProcessEnv): Promise<Begun> {
  const server = spawn(process.execPath, [...measured, join(root, "apps/cli/src/main.ts"), "serve"], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  })
  const link = await new Promise<string>((resolve) => {
    server.stdout.on("data", (text: Buffer) => {
      const found = /http\S+#code=\S+/.exec(text.toString())?.[0]
      if (found) resolve(found)
    })
  })
  const profile = join(folder, "chromium")
  mkdirSync(profile, { recursive: true })
  const browser = spawn(
    process.env.AURA_BROWSER ?? "/usr/bin/chromium",
    [...flags, `--app=${link}`, `--user-data-dir=${profile}`, "--window-size=1280,860"],
    { env, stdio: "ignore" },
  )
  return {
    server,
    roots: [server.pid, browser.pid],
    async close() {
      await end(browser)
      await end(server)
    },
  }
}

/** Processes, and all that were started by them. */
function family(roots: readonly (number | undefined)[]): number[] {
  const found = new Set(roots.filter((pid) => pid !== undefined))
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({
      pid: Number(name),
      parent: Number(readText(`/proc/${name}/stat`).split(") ")[1]?.split(" ")[1]),
    }))
  for (let size = 0; size < found.size; ) {
    size = found.size
    for (const { pid, parent } of parents) if (found.has(parent)) found.add(pid)
  }
  return [...found]
}

/** What is shared with others counts in parts, so that a sum counts it once. */
function pssKb(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readText(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0)
}

/** Empty when there is no such file, or no more. */
function readText(file: string): string {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return ""
  }
}
