import { setTimeout as pause } from "node:timers/promises"
import { expect, it } from "vitest"
import { call, play, type Reader, runArgs, setUp, work } from "./_processes.ts"

const long = `${"x".repeat(99)}\n`.repeat(20_000)

/** The usual job with one file that makes its events longer than any pipe holds. */
const lengthy = {
  scenes: play.scenes.map((scene) =>
    scene.when.task === "Two" ? work("Two", call("write_file", { path: "two.txt", content: long })) : scene,
  ),
}
/** As above, and a command that does not end. */
const endless = {
  scenes: play.scenes.map((scene) => {
    if (scene.when.task !== "Two" || !("replies" in scene)) return scene
    const [first, ...others] = scene.replies
    const write = { calls: [call("write_file", { path: "two.txt", content: long })] }
    return first ? { ...scene, replies: [write, ...others] } : scene
  }),
}

const readSlowly: Reader = async (output, take, told) => {
  await told("All 3 tasks are done")
  for await (const chunk of output.setEncoding("utf8")) {
    take(String(chunk))
    await pause(30)
  }
}
const readNothing: Reader = async () => undefined
const readOneLine: Reader = async (output) => {
  output.once("data", () => output.destroy())
}

it("writes everything to a reader that is slower than the run, on both outputs", async () => {
  const aura = await setUp(lengthy, readSlowly)
  const { code, stdout, stderr } = await aura.start(...runArgs, "--json").ended
  const types = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).type)
  // The session of a run is closed after the run.
  expect([code, types.filter((type) => type !== "session.finished").at(-1)]).toEqual([0, "loop.finished"])
  expect(stderr).toContain("All 3 tasks are done")
})

it("ends after Ctrl-C although nobody ever reads its output", async () => {
  const aura = await setUp(endless, readNothing)
  const { child } = aura.start(...runArgs, "--json")
  const exited = new Promise<number | null>((resolve) => child.on("exit", resolve))
  await aura.begun()
  child.kill("SIGINT")
  expect(await exited).toBe(130)
})

it("stops the work and ends without a word about it when its reader leaves", async () => {
  const aura = await setUp(endless, readOneLine)
  const { code, stderr } = await aura.start(...runArgs, "--json").ended
  expect([code, stderr]).toEqual([130, expect.not.stringContaining("EPIPE")])
  expect(stderr).not.toContain("bug of its own")
})
