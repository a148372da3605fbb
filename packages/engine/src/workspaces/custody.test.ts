import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it, onTestFinished } from "vitest"
import { createCustody } from "./custody.ts"
import { runProcess } from "./process.ts"
import type { RunOptions } from "./workspace.ts"

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
function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ")
  } catch {
    return false
  }
}
/** Resolves when the process is gone. */
const gone = async (pid: number) => {
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve))
}

const inKeeper = () => {
  const custody = createCustody()
  onTestFinished(() => custody.close())
  return custody.run
}

describe.each([
  ["in this process", () => runProcess],
  ["in the keeper", inKeeper],
])("a command %s", (_, make) => {
  it("gives exit code, output in order, and the digest of all of it", async () => {
    const result = await make()("echo out; echo err >&2; exit 3", folder(), options())
    expect(result).toMatchObject({ exitCode: 3, output: "out\nerr\n", timedOut: false })
    expect(result.outputDigest).toMatch(/^[0-9a-f]{64}$/)
  })

  it("ends with its children at the time limit", async () => {
    const dir = folder()
    const result = await make()("sleep 600 & echo $! > pid; wait", dir, options({ timeoutMs: 300 }))
    expect(result).toMatchObject({ exitCode: null, timedOut: true })
    await gone(Number(readFileSync(join(dir, "pid"), "utf8")))
  })

  it("ends when it is stopped, even one that ignores the polite signal", async () => {
    const abort = new AbortController()
    const seen = Promise.withResolvers<void>()
    const result = make()(
      "trap '' TERM; echo ready; while :; do sleep 0.1; done",
      folder(),
      options({ signal: abort.signal, onOutput: (text) => text.includes("ready") && seen.resolve() }),
    )
    await seen.promise
    abort.abort()
    expect(await result).toMatchObject({ exitCode: null, aborted: true })
  })

  it("takes what it left in the background along, and does not wait for it", async () => {
    const dir = folder()
    const result = await make()("sleep 600 > /dev/null 2>&1 & echo $! > pid; echo done", dir, options())
    expect(result).toMatchObject({ exitCode: 0, output: "done\n" })
    await gone(Number(readFileSync(join(dir, "pid"), "utf8")))
  })

  it("has no stdin and none of Aura's secrets", async () => {
    process.env.ANTHROPIC_API_KEY = "sk-canary"
    onTestFinished(() => void delete process.env.ANTHROPIC_API_KEY)
    const { output } = await make()("cat; env; cat /proc/self/environ", folder(), options())
    expect(output).not.toContain("sk-canary")
  })

  it("keeps head and tail of a flood", async () => {
    const { output } = await make()("seq 1 200000", folder(), options())
    expect(output.length).toBeLessThan(60_000)
    expect([output.startsWith("1\n2\n"), output.endsWith("200000\n"), output.includes("left out")]).toEqual([
      true,
      true,
      true,
    ])
  })
})

describe("custody", () => {
  it("lets no command outlive a server that is killed outright", async () => {
    const dir = folder()
    const file = fileURLToPath(new URL("./custody.ts", import.meta.url))
    const script = `import { createCustody } from ${JSON.stringify(file)}
      await createCustody().run("echo $$ > pid; echo started; sleep 600", ${JSON.stringify(dir)}, { timeoutMs: 1e6, signal: new AbortController().signal, onOutput: (text) => console.log(text) })`
    const server = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    await new Promise<void>((resolve) =>
      server.stdout.on("data", (chunk: Buffer) => chunk.includes("started") && resolve()),
    )
    const pid = Number(readFileSync(join(dir, "pid"), "utf8"))
    expect(isAlive(pid)).toBe(true)
    server.kill("SIGKILL")
    await gone(pid)
  })
})
