/** The interface in a real browser: how soon the first screen is there, and what it loads. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { createClient } from "@aura/core"
import { chromium } from "playwright-core"
import { end, type Figure, median, root, round, start } from "./measure.ts"

export const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

export async function benchScreen(runs: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "aura-bench-"))
  const { child, message } = await start(join(root, "scripts/bench/host.ts"), [], {
    AURA_DATA_DIR: join(folder, "data"),
    ANTHROPIC_API_KEY: "bench",
  })
  const [url = "", token = ""] = String(message).split(" ")
  const client = createClient(url, () => token)
  const browser = await chromium.launch({
    executablePath: process.env.AURA_BROWSER ?? "/usr/bin/chromium",
    args: flags,
  })
  const scripts = new Set<string>()
  try {
    const times: number[] = []
    for (let run = 0; run < runs; run++) {
      const context = await browser.newContext()
      const page = await context.newPage()
      page.on(
        "response",
        (response) => response.url().endsWith(".js") && scripts.add(new URL(response.url()).pathname),
      )
      const { url: link } = await client.call("createSignInLink", {})
      const startedAt = performance.now()
      await page.goto(link)
      await page.getByRole("button", { name: "New project" }).first().waitFor()
      times.push(performance.now() - startedAt)
      await context.close()
    }
    return [
      {
        name: "first screen, from the link to a usable page",
        value: round(median(times), 0),
        unit: "ms",
        goal: "<= 1000",
      },
      {
        name: "JavaScript of the first screen, gzipped",
        value: round(gzipped([...scripts]) / 1000, 0),
        unit: "kB",
        goal: "<= 150",
      },
      {
        name: "JavaScript of the whole interface, gzipped",
        value: round(gzipped(allScripts()) / 1000, 0),
        unit: "kB",
      },
    ]
  } finally {
    await browser.close()
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
}

const dist = join(root, "interface", "dist")

function gzipped(paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + gzipSync(readFileSync(join(dist, path))).length, 0)
}

function allScripts(): string[] {
  return readdirSync(join(dist, "assets"))
    .filter((name) => name.endsWith(".js"))
    .map((name) => `assets/${name}`)
}
