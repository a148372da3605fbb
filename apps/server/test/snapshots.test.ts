/** The folder is kept before tasks and risky commands, and comes back byte for byte. */
import { execFileSync } from "node:child_process"
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import {
  call,
  done,
  screenplayOf,
  specsScene,
  type TestApp,
  tasksScene,
  testApp,
  work,
  write,
} from "./_app.ts"
import { findBarriers, shoot, signIn, useBrowser } from "./_browser.ts"

/** Everything below a folder in words: names, kinds, modes, targets, contents; git's own files left out. */
function describeFolder(root: string): string {
  const script = `cd "$1" && find . -path ./.git -prune -o -path ./node_modules -prune -o -printf '%P %y %m %l\\n' | sort; find . -path ./.git -prune -o -path ./node_modules -prune -o -type f -print0 | sort -z | xargs -0 sha256sum`
  return execFileSync("sh", ["-c", script, "sh", root], { encoding: "utf8" })
}

/** What a person may have lying about that git knows nothing of. */
function furnish(app: TestApp): void {
  const at = (name: string) => join(app.workspace, name)
  app.git("init", "-q", "-b", "main")
  app.git("config", "user.name", "Ada")
  app.git("config", "user.email", "ada@example.org")
  app.write("kept.txt", "committed\n")
  app.write(".gitignore", "ignored/\n")
  app.git("add", ".")
  app.git("commit", "-qm", "first")
  app.write("kept.txt", "changed, not committed\n")
  app.write("untracked.txt", "nobody else has this\n")
  mkdirSync(at("ignored/deep"), { recursive: true })
  app.write("ignored/deep/secret.env", "A=1\n")
  mkdirSync(at("empty"))
  app.write("run.sh", "#!/bin/sh\n")
  chmodSync(at("run.sh"), 0o751)
  app.write("name with ü and\nnewline", "odd\n")
  writeFileSync(at("binary"), Buffer.from([0, 1, 2, 255, 254, 0]))
  symlinkSync("kept.txt", at("link"))
  symlinkSync("/nowhere/at all", at("dangling"))
  mkdirSync(at("node_modules/x"), { recursive: true })
  app.write("node_modules/x/index.js", "x\n")
}

const commands = [
  "rm -rf ./* ignored .gitignore",
  "git reset --hard",
  "git clean -fdx",
  "git stash -u; git stash drop",
  "git checkout -f -- .",
  "git push --force . HEAD:main; rm -rf untracked.txt empty",
  "find . -not -path './.git*' -type f -delete",
  "mv kept.txt untracked.txt",
  "truncate -s 0 kept.txt binary; chmod 777 run.sh",
  "rm -rf empty && ln -s /etc empty; rm link; mkdir link; echo x >link/file",
]

