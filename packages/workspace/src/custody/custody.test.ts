import { spawn, spawnSync } from "node:child_process"
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it, onTestFinished } from "vitest"
import { findSandbox, type Sandbox } from "../sandbox/sandbox.ts"
import type { RunOptions } from "../workspace.ts"
import { type CustodyOptions, createCustody } from "./custody.ts"

function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "aura-custody-")))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}
const options = (more: Partial<RunOptions> = {}): RunOptions => ({
  timeoutMs: 20_000,
  signal: new AbortController().signal,
  ...more,
})

let marks = 0
/** A number of seconds that no other process sleeps, to find it by. */
const mark = () => `600.${process.pid}${marks++}`
function isAlive(seconds: string): boolean {
  return readdirSync("/proc").some((pid) => /^\d+$/.test(pid) && readCommand(pid).includes(seconds))
}
function readCommand(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8")
  } catch {
    return ""
  }
}
/** Resolves when nothing with the mark lives any more. */
const gone = (seconds: string) => expect.poll(() => isAlive(seconds), { timeout: 10_000 }).toBe(false)

function open(sandbox: Sandbox, limits: CustodyOptions["limits"] = {}) {
  const [root, dataDir] = [folder(), folder()]
  const custody = createCustody({ sandbox, dataDir, limits })
  onTestFinished(() => custody.close())
  const run = (command: string, more: Partial<RunOptions> = {}) =>
    custody.run(command, { root, cwd: root }, options(more))
  return { run, root, dataDir }
}

const sandbox = await findSandbox(false)

describe.each([
  ["in its sandbox", sandbox],
  ["unprotected, as the user said", { kind: "off" } as const],
])("a command %s", (_, kind) => {
  it("gives exit code, output in order, and the digest of all of it", async () => {
    const result = await open(kind).run("echo out; echo err >&2; exit 3")
    expect(result).toMatchObject({ exitCode: 3, output: "out\nerr\n" })
    expect(result.over).toBeUndefined()
    expect(result.outputDigest).toMatch(/^[0-9a-f]{64}$/)
  })

  it("is killed with its children at the time limit", async () => {
    const seconds = mark()
    const result = await open(kind).run(`sleep ${seconds} & wait`, { timeoutMs: 500 })
    expect(result).toMatchObject({ exitCode: null, over: "time" })
    await gone(seconds)
  })

  it("ends when it is stopped, even if it ignores SIGTERM", async () => {
    const abort = new AbortController()
    const seen = Promise.withResolvers<void>()
    const result = open(kind).run("trap '' TERM; echo ready; while :; do sleep 0.1; done", {
      signal: abort.signal,
      onOutput: (text) => text.includes("ready") && seen.resolve(),
    })
    await seen.promise
    abort.abort()
    expect(await result).toMatchObject({ exitCode: null, aborted: true })
  })

  it("ends its background processes without waiting for them", async () => {
    const seconds = mark()
    const { run } = open(kind)
    expect(await run(`sleep ${seconds} > /dev/null 2>&1 & echo done`)).toMatchObject({
      exitCode: 0,
      output: "done\n",
    })
    await gone(seconds)
  })

  it("has no stdin and none of Aura's secrets", async () => {
    process.env.ANTHROPIC_API_KEY = "sk-canary"
    onTestFinished(() => void delete process.env.ANTHROPIC_API_KEY)
    const { output } = await open(kind).run("cat; env; cat /proc/self/environ")
    expect(output).not.toContain("sk-canary")
  })

  it("returns head and tail of a long output, and stores all of it in a file that the next command can read", async () => {
    const { run } = open(kind)
    const { output, kept } = await run("seq 1 200000")
    expect(output.length).toBeLessThan(60_000)
    expect([output.startsWith("1\n2\n"), output.endsWith("200000\n"), output.includes("left out")]).toEqual([
      true,
      true,
      true,
    ])
    expect(kept).toMatchObject({ bytes: 1_288_895, isWhole: true })
    expect((await run(`sed -n 123456p ${kept?.path}`)).output).toBe("123456\n")
    expect((await run("seq 1 100")).kept).toBeUndefined()
  })

  it("is killed when its processes together exceed the memory limit", async () => {
    const { run } = open(kind, { memoryBytes: 200e6 })
    const eat = `python3 -c 'a = "x" * 150_000_000; import time; time.sleep(60)'`
    expect(await run(`${eat} & ${eat} & wait`)).toMatchObject({ exitCode: null, over: "memory" })
  })

  it("has a kernel limit on processes, for those started between two measurements", async () => {
    const { output } = await open(kind).run("cat /proc/self/limits")
    expect(output).toMatch(/^Max processes +4096 +4096 /m)
    expect(output).toMatch(/^Max core file size +0 /m)
  })

  it("is killed when it exceeds the process limit", async () => {
    const { run } = open(kind, { processes: 20 })
    expect(await run("for i in $(seq 40); do sleep 60 & done; wait")).toMatchObject({ over: "processes" })
  })

  it("keeps /tmp and the home directory from one command to the next", async () => {
    const { run } = open(kind)
    const name = `aura-${mark()}`
    await run(`echo kept > /tmp/${name}`)
    expect((await run(`cat /tmp/${name} && rm /tmp/${name}`)).output).toBe("kept\n")
  })
})

