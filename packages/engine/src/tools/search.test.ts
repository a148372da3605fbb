/** What searching says of files with odd names. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openLocalWorkspace } from "@aura/workspace"
import { expect, it, onTestFinished } from "vitest"
import { searchTools } from "./search.ts"
import { runTool } from "./tool.ts"

function open() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "aura-search-")))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const run = async (name: string, input: Record<string, unknown>) => {
    const context = {
      signal: new AbortController().signal,
      onOutput: () => undefined,
      onBegin: async () => undefined,
      isRepeat: false,
    }
    return (await runTool(searchTools(openLocalWorkspace(root)), { name, input, isLast: true }, context))
      .output
  }
  return { root, run }
}

it.skipIf(process.platform === "win32")("a name with a line break in it is one file", async () => {
  const { root, run } = open()
  const name = "a.txt\nsrc:9:evil.ts"
  writeFileSync(join(root, name), "one\nneedle two\n")
  writeFileSync(join(root, "b.txt"), "needle: three\n")
  expect((await openLocalWorkspace(root).search.files()).paths).toEqual([name, "b.txt"])
  expect(await run("find_files", { pattern: "*" })).toBe(`${JSON.stringify(name)}\nb.txt`)
  const hits = (await run("search_code", { pattern: "needle" })).split("\n").toSorted()
  expect(hits).toEqual([`${JSON.stringify(name)}:2:needle two`, "b.txt:1:needle: three"])
})

it.skipIf(process.platform === "win32")(
  "what a file for secrets holds is not shown, whatever its folder is called",
  async () => {
    const { root, run } = open()
    writeFileSync(join(root, ".npmrc"), "needle=hunter2hunter2\n")
    mkdirSync(join(root, "x:1:y\nz"))
    writeFileSync(join(root, "x:1:y\nz/.env"), "needle=hunter2hunter2\n")
    expect(await run("search_code", { pattern: "needle" })).not.toContain("hunter2")
  },
)