describe("a folder", () => {
  it("is kept before each task and risky command, and comes back byte for byte", {
    timeout: 120_000,
  }, async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "Make a", checks: ["test -s a.txt"] }),
        work("Make a", [
          ...commands.map((command) => ({ calls: [call("run_command", { command })] })),
          { calls: [write("a.txt", "a\n")] },
          done(),
        ]),
      ),
    )
    furnish(app)
    const before = describeFolder(app.workspace)
    const project = await app.createProject()
    const params = { p: project.id }
    await app.runAll(project)
    const { items } = await app.client.call("listSnapshots", { params, query: {} })
    // The task has further attempts: it changed what the user had not committed.
    expect(items.slice(0, commands.length + 1).map((snapshot) => snapshot.why)).toEqual([
      "Before the task “Make a”",
      ...commands.map((command) => `Before ${command}`),
    ])
    expect(items[0]).toMatchObject({ leftOut: [{ path: "node_modules", why: "it can be made anew" }] })
    expect(describeFolder(app.workspace)).not.toBe(before)

    const first = { p: project.id, id: items[0]?.id ?? "" }
    app.write("late.txt", "written since\n")
    const after = describeFolder(app.workspace)
    const preview = await app.client.call("previewSnapshot", { params: first })
    expect(preview.changes.find((change) => change.path === "late.txt")).toMatchObject({ op: "removed" })
    expect(preview.changes.find((change) => change.path === "untracked.txt")).toMatchObject({ bytes: 21 })
    expect(describeFolder(app.workspace)).toBe(after)
    expect(preview.total).toBe(preview.changes.length)
    expect((await app.client.call("listSnapshots", { params, query: {} })).items.length).toBe(items.length)

    const { changed, before: undo } = await app.client.call("restoreSnapshot", { params: first })
    expect(changed).toBe(preview.total)
    expect(describeFolder(app.workspace)).toBe(before)
    await app.client.call("restoreSnapshot", { params: { p: project.id, id: undo.id } })
    expect(describeFolder(app.workspace)).toBe(after)
  })

  it.each(commands)("comes back after %s", async (command) => {
    const app = await testApp(screenplayOf(specsScene("Core")))
    furnish(app)
    const project = await app.createProject()
    const params = { p: project.id }
    const before = describeFolder(app.workspace)
    const taken = await app.client.call("takeSnapshot", { params })
    try {
      execFileSync("sh", ["-c", command], { cwd: app.workspace, stdio: "ignore" })
    } catch {
      // What it could not do is not the point.
    }
    expect(describeFolder(app.workspace)).not.toBe(before)
    await app.client.call("restoreSnapshot", { params: { ...params, id: taken.id } })
    expect(describeFolder(app.workspace)).toBe(before)
  })

  it("is not touched when something the snapshot held is lost, or while an agent is at work", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "Make a", checks: ["test -s a.txt"] }),
        work("Make a", [
          { calls: [call("run_command", { command: "while [ ! -e go ]; do sleep 0.05; done" })] },
          { calls: [write("a.txt", "a\n")] },
          done(),
        ]),
      ),
    )
    app.write("kept.txt", "one\n")
    const project = await app.createProject()
    const params = { p: project.id }
    const taken = await app.client.call("takeSnapshot", { params })
    const path = `/api/projects/${project.id}/snapshots/${taken.id}/restore`
    await app.plan(project)
    const started = app.toolStarted("run_command")
    await app.client.call("startLoop", { params, body: {} })
    await started
    expect((await app.post(path)).status).toBe(409)
    app.write("go", "")
    await app.idle()
    const blobs = join(app.dataDir, "snapshots", "blobs")
    for (const name of readdirSync(blobs, { recursive: true, encoding: "utf8" }))
      if (name.length > 60) writeFileSync(join(blobs, name), "rotten")
    app.write("kept.txt", "two\n")
    const response = await app.post(path)
    expect([response.status, await response.text()]).toEqual([
      409,
      expect.stringContaining("lost or damaged"),
    ])
    expect(readFileSync(join(app.workspace, "kept.txt"), "utf8")).toBe("two\n")
    expect((await app.post(`${path.replace(taken.id, "snap_none")}`)).status).toBe(404)
  })

  it("is not touched while an agent answers in the chat", async () => {
    const wait = call("run_command", { command: "while [ ! -e go ]; do sleep 0.05; done" })
    const app = await testApp(
      screenplayOf({ when: { phase: "chat" }, replies: [{ calls: [wait] }, { text: "Done." }] }),
    )
    app.write("kept.txt", "one\n")
    const { id: p } = await app.createProject()
    const taken = await app.client.call("takeSnapshot", { params: { p } })
    const [instance] = (await app.client.call("listInstances", { params: { p }, query: {} })).items
    const started = app.toolStarted("run_command")
    await app.client.call("sendMessage", { params: { p, i: instance?.id ?? "" }, body: { text: "Wait." } })
    await started
    app.write("kept.txt", "two\n")
    const path = `/api/projects/${p}/snapshots/${taken.id}/restore`
    expect((await app.post(path)).status).toBe(409)
    expect(readFileSync(join(app.workspace, "kept.txt"), "utf8")).toBe("two\n")
    app.write("go", "")
    await app.idle()
    expect((await app.post(path)).status).toBe(200)
    expect(readFileSync(join(app.workspace, "kept.txt"), "utf8")).toBe("one\n")
  })

  it("that cannot be kept lets no risky command run, and the task goes on with a note", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "Make a", checks: ["test -s a.txt"] }),
        work("Make a", [
          { calls: [call("run_command", { command: "rm -rf kept.txt" })] },
          { calls: [write("a.txt", "a\n")] },
          done(),
        ]),
      ),
    )
    app.write("kept.txt", "one\n")
    writeFileSync(join(app.dataDir, "snapshots"), "a file where a folder should be")
    const project = await app.createProject()
    await app.runAll(project)
    expect(existsSync(join(app.workspace, "kept.txt"))).toBe(true)
    expect(JSON.stringify(app.model.requests.at(-1))).toContain("Not run: it may cost files")
    const entries = (await app.events()).flatMap((event) => event.rows?.entries ?? [])
    expect(JSON.stringify(entries)).toContain("could not be kept before the task")
    const { items } = await app.client.call("listTasks", { params: { p: project.id }, query: {} })
    expect(items.map((task) => task.status)).toEqual(["done"])
  })

  it("leaves old snapshots behind, and no bytes that only they held", async () => {
    const app = await testApp(screenplayOf(specsScene("Core")))
    app.write("kept.txt", "stays\n")
    const project = await app.createProject()
    const params = { p: project.id }
    for (let i = 0; i < 75; i++) {
      app.write("n.txt", `${i}\n`)
      await app.client.call("takeSnapshot", { params })
    }
    const { items } = await app.client.call("listSnapshots", { params, query: { limit: 100 } })
    expect(items.length).toBe(55)
    const files = readdirSync(join(app.dataDir, "snapshots", "blobs"), { recursive: true, encoding: "utf8" })
    expect(files.filter((name) => name.length > 60).length).toBeLessThanOrEqual(items.length + 2)
    rmSync(join(app.workspace, "n.txt"))
    await app.client.call("restoreSnapshot", { params: { ...params, id: items[0]?.id ?? "" } })
    expect(readFileSync(join(app.workspace, "n.txt"), "utf8")).toBe("0\n")
    await app.client.call("removeProject", { params })
    for (const folder of ["blobs", "manifests"]) {
      const left = readdirSync(join(app.dataDir, "snapshots", folder), { recursive: true, encoding: "utf8" })
      expect(left.filter((name) => name.length > 10)).toEqual([])
    }
  })
})