describe("custody", () => {
  it("ends processes that moved into another session", async () => {
    const seconds = mark()
    const { run } = open(sandbox)
    await run(`setsid sh -c 'sleep ${seconds} > /dev/null 2>&1 &' > /dev/null 2>&1; echo done`)
    await gone(seconds)
  })

  it("ends all commands when the server is killed", async () => {
    const [root, dataDir, seconds] = [folder(), folder(), mark()]
    const file = fileURLToPath(new URL("./custody.ts", import.meta.url))
    const script = `import { createCustody } from ${JSON.stringify(file)}
      const custody = createCustody({ sandbox: ${JSON.stringify(sandbox)}, dataDir: ${JSON.stringify(dataDir)} })
      const place = { root: ${JSON.stringify(root)}, cwd: ${JSON.stringify(root)} }
      await custody.run("setsid sleep ${seconds} & echo started; sleep ${seconds}", place, { timeoutMs: 1e6, signal: new AbortController().signal, onOutput: (text) => console.log(text) })`
    const server = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    await new Promise<void>((resolve) =>
      server.stdout.on("data", (chunk: Buffer) => chunk.includes("started") && resolve()),
    )
    // It says so right before the sleep begins.
    await expect.poll(() => isAlive(`sleep\0${seconds}`), { timeout: 20_000 }).toBe(true)
    server.kill("SIGKILL")
    await gone(seconds)
  })

  it("does not pass inherited files to commands", async () => {
    const [root, dataDir, outside] = [folder(), folder(), folder()]
    const file = fileURLToPath(new URL("./custody.ts", import.meta.url))
    const script = `import { createCustody } from ${JSON.stringify(file)}
      const custody = createCustody({ sandbox: ${JSON.stringify(sandbox)}, dataDir: ${JSON.stringify(dataDir)} })
      const place = { root: ${JSON.stringify(root)}, cwd: ${JSON.stringify(root)} }
      const { output } = await custody.run("for f in /proc/self/fd/*; do readlink $f; done; echo changed >&9; echo changed >&57", place, { timeoutMs: 1e5, signal: new AbortController().signal })
      console.log(output)
      custody.close()`
    writeFileSync(join(outside, "open.txt"), "as it was\n")
    // Nine is among those that Node closes by itself, fifty-seven is not.
    const shell = `exec 9>>"$1" 57>>"$1"; shift; exec "$@"`
    const args = [join(outside, "open.txt"), process.execPath, "--input-type=module", "-e", script]
    const { stdout } = spawnSync("bash", ["-c", shell, "bash", ...args], { encoding: "utf8" })
    expect(stdout).toContain("Bad file descriptor")
    expect(stdout).not.toContain("open.txt")
    expect(readFileSync(join(outside, "open.txt"), "utf8")).toBe("as it was\n")
  })

  it.each([
    [
      "a file in memory",
      "os.ftruncate(f := os.memfd_create('m'), 0); [os.write(f, b'x' * 1_000_000) for _ in range(300)]",
    ],
    [
      "memory that it shares with its children",
      "import mmap; m = mmap.mmap(-1, 300_000_000); m.write(b'x' * 300_000_000); os.fork()",
    ],
  ])("counts %s", async (_, fill) => {
    const { run } = open(sandbox, { memoryBytes: 200e6 })
    const result = await run(`python3 -c "import os, time; ${fill}; time.sleep(60)"`)
    expect(result, result.output).toMatchObject({ exitCode: null, over: "memory" })
  })

  it.each(["/dev/shm", "/run", "/dev", "/"])(
    "lets no command fill the memory by files in %s",
    async (path) => {
      const { run } = open(sandbox)
      const { output } = await run(
        `head -c 600000000 /dev/zero > ${path.replace(/\/$/, "")}/fill; df --output=size -B1 ${path} | tail -1`,
      )
      expect(output).toMatch(/No space left|Read-only file system|Permission denied/)
    },
  )

  it("rejects commands without a sandbox unless it was disabled, except Aura's own", async () => {
    const [root, dataDir] = [folder(), folder()]
    const reason = "Aura runs no command without a sandbox."
    const custody = createCustody({ sandbox: { kind: "missing", reason }, dataDir })
    onTestFinished(() => custody.close())
    const place = { root, cwd: root }
    await expect(custody.run("touch ran", place, options())).rejects.toMatchObject({ message: reason })
    expect(readdirSync(root)).toEqual([])
    expect(await custody.run("touch ran", { ...place, isOwn: true }, options())).toMatchObject({
      exitCode: 0,
    })
  })

  it("empties the scratch folders when Aura starts", async () => {
    const first = open(sandbox)
    await first.run("echo x > /tmp/left")
    const again = createCustody({ sandbox, dataDir: first.dataDir })
    onTestFinished(() => again.close())
    const place = { root: first.root, cwd: first.root }
    expect((await again.run("ls /tmp", place, options())).output).not.toContain("left")
  })

  it("truncates an output file at its limit, and reports it", async () => {
    const { run } = open(sandbox)
    const { kept } = await run("head -c 60000000 /dev/zero | tr '\\0' x")
    expect(kept).toMatchObject({ bytes: 60_000_000, isWhole: false })
    expect(statSync(kept?.path ?? "").size).toBe(50 * 1024 * 1024)
    writeFileSync(kept?.path ?? "", "")
  })
})
