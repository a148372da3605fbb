/** Aura's data is its owner's alone, whatever the umask and whatever lay there before; what is not Aura's is left as it is. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readEnv, startServer } from "@aura/server"
import { expect, it, onTestFinished } from "vitest"

function setUp() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "aura-modes-")))
  const before = process.umask(0)
  onTestFinished(() => {
    process.umask(before)
    rmSync(root, { recursive: true, force: true })
  })
  const dataDir = join(root, "data")
  mkdirSync(dataDir)
  const start = async () => {
    const env = readEnv({ AURA_DATA_DIR: dataDir, ANTHROPIC_BASE_URL: "http://127.0.0.1:9" }, null)
    const running = await startServer({ env: { ...env, port: 0 } })
    onTestFinished(() => running.stop())
    return running
  }
  return { root, dataDir, start }
}

/** Names below a folder that others may read, write or enter. */
const shared = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => (lstatSync(join(folder, name)).mode & 0o077) !== 0,
  )

it.runIf(process.platform !== "win32")(
  "makes every file of the data directory its owner's alone",
  async () => {
    const { dataDir, start } = setUp()
    await start()
    await expect.poll(() => shared(dataDir), { timeout: 30_000 }).toEqual([])
    expect(lstatSync(dataDir).mode & 0o777).toBe(0o700)
    expect(process.umask()).toBe(0)
  },
)

it.runIf(process.platform !== "win32")(
  "takes the rights of others from what an earlier version left",
  async () => {
    const { dataDir, start } = setUp()
    await (await start()).stop()
    const db = join(dataDir, "db", "db")
    for (const name of readdirSync(db)) chmodSync(join(db, name), 0o644)
    chmodSync(join(dataDir, "keys.json"), 0o644)
    chmodSync(dataDir, 0o755)
    await start()
    await expect.poll(() => shared(dataDir), { timeout: 30_000 }).toEqual([])
    expect(lstatSync(dataDir).mode & 0o777).toBe(0o700)
  },
)

it.runIf(process.platform !== "win32")(
  "leaves alone what is not Aura's, and what links lead to",
  async () => {
    const { root, dataDir, start } = setUp()
    writeFileSync(join(dataDir, "mine.txt"), "x", { mode: 0o644 })
    writeFileSync(join(root, "elsewhere"), "x", { mode: 0o644 })
    mkdirSync(join(dataDir, "audit"))
    symlinkSync(join(root, "elsewhere"), join(dataDir, "audit", "link"))
    await start()
    const isDone = () =>
      shared(dataDir).filter((name) => name !== "mine.txt" && name !== join("audit", "link"))
    await expect.poll(isDone, { timeout: 30_000 }).toEqual([])
    const modes = [dataDir, join(dataDir, "mine.txt"), join(root, "elsewhere")].map(
      (path) => lstatSync(path).mode & 0o777,
    )
    expect(modes).toEqual([0o777, 0o644, 0o644])
  },
)
