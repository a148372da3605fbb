/** A first start where the data directory cannot be made: a sentence, and nothing is left behind. */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it, onTestFinished } from "vitest"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))
const unshare = ["/usr/bin/unshare", "/bin/unshare"].find((path) => existsSync(path))
const canMount = unshare !== undefined && spawnSync(unshare, ["-Urm", "true"]).status === 0

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "aura-first-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Runs a command of Aura on a disk of a few pages, mounted for it alone, after `fill` ran there. */
function startOn(size: string, fill: string, ...args: string[]) {
  const disk = join(makeFolder(), "disk")
  mkdirSync(disk)
  const script = `mount -t tmpfs -o ${size} tmpfs "$1" && cd "$1" && { ${fill}; shift; exec "$@"; }`
  return spawnSync(
    unshare ?? "",
    ["-Urm", "bash", "-c", script, "start", disk, process.execPath, main, ...args],
    {
      encoding: "utf8",
      timeout: 15_000,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, AURA_DATA_DIR: join(disk, "data") },
    },
  )
}

const full = "head -c 100000 /dev/zero > ballast 2> /dev/null"
it.skipIf(!canMount).each([
  ["a full disk", "size=64k", full, "serve", "--port", "0"],
  ["a full disk", "size=64k", full, "token"],
  ["a full disk with a data directory", "size=64k", `mkdir data; ${full}`, "serve", "--port", "0"],
  ["a disk with little room", "size=64k", "true", "serve", "--port", "0"],
  ["a disk without inodes", "size=8m,nr_inodes=2", "touch a", "serve", "--port", "0"],
  ["a disk with few inodes", "size=8m,nr_inodes=12", "true", "serve", "--port", "0"],
])("the first start on %s (%s, %s) is a sentence", (_, size, fill, ...args) => {
  const { status, stderr } = startOn(size, fill, ...args)
  expect([status, stderr]).toEqual([2, expect.stringMatching(/disk.* full/)])
  expect(stderr).not.toMatch(/bug of its own|\n {4}at /)
})

it("the first start in a place that is a file is a sentence", () => {
  const folder = makeFolder()
  writeFileSync(join(folder, "data"), "")
  const { status, stderr } = spawnSync(process.execPath, [main, "token"], {
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: process.env.HOME, AURA_DATA_DIR: join(folder, "data") },
  })
  expect([status, stderr]).toEqual([2, expect.stringContaining("AURA_DATA_DIR")])
})

it("`aura` alone shows the two commands that matter first, and makes no data directory", () => {
  const dataDir = join(makeFolder(), "data")
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, AURA_DATA_DIR: dataDir }
  const { status, stdout } = spawnSync(process.execPath, [main], { encoding: "utf8", env })
  expect(status).toBe(0)
  expect(stdout.split("\n").slice(2, 4)).toEqual([
    expect.stringContaining("aura serve"),
    expect.stringContaining("aura run requirements.md"),
  ])
  expect(existsSync(dataDir)).toBe(false)
})
