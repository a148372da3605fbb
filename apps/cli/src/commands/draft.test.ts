import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { templates } from "@aura/core"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { run as draft } from "./draft.ts"
import { run } from "./run.ts"

let folder = ""
let file = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aura-draft-"))
  file = join(folder, "requirements.md")
})
afterEach(() => rmSync(folder, { recursive: true }))

describe("aura draft", () => {
  it.each(templates)("writes the template $name", async ({ name, markdown }) => {
    expect(await draft(["--template", name, "--out", file])).toBe(0)
    expect(readFileSync(file, "utf8")).toBe(markdown)
  })

  it("keeps an existing file unless --force is given", async () => {
    writeFileSync(file, "mine")
    await expect(draft(["--template", "library", "--out", file])).rejects.toThrow("is there already")
    expect(readFileSync(file, "utf8")).toBe("mine")
    expect(await draft(["--template", "library", "--out", file, "--force"])).toBe(0)
    expect(readFileSync(file, "utf8")).toContain("# {{Name of the library}}")
  })

  it("names the templates when none or an unknown one is given", async () => {
    await expect(draft([])).rejects.toThrow(
      "The templates are command-line, library, web-app, service, change.",
    )
    await expect(draft(["--template", "game"])).rejects.toThrow('There is no template "game".')
  })

  it("says so when the file cannot be written", async () => {
    await expect(draft(["--template", "library", "--out", folder, "--force"])).rejects.toThrow("(EISDIR)")
    const nowhere = join(folder, "missing", "requirements.md")
    await expect(draft(["--template", "library", "--out", nowhere])).rejects.toThrow("(ENOENT)")
  })

  it("writes a document that aura run takes only once its blanks are filled in", async () => {
    await draft(["--template", "service", "--out", file])
    await expect(run([file, "--workspace", folder])).rejects.toThrow("still has blanks to fill in: {{")
  })
})
