/** The cockpit under load, in a real browser: a stream of words, a long log, many projects. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createClient } from "@aura/core"
import { type Browser, chromium, type Page } from "playwright-core"
import { end, type Figure, median, root, round, start } from "./measure.ts"
import { flags } from "./screen.ts"

const deltasPerSecond = 200
const streamSeconds = Number(process.env.AURA_BENCH_STREAM_SECONDS ?? 20)

/** Measures, inside the page, what each frame costs and how far frames are apart. */
const watchFrames = `(() => {
  const seen = { work: [], gaps: [], last: 0 }
  const task = new MessageChannel()
  let begun = 0
  task.port1.onmessage = () => seen.work.push(performance.now() - begun)
  const frame = (at) => {
    if (seen.last) seen.gaps.push(at - seen.last)
    seen.last = at
    begun = performance.now()
    task.port2.postMessage(0)
    seen.id = requestAnimationFrame(frame)
  }
  seen.id = requestAnimationFrame(frame)
  window.frames_seen = seen
})()`
const takeFrames = `(() => {
  cancelAnimationFrame(frames_seen.id)
  return { work: frames_seen.work, gaps: frames_seen.gaps }
})()`
const heapMb = "performance.memory ? performance.memory.usedJSHeapSize / 1048576 : 0"

type Frames = { work: number[]; gaps: number[] }

export async function benchCockpit(runs: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "aura-bench-"))
  const { child, message } = await start(join(root, "scripts/bench/cockpit-host.ts"), [], {
    AURA_DATA_DIR: join(folder, "data"),
    ANTHROPIC_API_KEY: "bench",
  })
  const [url = "", token = "", first = "", second = "", long = ""] = String(message).split(" ")
  const browser = await chromium.launch({
    executablePath: process.env.AURA_BROWSER ?? "/usr/bin/chromium",
    args: [...flags, "--enable-precise-memory-info", "--js-flags=--expose-gc"],
  })
  try {
    const page = await openPage(browser, url, token)
    const run = `${url}/projects/${first}/run`
    return [
      ...(await benchLog(page, url, runs)),
      ...(await benchSwitch(page, url, [first, second], runs)),
      ...(await benchTimeline(page, url, { projectId: second, sessionId: long }, runs)),
      ...(await benchStream(page, run, (order) => child.send(order))),
    ]
  } finally {
    await browser.close()
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
}

async function openPage(browser: Browser, url: string, token: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const { url: link } = await createClient(url, () => token).call("createSignInLink", {})
  await page.goto(link)
  await page.getByRole("button", { name: "New project" }).first().waitFor()
  return page
}

async function benchLog(page: Page, url: string, runs: number): Promise<Figure[]> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    await page.goto(`${url}/projects`)
    await page.getByRole("link", { name: "Log" }).waitFor()
    const startedAt = performance.now()
    await page.getByRole("link", { name: "Log" }).click()
    await page.getByText("spec.saved").first().waitFor()
    times.push(performance.now() - startedAt)
  }
  await page.evaluate(watchFrames)
  await page.mouse.move(800, 500)
  for (let i = 0; i < 120; i++) await page.mouse.wheel(0, 900)
  const { gaps } = await page.evaluate<Frames>(takeFrames)
  return [
    {
      name: "a log of 100,000 stored events opens",
      value: round(median(times), 0),
      unit: "ms",
      goal: "<= 1000",
    },
    {
      name: "frames a second while it scrolls, median",
      value: round(1000 / median(gaps), 0),
      unit: "/s",
      goal: ">= 60",
    },
  ]
}

async function benchTimeline(
  page: Page,
  url: string,
  { projectId, sessionId }: { projectId: string; sessionId: string },
  runs: number,
): Promise<Figure[]> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    await page.goto(`${url}/projects/${projectId}/sessions`)
    const link = page.locator(`a[href$="/sessions/${sessionId}"]`).first()
    await link.waitFor()
    const startedAt = performance.now()
    await link.click()
    await page.getByText("of the bench looks at").first().waitFor()
    times.push(performance.now() - startedAt)
  }
  await page.evaluate(watchFrames)
  await page.mouse.move(600, 500)
  for (let i = 0; i < 120; i++) await page.mouse.wheel(0, 900)
  const { gaps } = await page.evaluate<Frames>(takeFrames)
  return [
    {
      name: "a timeline of 10,000 entries opens",
      value: round(median(times), 0),
      unit: "ms",
      goal: "<= 1000",
    },
    {
      name: "frames a second while it scrolls, median",
      value: round(1000 / median(gaps), 0),
      unit: "/s",
      goal: ">= 60",
    },
  ]
}

async function benchSwitch(page: Page, url: string, ids: readonly string[], runs: number): Promise<Figure[]> {
  const times: number[] = []
  for (const id of ids) {
    await page.goto(`${url}/projects/${id}/tasks`)
    await page.getByRole("list").getByText("Task 1", { exact: true }).first().waitFor()
  }
  const links = ["Bench one", "Bench two"]
  await page.getByRole("link", { name: "Bench one" }).click()
  await page.getByRole("heading", { name: "Bench one" }).waitFor()
  for (let run = 0; run < runs * 2; run++) {
    const name = links[(run + 1) % 2] ?? ""
    times.push(
      await page.evaluate<number>(`new Promise((resolve) => {
        const link = [...document.querySelectorAll("nav a")].find((each) => each.textContent === ${JSON.stringify(name)})
        const begun = performance.now()
        const look = () =>
          document.querySelector("h1")?.textContent === ${JSON.stringify(name)} && document.querySelector("main nav + * , main ol")
            ? resolve(performance.now() - begun)
            : requestAnimationFrame(look)
        link.click()
        look()
      })`),
    )
  }
  return [
    { name: "switching between known projects", value: round(median(times), 0), unit: "ms", goal: "<= 100" },
  ]
}

async function benchStream(page: Page, run: string, order: (order: object) => void): Promise<Figure[]> {
  await page.goto(run)
  await page.getByRole("region", { name: "Live" }).waitFor()
  await page.waitForTimeout(1500)
  const collect = "window.gc?.()"
  await page.evaluate(collect)
  const before = await page.evaluate<number>(heapMb)
  await page.evaluate(watchFrames)
  order({ perSecond: deltasPerSecond, seconds: streamSeconds })
  await page.waitForTimeout(streamSeconds * 1000)
  const { work } = await page.evaluate<Frames>(takeFrames)
  await page.evaluate(collect)
  const after = await page.evaluate<number>(heapMb)
  const sorted = work.toSorted((a, b) => a - b)
  return [
    {
      name: `work of a frame at ${deltasPerSecond} live deltas a second, p95`,
      value: round(sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN, 1),
      unit: "ms",
      goal: "< 8",
      beside: `${streamSeconds} s`,
    },
    { name: "heap grown meanwhile, after a collection", value: round(after - before, 1), unit: "MB" },
  ]
}
