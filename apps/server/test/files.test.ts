/** Files of a workspace as an editor reads, writes, moves and compares them. */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { AuraError, FileConflict } from "@aura/core"
import { expect, it } from "vitest"
import { screenplayOf, specsScene, testApp } from "./_app.ts"

async function open() {
  const app = await testApp(screenplayOf(specsScene("Core")))
  const project = await app.createProject()
  const at = (path: string) => ({ projectId: project.id, path })
  const refusal = async (call: Promise<unknown>) =>
    await call.then(
      () => undefined,
      (thrown: unknown) => (thrown instanceof AuraError ? thrown : undefined),
    )
  const folder = () => app.client.call("getFolder", { params: { p: project.id } })
  return { app, client: app.client, project, at, refusal, folder }
}

it("refuses to write over a text that was not read, says what it is now, and leaves nothing behind", async () => {
  const { app, client, at, refusal, folder } = await open()
  const first = await client.call("writeFile", { body: { ...at("a.txt"), content: "mine", ifDigest: "" } })
  app.write("a.txt", "the agent's")
  const call = client.call("writeFile", {
    body: { ...at("a.txt"), content: "mine, longer", ifDigest: first.digest },
  })
  const refused = await refusal(call)
  expect(refused?.code).toBe("conflict")
  const now = FileConflict.parse(refused?.details)
  expect(now.content).toBe("the agent's")
  expect(readFileSync(join(app.workspace, "a.txt"), "utf8")).toBe("the agent's")
  expect((await folder()).files).toEqual(["a.txt"])
  const joined = { ...at("a.txt"), content: "both", ifDigest: now.digest }
  await client.call("writeFile", { body: joined })
  expect(readFileSync(join(app.workspace, "a.txt"), "utf8")).toBe("both")
  const again = await refusal(
    client.call("writeFile", { body: { ...at("a.txt"), content: "", ifDigest: "" } }),
  )
  expect(again?.details).toMatchObject({ content: "both" })
  const gone = await refusal(
    client.call("writeFile", { body: { ...at("b.txt"), content: "", ifDigest: "x" } }),
  )
  expect(gone?.details).toEqual({ content: null, digest: "" })
})

it("lets one of two who write at the same moment win, and tells the other", async () => {
  const { app, client, at } = await open()
  app.write("a.txt", "before")
  const { digest } = await client.call("readFile", { body: at("a.txt") })
  const texts = ["one", "two", "three", "four"]
  const written = await Promise.allSettled(
    texts.map((content) => client.call("writeFile", { body: { ...at("a.txt"), content, ifDigest: digest } })),
  )
  const won = texts.filter((_, i) => written[i]?.status === "fulfilled")
  expect(won).toEqual([readFileSync(join(app.workspace, "a.txt"), "utf8")])
})

