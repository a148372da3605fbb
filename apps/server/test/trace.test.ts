/** Traces both ways over HTTP: from a requirement to what proved it, and from a line or a commit back. */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import { done, screenplayOf, specsScene, tasksScene, testApp, work, write } from "./_app.ts"

it("leads from a requirement to its proof, and from a line, a commit and a hash back to it", async () => {
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene(
        { title: "Make a", checks: ["grep -q two src/a.txt"], requirements: ["R1"] },
        { title: "Make b", checks: ["grep -q b b.txt"], requirements: ["R2"] },
      ),
      work("Make a", [
        { calls: [write("src/a.txt", "one\n")] },
        done(),
        { calls: [write("src/a.txt", "one\ntwo\n")] },
        done(),
      ]),
      work("Make b", [{ calls: [write("b.txt", "b\n")] }, done()]),
    ),
  )
  const project = await app.createProject({
    requirements: "# Thing\n\n- FR-001: It has a file a.txt\n- It has a file b.txt\n",
  })
  const params = { p: project.id }
  await app.runAll(project)
  const trace = (of: string) => app.client.call("getTrace", { params, query: { of } })
  const forth = await trace("R1")
  expect(forth).toMatchObject({ kind: "requirement", requirements: [{ id: "R1", state: "proven" }] })
  const [task] = forth.tasks
  expect(task).toMatchObject({
    title: "Make a",
    spec: { title: "Core" },
    sessions: [{ number: expect.any(Number), turns: [1, 2, 3, 4] }],
    edits: [
      { path: "src/a.txt", turn: 1, tool: "write_file" },
      { path: "src/a.txt", turn: 3 },
    ],
    hunks: [{ path: "src/a.txt", from: 1, lines: 2 }],
    checks: [
      { command: "grep -q two src/a.txt", passed: false, round: 1 },
      { command: "grep -q two src/a.txt", passed: true, round: 2, entryId: expect.any(String) },
    ],
    evidence: { requirements: { R1: 1 }, treeHash: app.git("rev-parse", "HEAD~1^{tree}") },
  })
  expect(task?.commit).toBe(app.git("rev-parse", "HEAD~1"))
  expect((await trace("fr-001")).tasks[0]?.id).toBe(task?.id)
  const back = await trace("src/a.txt:2")
  expect(back).toMatchObject({
    kind: "line",
    line: { path: "src/a.txt", number: 2, text: "two" },
    commit: task?.commit,
    requirements: [{ id: "R1" }],
    tasks: [{ id: task?.id }],
  })
  for (const of of [task?.commit ?? "", task?.commit?.slice(0, 8) ?? ""])
    expect(await trace(of)).toMatchObject({
      kind: "commit",
      tasks: [{ id: task?.id }],
      requirements: [{ id: "R1" }],
    })
  expect(await trace(task?.id ?? "")).toMatchObject({ kind: "task", requirements: [{ id: "R1" }] })

  // A hash in the search leads to its task too.
  const search = async (q: string) => (await app.client.call("search", { query: { q } })).items[0]
  expect(await search(task?.commit?.slice(0, 9) ?? "")).toMatchObject({ kind: "task", id: task?.id })
  expect(await search(task?.evidence?.treeHash ?? "")).toMatchObject({ kind: "task", id: task?.id })

  // What a person changed is nobody's task; a rebased commit still names its own.
  app.write("src/a.txt", "one\nours\n")
  app.git("-c", "user.name=Ann", "-c", "user.email=x@y", "commit", "-qam", "Ours")
  const ours = await trace("src/a.txt:2")
  expect(ours.tasks).toEqual([])
  expect(ours.note).toMatch(/^Commit [0-9a-f]{10} \("Ours" by Ann\) is no task's of this project\.$/)
  app.git("checkout", "-q", "-b", "other", "HEAD~2")
  app.git(
    "-c",
    "user.name=Ann",
    "-c",
    "user.email=x@y",
    "commit",
    "-q",
    "--amend",
    "--no-edit",
    "--date=2030-01-01T00:00:00Z",
  )
  expect(await trace("src/a.txt:1")).toMatchObject({
    tasks: [{ id: task?.id }],
    note: expect.stringContaining("names the task in its message"),
  })

  const code = (of: string) =>
    trace(of).then(
      () => "none",
      (thrown: { code: string }) => thrown.code,
    )
  expect(await code("R9")).toBe("not_found")
  expect(await code("src/a.txt:99")).toBe("not_found")
  expect(await code("--output=x:1")).toBe("not_found")
  expect(await code("../../etc/passwd:1")).toBe("not_found")
  expect(await code("0000000000")).toBe("not_found")
  expect(await code("$(touch x)")).toBe("bad_request")

  const main = fileURLToPath(new URL("../../cli/src/main.ts", import.meta.url))
  const env = { ...process.env, AURA_DATA_DIR: app.dataDir }
  const { stdout: said } = await promisify(execFile)(process.execPath, [main, "trace", "R2"], {
    cwd: app.workspace,
    env,
  })
  expect(said).toMatch(/^R2 {2}proven {2}It has a file b\.txt\n {2}task {5}Make b {2}done/)
  expect(said).toContain("hunk     b.txt:1")
}, 90_000)