describe("the page of snapshots", () => {
  const chrome = useBrowser()

  it("shows what going back would change, goes back once confirmed, and comes back", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "Make a", checks: ["test -s a.txt"] }),
        work("Make a", [
          { calls: [call("run_command", { command: "rm -rf precious" })] },
          { calls: [write("a.txt", "a\n")] },
          done(),
        ]),
      ),
    )
    mkdirSync(join(app.workspace, "precious"))
    app.write("precious/words.txt", "one\ntwo\n")
    const project = await app.createProject()
    await app.runAll(project)
    const { page, faults } = await signIn(chrome.browser, app)
    await page.goto(`${app.running.url}/projects/${project.id}/tasks`)
    await page.getByRole("button", { name: "More about this project" }).click()
    await page.getByRole("menuitem", { name: "Snapshots of the folder" }).click()
    await page.getByRole("link", { name: /^Before rm -rf precious/ }).waitFor()
    await page.getByRole("link", { name: /^Before the task “Make a”/ }).click()
    const preview = page.getByRole("region", { name: "What would change" })
    await preview.getByText("comes back").first().waitFor()
    await preview.getByText("precious/words.txt").click()
    await preview.getByText("two", { exact: true }).waitFor()
    expect(await preview.getByRole("listitem").filter({ hasText: "a.txt" }).textContent()).toContain(
      "is removed",
    )
    expect(await findBarriers(page)).toEqual([])
    await shoot(page, "snapshots")
    await preview.getByRole("button", { name: "Go back to this" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Go back" }).click()
    await preview.getByText("The folder is as it was then").waitFor()
    await preview.getByText("Nothing differs").waitFor()
    expect(readFileSync(join(app.workspace, "precious/words.txt"), "utf8")).toBe("one\ntwo\n")
    expect(existsSync(join(app.workspace, "a.txt"))).toBe(false)
    await page.getByRole("link", { name: /^Before going back/ }).click()
    await preview.getByText("a.txt").waitFor()
    await page.reload()
    await preview.getByText("a.txt").waitFor()
    expect(faults).toEqual([])
    await page.close()
  })
})
