import { execFileSync } from "node:child_process"
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { basename, delimiter, dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { runGit } from "./git/command.ts"
import { distrust, findProgram, hostEnv, hostPath, isTrustedFile } from "./host-program.mjs"
import { findSandbox } from "./sandbox/sandbox.ts"
import { createTerminals } from "./terminals/terminals.ts"

let base: string
let workspace: string
let tools: string
let log: string
const before = process.env.PATH

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "aura-programs-")))
  workspace = join(base, "workspace")
  tools = join(base, "tools")
  log = join(base, "ran")
  for (const folder of [workspace, tools]) mkdirSync(folder, { mode: 0o755 })
  distrust(workspace)
})
afterEach(() => {
  process.env.PATH = before
  rmSync(base, { recursive: true, force: true })
})

/** A program that says in a file that it ran. */
function plant(folder: string, name = "tool"): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, name)
  writeFileSync(file, `#!/bin/sh\necho ran >> '${log}'\n`)
  chmodSync(file, 0o755)
  return file
}
function link(target: string, path: string): string {
  symlinkSync(target, path)
  return path
}
function withMode(path: string, mode: number): string {
  chmodSync(path, mode)
  return path
}
const find = (...folders: string[]) => findProgram("tool", { path: folders.join(delimiter), system: [] })

describe.skipIf(process.platform === "win32")("a program of the host", () => {
  it("is found in a folder of PATH that only the user can write to", () => {
    expect(find(tools)).toBeUndefined()
    const file = plant(tools)
    expect(find(tools)).toBe(file)
  })

  it("comes from the system's folders, whatever PATH names first", () => {
    plant(tools, "sh")
    expect(findProgram("sh", { path: tools })).toMatch(/^\/(usr\/)?(local\/)?bin\/sh$/)
  })

  it.each<[string, () => string]>([
    ["the workspace", () => dirname(plant(workspace))],
    ["a folder of the workspace", () => dirname(plant(join(workspace, "a/bin")))],
    ["a link to the workspace", () => link(dirname(plant(workspace)), join(base, "link"))],
    ["a path through ..", () => `${tools}/../${basename(dirname(plant(workspace)))}`],
    ["a folder with a link into the workspace", () => dirname(link(plant(workspace), join(tools, "tool")))],
    [
      "a folder with a link that leads through the workspace",
      () => {
        const between = link(plant(join(base, "good")), join(workspace, "between"))
        return dirname(link(between, join(tools, "tool")))
      },
    ],
    ["a folder that everybody can write to", () => withMode(dirname(plant(tools)), 0o777)],
    ["a folder like /tmp", () => withMode(dirname(plant(tools)), 0o1777)],
    ["a folder that a group can write to", () => withMode(dirname(plant(tools)), 0o775)],
    [
      "a folder below one that everybody can write to",
      () => {
        withMode(tools, 0o777)
        return dirname(plant(join(tools, "below")))
      },
    ],
    ["a file that everybody can write to", () => dirname(withMode(plant(tools), 0o777))],
    ["a file that is no program", () => dirname(withMode(plant(tools), 0o644))],
    ["a folder of that name", () => dirname(dirname(plant(join(tools, "tool"))))],
    ["a folder of a project's packages", () => dirname(plant(join(base, "node_modules/.bin")))],
    ["an empty entry", () => ""],
    ["the current folder", () => "."],
    ["a relative folder", () => "node_modules/.bin"],
  ])("is not taken from %s", (_, prepare) => {
    expect(find(prepare())).toBeUndefined()
  })

  it.skipIf(process.getuid?.() !== 0)("is not taken from a folder or a file of another user", () => {
    const file = plant(tools)
    execFileSync("chown", ["12345", file])
    expect(find(tools)).toBeUndefined()
    execFileSync("chown", ["0", file])
    expect(find(tools)).toBe(file)
    execFileSync("chown", ["12345", tools])
    expect(find(tools)).toBeUndefined()
  })

  it("is not taken from a folder that becomes a workspace after it was found", () => {
    plant(tools)
    expect(find(tools)).toBeDefined()
    distrust(tools)
    expect(find(tools)).toBeUndefined()
  })

  it("is not taken from the repository that a workspace is a folder of", () => {
    const repository = join(base, "repository")
    mkdirSync(join(repository, ".git"), { recursive: true })
    mkdirSync(join(repository, "part"))
    plant(join(repository, "bin"))
    expect(find(join(repository, "bin"))).toBeDefined()
    distrust(join(repository, "part"))
    expect(find(join(repository, "bin"))).toBeUndefined()
  })

  it("gets a PATH without folders that lead into a workspace", () => {
    plant(workspace)
    plant(tools)
    const path = hostPath(["", ".", workspace, tools, "relative"].join(delimiter)).split(delimiter)
    expect(path).toContain(tools)
    expect(path).not.toContain(workspace)
    expect(path.every((folder) => folder.startsWith("/"))).toBe(true)
    expect(hostEnv({ PATH: workspace, A: "1" })).toMatchObject({
      A: "1",
      PATH: expect.not.stringContaining(workspace),
    })
  })

  it("is trusted by its own path as by its name", () => {
    expect(isTrustedFile(plant(tools))).toBe(true)
    expect(isTrustedFile(plant(workspace))).toBe(false)
    expect(isTrustedFile("tools/tool")).toBe(false)
  })
})

it.skipIf(process.platform !== "linux")("a shell inside a workspace is not a terminal's", async () => {
  const shell = process.env.SHELL
  process.env.SHELL = plant(workspace, "planted")
  const terminals = createTerminals(Date.now, () => "terminal_1", "owner")
  try {
    const { title } = await terminals.create({ projectId: null, cwd: base, cols: 80, rows: 24 })
    expect(title).toMatch(/^(ba)?sh$/)
  } finally {
    if (shell === undefined) delete process.env.SHELL
    else process.env.SHELL = shell
    await terminals.removeAll()
  }
  expect(existsSync(log)).toBe(false)
})

it.skipIf(process.platform !== "linux")(
  "a planted git or bwrap is never run, though PATH names it first",
  async () => {
    for (const name of ["git", "bwrap", "true", "rg"]) plant(workspace, name)
    process.env.PATH = [workspace, ".", before].join(delimiter)
    await findSandbox(false)
    const { stdout } = await runGit(base, ["--version"])
    expect(stdout).toMatch(/^git version/)
    expect(existsSync(log)).toBe(false)
  },
)
