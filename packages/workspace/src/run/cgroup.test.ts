import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { findGroupParent, makeGroup } from "./cgroup.ts"

/** A tree of groups as plain files: each with the controllers it passes on. */
function mount(groups: Record<string, string>): string {
  const path = mkdtempSync(join(tmpdir(), "aura-cgroup-"))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  for (const [name, controllers] of Object.entries(groups)) {
    mkdirSync(join(path, name), { recursive: true })
    writeFileSync(join(path, name, "cgroup.subtree_control"), `${controllers}\n`)
    writeFileSync(join(path, name, "cgroup.procs"), "")
  }
  return path
}

describe("a command's control group", () => {
  it("is created in the nearest parent group that delegates the limits", () => {
    const tree = mount({
      "/": "cpu memory pids",
      "/user": "memory pids",
      "/user/app": "cpu",
      "/user/app/shell": "",
    })
    expect(findGroupParent(tree, "/user/app/shell")).toBe(join(tree, "user"))
  })

  it("is not created where limits are not delegated, or cgroup v2 is missing", () => {
    expect(findGroupParent(mount({ "/": "cpu pids", "/user": "memory" }), "/user/app")).toBeUndefined()
    expect(findGroupParent("/not/mounted", "/user/app")).toBeUndefined()
    expect(findGroupParent(mount({ "/": "memory pids" }), undefined)).toBeUndefined()
  })

  it.skipIf(process.getuid?.() === 0)("is made nowhere where Aura may not write", () => {
    const tree = mount({ "/": "memory pids" })
    chmodSync(join(tree, "cgroup.procs"), 0o444)
    expect(findGroupParent(tree, "/app")).toBeUndefined()
  })

  it("has the limits and the arguments to enter it, and reports kills by the kernel", () => {
    const tree = mount({ "/": "memory pids" })
    const group = makeGroup(tree, "aura-1", { memoryBytes: 1000, processes: 20 })
    const read = (name: string) => readFileSync(join(tree, "aura-1", name), "utf8")
    expect([read("memory.max"), read("pids.max"), read("memory.swap.max")]).toEqual(["1000", "20", "0"])
    expect(group?.entry.at(-1)).toBe(join(tree, "aura-1"))
    expect(group?.isOutOfMemory()).toBe(false)
    writeFileSync(join(tree, "aura-1", "memory.events"), "low 0\noom 1\noom_kill 2\n")
    expect(group?.isOutOfMemory()).toBe(true)
  })

  it("is skipped when it cannot be created", () => {
    expect(makeGroup("/not/there", "aura-1", { memoryBytes: 1000, processes: 20 })).toBeUndefined()
  })
})
