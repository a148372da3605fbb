/**
 * Takes docs/window.png: the native window on a display without a screen, in the middle of a rehearsal. It needs what the
 * tests of the window need, and ImageMagick's `import`.
 *
 *   node scripts/window-picture.ts [FILE]
 */
import { execFileSync, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { findServer, readEnv } from "@aura/server"
import { end, openDisplay } from "./display.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const file = process.argv[2] ?? join(root, "docs/window.png")
const dataDir = mkdtempSync(join(tmpdir(), "aura-picture-"))
const display = await openDisplay("1440x900")
const env = {
  ...process.env,
  DISPLAY: display.name,
  AURA_DATA_DIR: dataDir,
  AURA_SERVER_PORT: "0",
  LANG: "C.UTF-8",
}
execFileSync("xsetroot", ["-solid", "#aeb6c6"], { env })
const app = spawn(process.execPath, [join(root, "apps/desktop/src/main.ts")], {
  env: { ...env, ANTHROPIC_API_KEY: "" },
  stdio: "ignore",
})

const title = async () => await display.hand("getactivewindow", "getwindowname").catch(() => "")
const until = async (pattern: RegExp) => {
  while (!pattern.test(await title())) await sleep(50)
}

try {
  await until(/^Projects · Aura$/)
  const first = await display.hand("getactivewindow")
  const server = await findServer(readEnv(env, null))
  const [project] = (await server?.client.call("listProjects", { query: {} }))?.items ?? []
  await server?.client.call("openWindow", { body: { path: `/projects/${project?.id}/run` } })
  await until(/Rehearsal/)
  const second = await display.hand("getactivewindow")
  // The one at the start makes room.
  await display.hand("windowactivate", "--sync", first, "key", "ctrl+w")
  await until(/Rehearsal/)
  await display.hand("windowsize", "--sync", second, "1384", "826")
  await display.hand("windowmove", "--sync", second, "26", "22")
  await display.hand("mousemove", "1430", "890")
  await until(/^Running 4\//)
  // What is on its way to the page is there, and what moves has arrived.
  await sleep(1800)
  execFileSync("import", ["-window", "root", "-strip", file], { env })
} finally {
  await end(app, "SIGTERM")
  await display.close()
  rmSync(dataDir, { recursive: true, force: true })
}
