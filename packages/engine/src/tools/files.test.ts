import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openLocalWorkspace } from "@aura/workspace"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { Eyes } from "./eyes.ts"
import { readTools, writeTools } from "./files.ts"
import { createSeen } from "./seen.ts"
import { runTool } from "./tool.ts"

let root = ""
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "aura-files-")))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function call(
  name: string,
  input: Record<string, unknown>,
  isRepeat = false,
  seen = createSeen(),
  eyes?: Eyes,
) {
  const workspace = openLocalWorkspace(root)
  const tools = [
    ...readTools(workspace, seen, eyes),
    ...writeTools(workspace, { refuse: async () => undefined }, seen),
  ]
  const context = {
    signal: new AbortController().signal,
    onOutput: () => undefined,
    onBegin: async () => undefined,
    isRepeat,
  }
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
    expect(output).toContain("(980000 more characters of this line)\n2\tshort")
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

describe("files written with CRLF or a byte order mark", () => {
  const lines = (count: number, end: string) =>
    Array.from({ length: count }, (_, i) => `line ${i}${end}`).join("")

  it.each([
    ["CRLF", "", "\r\n"],
    ["a byte order mark", "\ufeff", "\n"],
    ["both", "\ufeff", "\r\n"],
  ])("keep %s under edits and whole writes", async (_, mark, end) => {
    const file = join(root, "a.txt")
    writeFileSync(file, mark + lines(40, end))
    const { output } = await call("read_file", { path: "a.txt", end_line: 2 })
    expect(output).toContain("1\tline 0\n2\tline 1")
    const edit = { path: "a.txt", old_text: "line 0\nline 1\n", new_text: "one\ntwo\nthree\n" }
    expect((await call("edit_file", edit)).isError).toBeFalsy()
    const edited =
      mark + ["one", "two", "three", ""].join(end) + lines(40, end).slice(`line 0${end}line 1${end}`.length)
    expect(readFileSync(file, "utf8")).toBe(edited)
    expect((await call("edit_file", edit, true)).isError).toBeFalsy()
    expect(readFileSync(file, "utf8")).toBe(edited)
    const one = { path: "a.txt", old_text: "two", new_text: "2\n2" }
    expect((await call("edit_file", one)).isError).toBeFalsy()
    expect(readFileSync(file, "utf8")).toContain(`one${end}2${end}2${end}three`)
    expect((await call("write_file", { path: "a.txt", content: "a\nb\n" })).isError).toBeFalsy()
    expect(readFileSync(file, "utf8")).toBe(`${mark}a${end}b${end}`)
  })

  it("with mixed line ends keep those of every line that an edit does not touch", async () => {
    const file = join(root, "a.txt")
    writeFileSync(file, "a\r\nb\nc\r\nd\n")
    expect(
      (await call("edit_file", { path: "a.txt", old_text: "a\nb", new_text: "A\nB" })).isError,
    ).toBeFalsy()
    expect(readFileSync(file, "utf8")).toBe("A\r\nB\nc\r\nd\n")
  })

  it("that are new are written as given", async () => {
    await call("write_file", { path: "a.bat", content: "a\r\nb\r\n" })
    expect(readFileSync(join(root, "a.bat"), "utf8")).toBe("a\r\nb\r\n")
  })
})

describe("an edit of a text that is not there", () => {
  it.each([
    ["tabs for spaces", "if (x) {\n\treturn 1\n}\n", "if (x) {\n    return 1\n}", "white space differs"],
    ["spaces at an end", "one  \ntwo\n", "one\ntwo", "ends of lines"],
    ["no-break spaces", "a\u00a0b = 1\n", "a b = 1", "white space differs"],
    ["typographic quotes", "say “hello”\n", 'say "hello"', "quotes"],
    ["another Unicode form", "cafe\u0301 = 1\n", "caf\u00e9 = 1", "NFC and NFD"],
    ["another line", "function one() {\n  return 1\n}\n", "function one() {\n  return 2\n}", "differ"],
  ])("names the cause and shows the closest lines: %s", async (_, text, old_text, cause) => {
    writeFileSync(join(root, "a.txt"), `first\n${text}`)
    const { output, isError } = await call("edit_file", { path: "a.txt", old_text, new_text: "x" })
    expect(isError).toBe(true)
    expect(output).toContain(cause)
    expect(output).toContain(`begin at line 2:\n${text.split("\n")[0]}`)
    expect(readFileSync(join(root, "a.txt"), "utf8")).toBe(`first\n${text}`)
  })

  it("shows nothing of a file that holds secrets", async () => {
    writeFileSync(join(root, ".env"), "KEY=secret-value\n")
    const { output } = await call("edit_file", { path: ".env", old_text: "key=secret-value", new_text: "x" })
    expect(output).not.toContain("KEY=")
  })
})

it("a path in another Unicode form finds the file and the folder", async () => {
  mkdirSync(join(root, "cafe\u0301"))
  writeFileSync(join(root, "cafe\u0301", "u\u0308.txt"), "one")
  expect((await call("read_file", { path: "caf\u00e9/\u00fc.txt" })).output).toBe("1\tone")
  await call("edit_file", { path: "caf\u00e9/\u00fc.txt", old_text: "one", new_text: "two" })
  await call("write_file", { path: "caf\u00e9/new.txt", content: "new" })
  expect(readdirSync(root)).toEqual(["cafe\u0301"])
  expect(readdirSync(join(root, "cafe\u0301")).toSorted()).toEqual(["new.txt", "u\u0308.txt"])
  expect(readFileSync(join(root, "cafe\u0301", "u\u0308.txt"), "utf8")).toBe("two")
})

it("a read-only file is not written over, and the answer says how to make it writable", async () => {
  const file = join(root, "a.txt")
  writeFileSync(file, "kept", { mode: 0o444 })
  for (const answer of [
    await call("write_file", { path: "a.txt", content: "x" }),
    await call("edit_file", { path: "a.txt", old_text: "kept", new_text: "x" }),
  ])
    expect(answer).toMatchObject({ isError: true, output: expect.stringContaining("chmod u+w") })
  expect(readFileSync(file, "utf8")).toBe("kept")
})

describe("several edits of one file", () => {
  const edit = (old_text: string, new_text: string) => ({ old_text, new_text })

  it("are made in order, each on what the one before left", async () => {
    writeFileSync(join(root, "a.txt"), "one\r\ntwo\r\nthree\r\n")
    const input = {
      path: "a.txt",
      ...edit("one", "1"),
      more_edits: [edit("1\ntwo", "1\n2"), edit("three", "3")],
    }
    expect((await call("edit_file", input)).isError).toBeFalsy()
    expect(readFileSync(join(root, "a.txt"), "utf8")).toBe("1\r\n2\r\n3\r\n")
  })

  it("are not made at all when one does not fit, which is named with the closest lines", async () => {
    writeFileSync(join(root, "a.txt"), "one\ntwo words\n")
    const input = { path: "a.txt", ...edit("one", "1"), more_edits: [edit("two  words", "2")] }
    const { output, isError } = await call("edit_file", input)
    expect([isError, output]).toEqual([
      true,
      expect.stringContaining("Edit 2 of 2 does not fit, and none was made"),
    ])
    expect(output).toContain("The closest lines begin at line 2")
    expect(readFileSync(join(root, "a.txt"), "utf8")).toBe("one\ntwo words\n")
  })

  it("find lines that were copied with the numbers of read_file", async () => {
    writeFileSync(join(root, "a.txt"), "one\ntwo\nthree\n")
    await call("edit_file", { path: "a.txt", ...edit("1\tone\n2\ttwo", "1\tuno\n2\tdos") })
    expect(readFileSync(join(root, "a.txt"), "utf8")).toBe("uno\ndos\nthree\n")
  })
})

it("lines are read with their numbers, also from the middle of a file", async () => {
  writeFileSync(join(root, "a.txt"), "one\ntwo\nthree\n")
  const { output } = await call("read_file", { path: "a.txt", start_line: 2, end_line: 3 })
  expect(output).toContain("2\ttwo\n3\tthree")
})

describe("read_file on a picture or PDF", () => {
  const pixel = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
    "base64",
  )
  const pdf = Buffer.from("%PDF-1.4\n1 0 obj<</Type /Pages/Count 2>>\n<</Type/Page>> <</Type /Page >>\n%%EOF")
  const kept: number[] = []
  const eyes = (...sees: Eyes["sees"]): Eyes => ({
    sees,
    keep: async (bytes, mediaType) => {
      kept.push(bytes.byteLength)
      return { name: "0".repeat(64), mediaType, bytes: bytes.byteLength }
    },
  })
  const read = async (path: string, of?: Eyes) => await call("read_file", { path }, false, createSeen(), of)

  it.each([
    ["a.png", pixel, "image/png", "1 × 1 pixels"],
    ["wrong-name.JPG", pixel, "image/png", "1 × 1 pixels"],
    ["no-name", pixel, "image/png", "1 × 1 pixels"],
    ["a.pdf", pdf, "application/pdf", "a PDF with 2 pages"],
  ])("shows %s by what it is, and keeps a reference", async (path, bytes, mediaType, said) => {
    writeFileSync(join(root, path), bytes)
    const { output, media, isError } = await read(path, eyes("image", "pdf"))
    expect(isError).toBeFalsy()
    expect(output).toContain(said)
    expect(media).toEqual([{ name: "0".repeat(64), mediaType, bytes: bytes.byteLength }])
  })

  it("says so where the model has no eyes for it, or nothing keeps pictures", async () => {
    writeFileSync(join(root, "a.png"), pixel)
    writeFileSync(join(root, "a.pdf"), pdf)
    for (const one of [await read("a.png"), await read("a.png", eyes())])
      expect(one).toEqual({ output: expect.stringContaining("cannot see pictures") })
    expect(await read("a.pdf", eyes("image"))).toEqual({ output: expect.stringContaining("cannot see PDFs") })
  })

  it.each([
    ["large.png", Buffer.concat([pixel, Buffer.alloc(4_000_000)]), "Scale it down"],
    ["wide.gif", Buffer.from("474946383961ff7f0100800000", "hex"), "longer than 8000"],
    ["broken.png", pixel.subarray(0, 12), "damaged"],
    ["locked.pdf", Buffer.concat([pdf, Buffer.from("trailer <</Encrypt 5 0 R>>")]), "encrypted"],
    ["long.pdf", Buffer.from(`%PDF-1.4\n${"<</Type/Page>>\n".repeat(101)}`), "at most 100 pages"],
  ])("refuses what the provider would: %s", async (path, bytes, why) => {
    writeFileSync(join(root, path), bytes)
    kept.length = 0
    const { output, isError, media } = await read(path, eyes("image", "pdf"))
    expect(output).toContain(why)
    expect([isError, media, kept.length]).toEqual([true, undefined, 0])
  })

  it("reads a text whose name says picture, and refuses other binary files as before", async () => {
    writeFileSync(join(root, "not.png"), "just text")
    expect((await read("not.png", eyes("image"))).output).toBe("1\tjust text")
    writeFileSync(join(root, "a.bin"), Buffer.from([0, 1, 2]))
    expect(await read("a.bin", eyes("image"))).toMatchObject({
      isError: true,
      output: "a.bin is not a text file.",
    })
  })
})
