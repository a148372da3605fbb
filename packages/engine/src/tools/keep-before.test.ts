import { openMemoryWorkspace } from "@aura/workspace"
import { expect, it } from "vitest"
import { keepBefore } from "./keep-before.ts"
import { runCommand } from "./run-command.ts"

async function run(command: string, keep: () => Promise<void>, happened: string[] = []) {
  const note = (what: string) => async () => void happened.push(what)
  const workspace = openMemoryWorkspace({ now: () => 0, sleep: async () => undefined })
  const kept = keepBefore(workspace, async () => {
    happened.push("snapshot begins")
    await keep()
    happened.push("snapshot ends")
  })
  const tool = runCommand(kept)
  const context = { signal: new AbortController().signal, onOutput: () => undefined, isRepeat: false }
  const outcome = await tool.run({ command }, { ...context, onBegin: note("command begins") })
  return { happened, outcome }
}

it("a command counts as begun only after the folder was kept before it", async () => {
  const { happened } = await run("rm -rf build", async () => undefined)
  expect(happened).toEqual(["snapshot begins", "snapshot ends", "command begins"])
})

it("a command never counts as begun when the snapshot before it is cut off", async () => {
  const happened: string[] = []
  const cutOff = () => Promise.reject(new Error("cut off"))
  await expect(run("rm -rf build", cutOff, happened)).rejects.toThrow("Not run")
  expect(happened).toEqual(["snapshot begins"])
})

it("a command that only reads counts as begun without a snapshot", async () => {
  expect((await run("cat a.txt", async () => undefined)).happened).toEqual(["command begins"])
})
