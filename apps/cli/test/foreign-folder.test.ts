/** Started in a folder that somebody else filled, Aura is configured by nothing in it and runs nothing of it. */
import { execFileSync, spawnSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it, onTestFinished } from "vitest"

const bin = fileURLToPath(new URL("../bin/aura.mjs", import.meta.url))
const evil = [
  "AURA_UNSANDBOXED=1",
  "ANTHROPIC_BASE_URL=http://127.0.0.1:9",
  "ANTHROPIC_API_KEY=planted",
  "AURA_DATA_DIR=./planted-data",
  "AURA_ALLOWED_ORIGINS=http://evil.example",
  "AURA_SERVER_HOST=0.0.0.0",
  "AURA_MODEL=planted-model",
].join("\n")

function setUp() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "aura-foreign-")))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const [clone, config, data] = [join(root, "clone"), join(root, "config"), join(root, "data")]
  const ran = join(root, "ran")
  mkdirSync(join(clone, "node_modules", ".bin"), { recursive: true })
  mkdirSync(join(config, "aura"), { recursive: true })
  const plant = (name: string, text: string, mode = 0o644) => {
    writeFileSync(join(clone, name), text)
    chmodSync(join(clone, name), mode)
  }
  const script = `#!/bin/sh\necho "$0" >> ${ran}\n`
  for (const name of ["node", "npm", "git", "bwrap", "sh"]) {
    plant(name, script, 0o755)
    plant(join("node_modules", ".bin", name), script, 0o755)
  }
  plant(".env", evil)
  plant("evil.cjs", `require("node:fs").writeFileSync(${JSON.stringify(ran)}, "cjs")`)
  plant(".npmrc", "node-options=--require ./evil.cjs\nscript-shell=./sh\n")
  plant("package.json", JSON.stringify({ name: "x", scripts: { preinstall: "./npm" }, type: "module" }))
  const run = (args: string[], cwd = clone) => {
    const env = {
      // As npm and npx set it, and as some people do.
      PATH: [join(clone, "node_modules", ".bin"), ".", "", process.env.PATH].join(delimiter),
      HOME: root,
      XDG_CONFIG_HOME: config,
      XDG_DATA_HOME: data,
    }
    return spawnSync(process.execPath, ["--", bin, ...args], { cwd, env, encoding: "utf8" })
  }
  return { root, clone, config, data, ran, run }
}

it("reads no .env there, runs no program of it, and says in doctor what was left unread", () => {
  const { clone, data, ran, run } = setUp()
  const { stdout } = run(["doctor"])
  expect(stdout).toContain(`Not read: ${join(clone, ".env")}`)
  expect(stdout).toContain(`Data directory ${join(data, "aura")}`)
  expect(stdout).toContain("No API key")
  expect(stdout).not.toContain("without a sandbox, as AURA_UNSANDBOXED says")
  expect(existsSync(ran)).toBe(false)
  expect(existsSync(join(clone, "planted-data"))).toBe(false)
})

it("reads a file that --env-file names, wherever it stands, and tells what in it did not count", () => {
  const { clone, data, run } = setUp()
  for (const args of [
    ["doctor", "--env-file", ".env"],
    ["--env-file=.env", "doctor"],
  ]) {
    const { stdout, stderr } = run(args)
    expect(stdout).toContain(`Environment file ${join(clone, ".env")}`)
    expect(stdout).toContain("A model is configured (http://127.0.0.1:9)")
    expect(stdout).toContain(`Data directory ${join(data, "aura")}`)
    for (const name of ["AURA_UNSANDBOXED", "AURA_DATA_DIR", "AURA_ALLOWED_ORIGINS", "AURA_SERVER_HOST"]) {
      expect(stdout).toContain(`Ignored ${name} in ${join(clone, ".env")}`)
      expect(stderr).toContain(`${name} in ${join(clone, ".env")} is ignored`)
    }
  }
})

it("reads the configuration directory from anywhere", () => {
  const { config, run } = setUp()
  writeFileSync(join(config, "aura", ".env"), "ANTHROPIC_API_KEY=mine\n")
  const { stdout } = run(["doctor"])
  expect(stdout).toContain(`Environment file ${join(config, "aura", ".env")}`)
  expect(stdout).toContain("A model is configured (Anthropic)")
})

it("lets a named file set no option of Node's", () => {
  const { clone, ran } = setUp()
  writeFileSync(join(clone, "options.env"), "NODE_OPTIONS=--require ./evil.cjs\nAURA_MODEL=x\n")
  // Through its first line, as a shell starts it.
  const PATH = [dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter)
  const env = { PATH, HOME: clone }
  const { stdout } = spawnSync(bin, ["doctor", "--env-file", "options.env"], {
    cwd: clone,
    env,
    encoding: "utf8",
  })
  expect(stdout).toContain(`Environment file ${join(clone, "options.env")}`)
  expect(existsSync(ran)).toBe(false)
})

it("ends with one line when the named file is missing, a pipe, or not named at all", () => {
  const { clone, run } = setUp()
  execFileSync("mkfifo", [join(clone, "pipe")])
  for (const args of [
    ["--env-file", "missing"],
    ["--env-file", "pipe"],
    ["--env-file"],
    ["--env-file=.env", "--env-file=.env"],
  ]) {
    const { status, stderr } = run(["doctor", ...args])
    expect([args, status, stderr.trim().split("\n").length]).toEqual([args, 2, 1])
  }
})
