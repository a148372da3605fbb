import { AuraError, type Level } from "@aura/core"
import { openMemoryWorkspace, type RunOptions } from "@aura/workspace"
import { describe, expect, it } from "vitest"
import { readTools, writeTools } from "./files.ts"
import { permitTools, permitWorkspace, refuseAbove } from "./permission.ts"
import { runCommand } from "./run-command.ts"
import { searchTools } from "./search.ts"
import { createSeen } from "./seen.ts"
import type { Tool } from "./tool.ts"

const folder = () => openMemoryWorkspace({ now: () => 0, sleep: async () => undefined })

/** Every tool that a model is shown, by the names of the contract. */
const shown = (
  "create_spec create_task list_specs get_spec update_spec list_tasks update_task read_file write_file edit_file " +
  "delete_file list_files find_files search_code run_command task_done task_blocked hand_off ask_permission"
).split(" ")

const named = (name: string): Tool => ({
  spec: { name, description: "", inputSchema: {} },
  isLast: false,
  isRepeatable: true,
  run: async () => ({ output: "" }),
})

describe("a permission level", () => {
  it("is known of every tool, and one without is offered at none", () => {
    const offered = (level: Level) =>
      permitTools(level, [...shown, "new_tool"].map(named)).map((tool) => tool.spec.name)
    expect(offered(4)).toEqual(shown)
    expect(offered(0)).not.toContain("update_task")
    expect(() => refuseAbove("update_task", { level: 0 })).toThrow("may not use update_task")
    expect(() => refuseAbove("toString", { level: 4 })).toThrow("may not use toString")
  })

  it("does not lose the last look before a file is overwritten", async () => {
    const workspace = permitWorkspace(folder(), async () => ({ level: 2, hosts: [] }))
    await workspace.write("a", "one")
    const refuse = () => {
      throw new AuraError("conflict", "It changed.")
    }
    await expect(workspace.write("a", "two", refuse)).rejects.toMatchObject({ code: "conflict" })
    expect(await workspace.read("a")).toBe("one")
  })

  it("decides which tools are offered", () => {
    const workspace = folder()
    const tools = [
      ...readTools(workspace, createSeen()),
      ...writeTools(workspace, { refuse: async () => undefined }, createSeen()),
      ...searchTools(workspace),
      runCommand(workspace),
    ]
    const names = (level: 0 | 1 | 2 | 3 | 4) => permitTools(level, tools).map((tool) => tool.spec.name)
    const reading = ["read_file", "list_files", "find_files", "search_code"]
    expect(names(0)).toEqual(reading)
    expect(names(1)).toEqual(expect.arrayContaining([...reading, "write_file", "edit_file", "delete_file"]))
    expect(names(1)).not.toContain("run_command")
    for (const level of [2, 3, 4] as const) expect(names(level)).toHaveLength(tools.length)
  })

  it("refuses deeds above it, at the moment they are done, and says what a command may reach", async () => {
    let now: { level: 0 | 1 | 2 | 3 | 4; hosts: string[] } = { level: 0, hosts: ["registry.npmjs.org"] }
    const seen: unknown[] = []
    const inner = folder()
    const run = async (command: string, options: RunOptions) => {
      seen.push(options.network)
      return await inner.run(command, options)
    }
    const workspace = permitWorkspace({ ...inner, run }, async () => now)
    const deeds = [
      () => workspace.write("a", "x"),
      () => workspace.remove("a"),
      () => workspace.run("true", { timeoutMs: 1000, signal: new AbortController().signal }),
    ]
    const refusals = async () => {
      const results = await Promise.allSettled(deeds.map((deed) => deed()))
      return results.map((one) => one.status === "rejected" && one.reason instanceof AuraError)
    }
    expect(await refusals()).toEqual([true, true, true])
    now = { ...now, level: 1 }
    expect(await refusals()).toEqual([false, false, true])
    for (const level of [2, 3, 4] as const) {
      now = { ...now, level }
      expect((await refusals())[2]).toBe(false)
    }
    expect(seen).toEqual([
      { kind: "none" },
      { kind: "hosts", hosts: ["registry.npmjs.org"] },
      { kind: "all" },
    ])
  })
})
