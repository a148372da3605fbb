import { rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { expect, it } from "vitest"
import { call, play, runArgs, setUp, work } from "./_processes.ts"

const quick = play.scenes.map((scene) =>
  scene.when.task === "Two" ? work("Two", call("write_file", { path: "two.txt", content: "2" })) : scene,
)
/** Its plan takes a while: the provider asks for a wait first. */
const wait = { fault: { status: 529, retryAfterSecs: 3, times: 1 } }
const slow = {
  scenes: quick.map((scene) =>
    scene.when.phase === "specs" || scene.when.phase === "tasks"
      ? { ...scene, replies: scene.replies.map((reply, i) => (i === 0 ? { ...reply, ...wait } : reply)) }
      : scene,
  ),
}

const projectsOf = (stdout: string): object[] => JSON.parse(stdout)

it("two runs started at the same moment on an empty data directory do one job and end alike", async () => {
  const aura = await setUp({ scenes: quick })
  const both = [aura.start(...runArgs), aura.start(...runArgs), aura.start(...runArgs)]
  const ended = await Promise.all(both.map((one) => one.ended))
  expect(ended.map(({ code, stderr }) => [code, stderr.trim().split("\n").at(-1)])).toEqual(
    ended.map(() => [0, expect.stringContaining("done")]),
  )
  expect(aura.git("log", "--format=%s").split("\n").toSorted()).toEqual(["One", "Three", "Two"])
  expect(projectsOf((await aura.start("status", "--json").ended).stdout)).toHaveLength(1)
})

it.each(["specs", "tasks"])(
  "a run joins the %s that another one plans, and ends as it does",
  async (step) => {
    const aura = await setUp(slow)
    const first = aura.start(...runArgs)
    await first.printed(step === "specs" ? "Writing specs" : "Extracting tasks")
    const second = await aura.start(...runArgs).ended
    expect([second.code, second.stderr]).toEqual([0, expect.stringContaining("All 3 tasks are done")])
    expect((await first.ended).code).toBe(0)
    expect(aura.git("rev-list", "--count", "HEAD")).toBe("3")
  },
)

it("a joined run goes on by itself when the process that hosts it is killed", async () => {
  const aura = await setUp(play)
  const first = aura.start(...runArgs)
  await aura.begun()
  const second = aura.start(...runArgs, "--json")
  // It follows the run once it tells of what somebody does.
  await aura.commentUntil(() => second.stdout().includes("comment.added"))
  first.child.kill("SIGKILL")
  const ended = await second.ended
  expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining("This one goes on with it")])
  expect(aura.git("rev-list", "--count", "HEAD")).toBe("3")
})

it("a run that joins a plan ends with that plan's exit code", async () => {
  const refused = slow.scenes.map((scene) =>
    scene.when.phase === "tasks" ? { ...scene, replies: [{ fault: { status: 401, times: 99 } }] } : scene,
  )
  const aura = await setUp({ scenes: refused })
  const first = aura.start(...runArgs)
  await first.printed("Writing specs")
  const second = aura.start(...runArgs)
  expect([(await first.ended).code, (await second.ended).code]).toEqual([5, 5])
})

it("a note of a server that is gone, whose port another program has, keeps nobody from starting", async () => {
  const aura = await setUp({ scenes: quick })
  const other = createServer((_, response) => response.end('{"status":"ok"}'))
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve))
  const address = other.address()
  const port = typeof address === "object" ? address?.port : 0
  await aura.start("token").ended
  writeFileSync(
    join(aura.root, "data", "server.json"),
    JSON.stringify({ url: `http://127.0.0.1:${port}`, pid: 1 }),
  )
  expect((await aura.start(...runArgs).ended).code).toBe(0)
  other.close()
  rmSync(join(aura.root, "data"), { recursive: true })
})
