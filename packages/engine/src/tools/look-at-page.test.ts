import { openMemoryWorkspace } from "@aura/workspace"
import { expect, it } from "vitest"
import { pageTools } from "./look-at-page.ts"
import { runTool } from "./tool.ts"

const workspace = openMemoryWorkspace({ now: () => 0, sleep: async () => undefined })

it("look_at_page is not offered where there is no browser", () => {
  expect(pageTools(workspace, undefined, undefined)).toEqual([])
})

it("look_at_page answers with an error where the browser cannot be run", async () => {
  const context = {
    signal: new AbortController().signal,
    onOutput: () => undefined,
    onBegin: async () => undefined,
    isRepeat: false,
  }
  const call = { name: "look_at_page", input: { page: "a.html" }, isLast: true }
  const { output, isError } = await runTool(
    pageTools(workspace, "/nowhere/chromium", undefined),
    call,
    context,
  )
  expect(isError).toBe(true)
  expect(output).toContain("The browser could not be run.")
})