it("tells what differs from the last commit, and how a file was in it, to the last byte", async () => {
  const { app, client, at, folder } = await open()
  expect(await folder()).toEqual({ isRepository: false, files: [], isCut: false, changes: [] })
  const git = (...args: string[]) => execFileSync("git", args, { cwd: app.workspace })
  app.write("src/a.txt", "one\n\n")
  app.write("b.txt", "b")
  app.write(".gitignore", "out/\n")
  git("init", "-q")
  git("add", ".")
  git("-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "first")
  app.write("src/a.txt", "two\n")
  app.write("new.txt", "new\nlines\n")
  app.write("out/left.txt", "ignored")
  git("rm", "-q", "b.txt")
  const state = await folder()
  expect(state.files).toEqual([".gitignore", "new.txt", "src/a.txt"])
  expect(state.changes).toEqual([
    { path: "b.txt", op: "deleted", additions: 0, deletions: 1 },
    { path: "new.txt", op: "added", additions: 2, deletions: 0 },
    { path: "src/a.txt", op: "modified", additions: 1, deletions: 2 },
  ])
  const committed = async (path: string) => (await client.call("readCommitted", { body: at(path) })).content
  expect(await committed("src/a.txt")).toBe("one\n\n")
  expect(await committed("b.txt")).toBe("b")
  expect(await committed("new.txt")).toBeNull()
})

it("sees the same however many look for the first time at once", async () => {
  const { app, client, at, folder } = await open()
  app.write("a.txt", "one\n")
  app.git("init", "-q")
  app.git("add", ".")
  app.git("-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "first")
  const looks = Array.from({ length: 12 }, async () => [
    (await folder()).isRepository,
    (await client.call("readCommitted", { body: at("a.txt") })).content,
  ])
  for (const seen of await Promise.all(looks)) expect(seen).toEqual([true, "one\n"])
})

it("moves files and folders, and writes over nothing", async () => {
  const { app, client, at, refusal } = await open()
  app.write("src/a.txt", "a")
  app.write("b.txt", "b")
  const move = (path: string, to: string) => client.call("moveFile", { body: { ...at(path), to } })
  await move("src/a.txt", "lib/deep/c.txt")
  await move("lib", "kept")
  expect(readFileSync(join(app.workspace, "kept/deep/c.txt"), "utf8")).toBe("a")
  for (const [path, to, code] of [
    ["b.txt", "kept/deep/c.txt", "conflict"],
    ["kept", "kept/deep/more", "bad_request"],
    ["none", "some", "not_found"],
    ["b.txt", "../b.txt", "forbidden"],
    ["b.txt", ".git/hooks/post-commit", "forbidden"],
  ] as const)
    expect([path, (await refusal(move(path, to)))?.code]).toEqual([path, code])
  expect(readFileSync(join(app.workspace, "b.txt"), "utf8")).toBe("b")
})

it("removes a file once the folder as it was is kept, and brings it back from there", async () => {
  const { app, client, project, at } = await open()
  app.write("a.txt", "precious")
  await client.call("removeFile", { body: at("a.txt") })
  expect(existsSync(join(app.workspace, "a.txt"))).toBe(false)
  const { items } = await client.call("listSnapshots", { params: { p: project.id }, query: {} })
  expect(items.map((one) => one.why)).toEqual(["Before a.txt was removed by hand"])
  await client.call("restoreSnapshot", { params: { p: project.id, id: items[0]?.id ?? "" } })
  expect(readFileSync(join(app.workspace, "a.txt"), "utf8")).toBe("precious")
})

it("keeps line ends, byte order marks and modes, and refuses what it could not write back", async () => {
  const { app, client, at, refusal } = await open()
  const text = "\uFEFFone\r\ntwo\n\tthree"
  writeFileSync(join(app.workspace, "run.sh"), text, { mode: 0o755 })
  const read = await client.call("readFile", { body: at("run.sh") })
  expect(read.content).toBe(text)
  await client.call("writeFile", { body: { ...at("run.sh"), content: `${text}!`, ifDigest: read.digest } })
  expect(readFileSync(join(app.workspace, "run.sh"), "utf8")).toBe(`${text}!`)
  expect(statSync(join(app.workspace, "run.sh")).mode & 0o777).toBe(0o755)
  writeFileSync(join(app.workspace, "latin.txt"), Buffer.from([0x63, 0x61, 0x66, 0xe9]))
  writeFileSync(join(app.workspace, "logo.png"), Buffer.from([0x89, 0x50, 0, 0x4e]))
  symlinkSync("/etc/passwd", join(app.workspace, "link"))
  for (const path of ["latin.txt", "logo.png", "link"]) {
    expect(await refusal(client.call("readFile", { body: at(path) }))).toBeDefined()
    const call = client.call("writeFile", { body: { ...at(path), content: "x", ifDigest: "y" } })
    expect(await refusal(call)).toBeDefined()
  }
  expect(readFileSync(join(app.workspace, "latin.txt")).length).toBe(4)
})

it("finds a text in all files but those git ignores, and refuses what is no pattern", async () => {
  const { app, client, project, refusal } = await open()
  app.git("init", "-q")
  app.write("a.ts", "const naïve = 1\n// Naïve and naïveté\n")
  app.write("sub/b.ts", `${"x".repeat(1000)} naïve(1)\r\n`)
  app.write("out/c.ts", "naïve\n")
  app.write(".gitignore", "out/\n")
  const find = (body: Parameters<typeof client.call<"findInFolder">>[1]["body"]) =>
    client.call("findInFolder", { params: { p: project.id }, body })
  const { items, isCut } = await find({ text: "naïve" })
  expect(isCut).toBe(false)
  expect(items.map(({ path, line, text, at, length }) => [path, line, text.slice(at, at + length)])).toEqual([
    ["a.ts", 1, "naïve"],
    ["a.ts", 2, "Naïve"],
    ["a.ts", 2, "naïve"],
    ["sub/b.ts", 1, "naïve"],
  ])
  expect((await find({ text: "naïve", isCased: true, isWord: true })).items).toHaveLength(2)
  expect((await find({ text: "na.ve\\(\\d\\)", isPattern: true })).items).toHaveLength(1)
  expect((await find({ text: "--files" })).items).toEqual([])
  expect((await find({ text: "(" })).items).toHaveLength(1)
  expect((await refusal(find({ text: "(", isPattern: true })))?.code).toBe("bad_request")
})

it("answers every path, however odd, with a sentence and never with a fault of its own", async () => {
  const { app, project } = await open()
  app.write("a.txt", "a")
  app.write("d/x.txt", "x")
  for (const [to, name] of [
    ["d", "link"],
    ["loop", "loop"],
    ["nowhere", "dangling"],
  ] as const)
    symlinkSync(to, join(app.workspace, name))
  const odd = [".", "", "/", "a.txt/b", "x".repeat(300), "link", "link/x.txt", "loop", "loop/x", "dangling"]
  const paths = [
    ...odd,
    "a.txt",
    "d",
    "d/",
    "a\0b",
    "a\nb",
    "..",
    "d/../..",
    "\ud800",
    ".GIT/x",
    "d/link/../../a",
  ]
  const faults: string[] = []
  const ask = async (method: string, url: string, body: object) => {
    const answer = await fetch(app.running.url + url, {
      method,
      headers: { authorization: `Bearer ${app.token}`, "content-type": "application/json" },
      body: JSON.stringify({ projectId: project.id, ...body }),
    })
    if (answer.status >= 500) faults.push(`${method} ${url} ${JSON.stringify(body).slice(0, 80)}`)
  }
  for (const path of paths) {
    for (const name of ["list", "read", "committed"]) await ask("POST", `/api/files/${name}`, { path })
    for (const to of paths) await ask("POST", "/api/files/move", { path, to })
    for (const more of [{}, { ifDigest: "" }]) await ask("PUT", "/api/files", { path, content: "x", ...more })
    await ask("POST", "/api/files/remove", { path })
  }
  const find = `/api/projects/${project.id}/folder/find`
  for (const text of ["\0", "a\nb", "(?P<", "\\", "["])
    for (const isPattern of [true, false]) {
      const answer = await app.post(find, { text, isPattern })
      if (answer.status >= 500) faults.push(`find ${JSON.stringify(text)}`)
    }
  expect(faults).toEqual([])
})
