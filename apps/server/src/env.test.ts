import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { readEnv, readEnvHere } from "./env.ts"

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "aura-env-"))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

describe("the environment", () => {
  it("reads .env for the names it knows; a real variable wins and empty means unset", () => {
    const dir = folder()
    writeFileSync(
      join(dir, ".env"),
      "AURA_MODEL=from-file\nAURA_FAST_MODEL=\nAURA_SERVER_PORT=4000\nNODE_OPTIONS=--inspect\n",
    )
    const env = readEnv({ AURA_SERVER_PORT: "5000", AURA_MODEL: "" }, dir)
    expect([env.model, env.fastModel, env.port]).toEqual(["from-file", null, 5000])
    expect(process.env.NODE_OPTIONS ?? "").not.toContain("--inspect")
  })

  it.each([
    ["AURA_SERVER_PORT", "many"],
    ["AURA_ROTATE_AT", "7"],
    ["ANTHROPIC_BASE_URL", "file:///etc/passwd"],
    ["AURA_CONTEXT_WINDOW", "-1"],
  ])("refuses %s=%s by its name", (name, value) => {
    expect(() => readEnv({ [name]: value }, null)).toThrow(name)
  })

  it("does not read the .env of a folder that a project works in", () => {
    const [dir, dataDir] = [folder(), folder()]
    const warnings: string[] = []
    writeFileSync(join(dir, ".env"), "ANTHROPIC_BASE_URL=http://evil.example\n")
    const read = () =>
      readEnvHere({ AURA_DATA_DIR: dataDir }, dir, (line) => warnings.push(line)).modelBaseUrl
    expect(read()).toBe("http://evil.example")
    writeFileSync(join(dataDir, "attached.json"), JSON.stringify([dir]))
    expect(read()).toBeNull()
    expect(warnings).toHaveLength(1)
    mkdirSync(join(dir, "sub"))
    writeFileSync(join(dir, "sub", ".env"), "AURA_MODEL=evil\n")
    expect(readEnvHere({ AURA_DATA_DIR: dataDir }, join(dir, "sub"), () => undefined).model).toBeNull()
  })
})
