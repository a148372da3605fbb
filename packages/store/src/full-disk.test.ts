/** A full disk refuses commits and costs nothing else. */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { programPath, runProgram } from "../test/child.ts"
import { makeFolder } from "../test/samples.ts"

/** A disk with two ballast files; what is left over is the room the store has at first. */
const script = `
  mount -t tmpfs -o size="$((70 + $2))m" tmpfs "$1" &&
  head -c 40M /dev/zero > "$1/ballast" && head -c 30M /dev/zero > "$1/more" &&
  exec "$3" "$4" "$1/store" "$1/ballast" "$1/more" "$5"`

/** Where a user may mount a disk of their own, what does it. */
function findUnshare(): string | undefined {
  const path = ["/usr/bin/unshare", "/bin/unshare"].find((each) => existsSync(each))
  if (!path) return undefined
  return spawnSync(path, ["-Urm", "true"]).status === 0 ? path : undefined
}

const disks = [
  { what: "its log", megabytes: 14, rowSize: 2000 },
  { what: "a table file", megabytes: 28, rowSize: 300_000 },
]

test.for(disks)("goes on without loss after a disk had no room for $what", async (disk, context) => {
  const unshare = findUnshare()
  if (!unshare) {
    console.warn("SKIPPED the full disk: this machine lets nobody mount a small one (unshare -Urm)")
    return context.skip()
  }
  const mount = join(await makeFolder(onTestFinished), "disk")
  await mkdir(mount)
  const program = [process.execPath, programPath("full-disk.ts"), String(disk.rowSize)]
  const args = ["-Urm", "bash", "-c", script, "fill", mount, String(disk.megabytes), ...program]
  const child = runProgram(unshare, args)
  expect(await child.ended).toEqual({ code: 0, errors: "" })
  expect(JSON.parse(child.lines.at(-1) ?? "null")).toEqual({
    first: "service_unavailable disk_full",
    stillFull: ["service_unavailable disk_full", "service_unavailable disk_full"],
    readable: true,
    afterRoom: "saved",
    whole: true,
    second: "service_unavailable disk_full",
    reopened: true,
    damage: null,
  })
})
