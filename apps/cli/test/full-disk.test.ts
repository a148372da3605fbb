/** A disk that is full for a while under everything Aura writes: the run waits and ends as if nothing had happened. */
import { spawn, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseScreenplay, startModelServer } from "@aura/model"
import { it } from "vitest"
import { call, play, task, work } from "./_processes.ts"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))
const unshare = ["/usr/bin/unshare", "/bin/unshare"].find((path) => existsSync(path))
const canMount = unshare !== undefined && spawnSync(unshare, ["-Urm", "true"]).status === 0

/** Fills the disk as often as it is asked to by a file, each time for four seconds. */
const script = `
  mount -t tmpfs -o "$2" tmpfs "$1" && cd "$1" && mkdir ws && cp ../requirements.md . || exit 90
  fill=$3
  ( for n in 1 2; do
      until [ -e "full$n" ]; do sleep 0.1; done
      mkdir fill; eval "$fill"; sleep 4; rm -r fill; echo "$n" >> ../filled
    done ) > /dev/null 2>&1 &
  "$4" "$5" run requirements.md --workspace ws
  code=$?
  git -C ws fsck > ../fsck 2>&1; git -C ws log --format=%s > ../log; git -C ws status --short > ../status
  tail -c 1M data/audit/*.jsonl > ../audit
  kill %1 2> /dev/null
  exit $code`

const fillings = [
  ["no room", "size=400m", "head -c 500M /dev/zero > fill/all"],
  ["no inode", "size=400m,nr_inodes=6000", 'for i in $(seq 7000); do : > "fill/$i" || break; done'],
] as const

it.skipIf(!canMount).concurrent.for(fillings)(
  "a run that finds %s for a while, within a task and while it is proven, loses nothing",
  async ([, size, fill], { expect, onTestFinished }) => {
    const root = mkdtempSync(join(tmpdir(), "aura-full-"))
    onTestFinished(() => rmSync(root, { recursive: true, force: true }))
    const disk = join(root, "disk")
    mkdirSync(disk)
    writeFileSync(join(root, "requirements.md"), "# Three files\n\n- one\n- two\n- three\n")
    const [specs] = play.scenes
    const asks = (n: number) => `test -e ${disk}/full${n} || { touch ${disk}/full${n}; sleep 2; }`
    const scenes = [
      specs,
      {
        when: { phase: "tasks" },
        replies: [{ calls: [task("One", { checks: [`${asks(2)}; test -s one.txt`] })] }, { text: "Done." }],
      },
      work(
        "One",
        call("run_command", { command: asks(1) }),
        call("write_file", { path: "one.txt", content: "1" }),
      ),
    ]
    const model = await startModelServer({
      screenplay: parseScreenplay(JSON.stringify({ scenes })),
      port: 0,
    })
    onTestFinished(() => model.close())
    const args = ["-Urm", "bash", "-c", script, "full", disk, size, fill, process.execPath, main]
    const child = spawn(unshare ?? "", args, {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        AURA_DATA_DIR: join(disk, "data"),
        AURA_UNSANDBOXED: "1",
        ANTHROPIC_BASE_URL: model.url,
        ANTHROPIC_API_KEY: "test-key",
      },
      stdio: ["ignore", "pipe", "pipe"],
    })
    let said = ""
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        process.stderr.write(chunk)
        said += chunk.toString("utf8")
      })
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve))
    const left = (name: string) => readFileSync(join(root, name), "utf8").trim()
    expect([code, said]).toEqual([0, expect.stringContaining("disk is full")])
    expect(said).not.toContain("attempt 2")
    expect(left("filled")).toBe("1\n2")
    expect([left("log"), left("status")]).toEqual(["One", ""])
    expect(left("fsck")).not.toMatch(/error|missing|corrupt/)
    expect(left("audit")).toContain('"kind":"commit"')
  },
)
