import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { openLocalWorkspace } from "../workspaces/local.ts"
import { readTools, writeTools } from "./files.ts"
import { createSeen } from "./seen.ts"
import { runTool } from "./tool.ts"

let root = ""
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "aura-files-")))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function call(name: string, input: Record<string, unknown>, isRepeat = false, seen = createSeen()) {
  const workspace = openLocalWorkspace(root)
  const tools = [...readTools(workspace, seen), ...writeTools(workspace, { refuse: () => undefined }, seen)]
  const context = { signal: new AbortController().signal, onOutput: () => undefined, isRepeat }
  return await runTool(tools, { name, input, isLast: true }, context)
}

describe("file tools whose result a crash took", () => {
  it.each([
    ["another text", "a one b", { old_text: "one", new_text: "two" }],
    ["a longer text", "a one b", { old_text: "one", new_text: "one one" }],
    ["a shorter text", "a one two b", { old_text: "one two", new_text: "one" }],
    ["nothing", "a one b", { old_text: "one", new_text: "" }],
    ["every place", "one one", { old_text: "one", new_text: "two", replace_all: true }],
  ])("edit_file with %s is applied once, whether it had been or not", async (_, before, edit) => {
    const file = join(root, "a.txt")
    writeFileSync(file, before)
    const input = { path: "a.txt", ...edit }
    expect((await call("edit_file", input, true)).isError).toBeFalsy()
    const after = readFileSync(file, "utf8")
    expect(after).toBe(before.replaceAll(edit.old_text, edit.new_text))
    expect((await call("edit_file", input, true)).isError).toBeFalsy()
    expect(readFileSync(file, "utf8")).toBe(after)
  })

  it("delete_file takes a file that is gone as deleted, and only then", async () => {
    writeFileSync(join(root, "a.txt"), "a")
    expect((await call("delete_file", { path: "a.txt" }, true)).isError).toBeFalsy()
    expect((await call("delete_file", { path: "a.txt" }, true)).isError).toBeFalsy()
    expect((await call("delete_file", { path: "a.txt" })).isError).toBe(true)
  })
})

describe("write_file", () => {
  it("does not overwrite what somebody else wrote since the file was read or written", async () => {
    const file = join(root, "a.txt")
    const seen = createSeen()
    const write = async (content: string) =>
      await call("write_file", { path: "./a.txt", content }, false, seen)
    writeFileSync(file, "one")
    expect((await write("two")).isError).toBeFalsy()
    writeFileSync(file, "theirs")
    expect(await write("three")).toMatchObject({
      isError: true,
      output: expect.stringContaining("Read it again"),
    })
    expect(readFileSync(file, "utf8")).toBe("theirs")
    await call("read_file", { path: "a.txt" }, false, seen)
    expect((await write("three")).isError).toBeFalsy()
    await call("edit_file", { path: "a.txt", old_text: "three", new_text: "four" }, false, seen)
    expect((await write("five")).isError).toBeFalsy()
    rmSync(file)
    expect((await write("six")).isError).toBeFalsy()
    writeFileSync(file, "seven")
    expect((await write("seven")).isError).toBeFalsy()
    expect((await call("write_file", { path: "a.txt", content: "x" })).isError).toBeFalsy()
  })

  it("does not overwrite what an edit of another place never showed", async () => {
    const file = join(root, "a.txt")
    const seen = createSeen()
    writeFileSync(file, "one\ntwo\n")
    await call("read_file", { path: "a.txt" }, false, seen)
    writeFileSync(file, "one\ntwo\ntheirs\n")
    const edit = { path: "a.txt", old_text: "one", new_text: "1" }
    expect((await call("edit_file", edit, false, seen)).isError).toBeFalsy()
    const write = { path: "a.txt", content: "1\n2\n" }
    expect((await call("write_file", write, false, seen)).isError).toBe(true)
    expect(readFileSync(file, "utf8")).toBe("1\ntwo\ntheirs\n")
  })
})

describe("huge files", () => {
  it("are read with their longest lines cut, and say so", async () => {
    writeFileSync(join(root, "a.txt"), `${"x".repeat(1_000_000)}\nshort\n`)
    const { output } = await call("read_file", { path: "a.txt" })
    expect(output.length).toBeLessThan(25_000)
    expect(output).toContain("(980000 more characters of this line)\nshort")
  })

  it("are written over with all lines counted, without comparing each with each", async () => {
    const text = (word: string) => Array.from({ length: 20_000 }, (_, i) => `${word} ${i}\n`).join("")
    const seen = createSeen()
    await call("write_file", { path: "a.txt", content: text("one") }, false, seen)
    const { changes, diff } = await call("write_file", { path: "a.txt", content: text("two") }, false, seen)
    expect(changes).toMatchObject([{ op: "modified", additions: 20_000, deletions: 20_000 }])
    expect(diff).toContain("too much has changed")
  })
})
