import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { call, play, quickTwo, runArgs, setUp, task, work } from "./_processes.ts"

describe("aura run", () => {
  it("survives kill -9 half-way: run again it finishes without redoing what was done, and a third time does nothing", async () => {
    const aura = await setUp()
    const first = aura.start(...runArgs, "--json")
    await aura.begun()
    first.child.kill("SIGKILL")
    await first.ended
    const second = await aura.start(...runArgs).ended
    expect(second).toMatchObject({ code: 0, stderr: expect.stringContaining("All 3 tasks are done") })
    expect(second.stderr).toMatch(
      /^\d tasks? to go, about \$[\d.]+ \(.+\), in about \d+ min \(.+\) of work$/m,
    )
    expect(second.stderr).toMatch(/^Cost by requirement: R1 (< )?\$[\d.]+/m)
    expect(aura.git("log", "--format=%s").split("\n").toSorted()).toEqual(["One", "Three", "Two"])
    expect(aura.git("status", "--porcelain")).toBe("")
    const head = aura.git("rev-parse", "HEAD")
    const third = await aura.start(...runArgs).ended
    expect(third).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringContaining("nothing was started"),
    })
    expect(aura.git("rev-parse", "HEAD")).toBe(head)
  })

  it("does not call done what a reset took off the branch, and brings it back when told to", async () => {
    const aura = await setUp({
      scenes: play.scenes.filter((scene) => scene.when.task !== "Two").concat(quickTwo),
    })
    expect((await aura.start(...runArgs).ended).code).toBe(0)
    const head = aura.git("rev-parse", "HEAD")
    aura.git("reset", "-q", "--hard", "HEAD~2")
    expect(await aura.start(...runArgs).ended).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/2 done tasks are no longer on the branch.*--missing bring-back/s),
    })
    expect(await aura.start(...runArgs, "--missing", "nonsense").ended).toMatchObject({ code: 2 })
    expect(await aura.start(...runArgs, "--missing", "bring-back").ended).toMatchObject({ code: 0 })
    expect(aura.git("rev-parse", "HEAD")).toBe(head)
    expect(aura.git("status", "--porcelain")).toBe("")
  })

  it("shows what a changed document does to the plan, and stops before it spends more than the budget", async () => {
    const aura = await setUp({
      scenes: play.scenes.filter((scene) => scene.when.task !== "Two").concat(quickTwo),
    })
    expect((await aura.start(...runArgs).ended).code).toBe(0)
    const document = join(aura.root, "requirements.md")
    writeFileSync(document, `${readFileSync(document, "utf8")}\n- It encrypts all that it stores\n`)
    const refused = await aura.start(...runArgs, "--budget", "0.0001").ended
    expect(refused).toMatchObject({ code: 4, stdout: "" })
    expect(refused.stderr).toMatch(
      /kept: 3 tasks\n.*new: R\d+ It encrypts all that it stores\n.*projected: .*\$0\.00 of the budget/s,
    )
    expect(refused.stderr).toContain("Nothing was changed.")
    expect(await aura.start(...runArgs, "--leave-out", "3").ended).toMatchObject({ code: 2 })
    const id = /new: (R\d+)/.exec(refused.stderr)?.[1] ?? ""
    expect(await aura.start(...runArgs, "--leave-out", id).ended).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(new RegExp(`left out: ${id}.*nothing was started`, "s")),
    })
  })

  it("stops cleanly on Ctrl-C with exit code 130, and can be gone on with", async () => {
    const aura = await setUp()
    const first = aura.start(...runArgs, "--json")
    await aura.begun()
    first.child.kill("SIGINT")
    expect((await first.ended).code).toBe(130)
    expect((await aura.start(...runArgs).ended).code).toBe(0)
    expect(aura.git("rev-list", "--count", "HEAD")).toBe("3")
  })

  it("prints one JSON event per line and nothing else with --json, numbered without a gap", async () => {
    const aura = await setUp({
      scenes: play.scenes.filter((scene) => scene.when.task !== "Two"),
    })
    const { code, stdout } = await aura.start(...runArgs, "--json").ended
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
    expect(code).not.toBe(0)
    const seqs = events.flatMap((event) => ("seq" in event ? [event.seq] : []))
    expect(seqs).toEqual(seqs.map((_, i) => seqs[0] + i))
    expect(events.map((event) => event.type)).toContain("task.finished")
  })

  it.each([
    ["a failing check", { checks: ["false"] }, {}, [], 3],
    ["a budget", {}, {}, ["--budget", "0.001"], 4],
    ["a refused key", {}, { fault: { status: 401, times: 99 } }, [], 5],
  ])("ends %s with its exit code", async (_, taskMore, fault, args, code) => {
    const aura = await setUp({
      scenes: [
        {
          when: { phase: "specs" },
          replies: [
            { ...fault, calls: [call("create_spec", { title: "Core", markdown: "# Core" })] },
            { text: "Done." },
          ],
        },
        { when: { phase: "tasks" }, replies: [{ calls: [task("One", taskMore)] }, { text: "Done." }] },
        {
          when: { phase: "work" },
          replies: [
            {
              calls: [
                call("write_file", { path: "one.txt", content: "1" }),
                call("task_done", { notes: "Done." }),
              ],
            },
            ...Array.from({ length: 5 }, () => ({ calls: [call("task_done", { notes: "Done." })] })),
          ],
        },
      ],
    })
    expect((await aura.start(...runArgs, ...args).ended).code).toBe(code)
  })

  it.each([
    ["no document", ["run"], "Name the requirements document"],
    ["a document that is not there", ["run", "none.md", "--workspace", "ws"], "There is no file none.md"],
    ["a folder that is not there", ["run", "requirements.md", "--workspace", "none"], "does not exist"],
    ["an unknown flag", ["run", "requirements.md", "--workspace", "ws", "--frob"], "--frob"],
    ["an unknown command", ["frob"], "There is no command"],
  ])("refuses %s with exit code 2 and one line", async (_, args, words) => {
    const aura = await setUp()
    const { code, stdout, stderr } = await aura.start(...args).ended
    expect([code, stdout, stderr.trim().split("\n").length]).toEqual([2, "", 1])
    expect(stderr).toContain(words)
  })

  it("works through a running server when there is one", async () => {
    const aura = await setUp({
      scenes: play.scenes.map((scene) =>
        scene.when.task === "Two"
          ? work("Two", call("write_file", { path: "two.txt", content: "2" }))
          : scene,
      ),
    })
    const server = aura.start("serve", "--port", "0")
    await server.printed("Sign in with")
    expect((await aura.start(...runArgs).ended).code).toBe(0)
    const status = await aura.start("status", "--json").ended
    expect(JSON.parse(status.stdout)[0].progress).toMatchObject({ percent: 100 })
    server.child.kill("SIGTERM")
    expect((await server.ended).code).toBe(0)
  })

  it("brings the folder back to how it was, once it is asked for and agreed to", async () => {
    const aura = await setUp({ scenes: play.scenes.filter((scene) => scene.when.task !== "Two") })
    writeFileSync(join(aura.root, "ws", "mine.txt"), "mine")
    await aura.start(...runArgs).ended
    const { stdout } = await aura.start("status", "--json").ended
    const { id } = JSON.parse(stdout)[0].project
    const list = await aura.start("restore", id).ended
    expect([list.code, list.stdout]).toEqual([0, expect.stringContaining("Before the task “One”")])
    const oldest = list.stdout.trim().split("\n").length
    rmSync(join(aura.root, "ws", "mine.txt"))
    const refused = await aura.start("restore", id, String(oldest)).ended
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("--yes")])
    expect(existsSync(join(aura.root, "ws", "mine.txt"))).toBe(false)
    const restored = await aura.start("restore", id, String(oldest), "--yes").ended
    expect(restored).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\+ mine.txt[\s\S]*- one.txt[\s\S]*as it was/),
    })
    expect(existsSync(join(aura.root, "ws", "mine.txt"))).toBe(true)
    expect(existsSync(join(aura.root, "ws", "one.txt"))).toBe(false)
    expect((await aura.start("restore", id, "99").ended).stderr).toContain('no snapshot "99"')
  })
})
