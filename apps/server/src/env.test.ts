import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { findUnreadFile, readEnv, readPlacedEnv } from "./env.ts"
import { findPlaces, rememberWorkspaces } from "./env-files.ts"

function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "aura-env-")))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Aura's root, its configuration directory and a data directory, each with a `.env` when one is given. */
function places(files: { root?: string; config?: string; named?: string } = {}) {
  const [root, configDir, dataDir, elsewhere] = [folder(), folder(), folder(), folder()]
  const put = (path: string, text: string | undefined) => {
    if (text !== undefined) writeFileSync(path, text)
    return path
  }
  put(join(root, ".env"), files.root)
  put(join(configDir, ".env"), files.config)
  const named = files.named === undefined ? null : put(join(elsewhere, "my.env"), files.named)
  const at = { root, configDir, named }
  const read = (variables: NodeJS.ProcessEnv = {}) =>
    readPlacedEnv({ XDG_DATA_HOME: dataDir, ...variables }, at)
  return { ...at, dataDir, elsewhere, read }
}

const guards = [
  "AURA_UNSANDBOXED=1",
  "AURA_DATA_DIR=/tmp/evil",
  "AURA_ALLOWED_ORIGINS=http://evil.example",
  "AURA_SERVER_HOST=0.0.0.0",
  "AURA_PUBLIC_HOST=evil.example",
  "AURA_TRUSTED_PROXY=192.0.2.1,2001:db8::/32",
  "AURA_UPDATE_BASE_URL=http://evil.example",
  "AURA_UPDATE_KEY=evil",
]
const guardNames = guards.map((line) => line.split("=")[0])

describe("the environment", () => {
  it("reads .env for the names it knows; a real variable wins and empty means unset", () => {
    const { read } = places({
      root: "AURA_MODEL=from-file\nAURA_FAST_MODEL=\nAURA_SERVER_PORT=4000\nNODE_OPTIONS=--inspect\n",
    })
    const env = read({ AURA_SERVER_PORT: "5000", AURA_MODEL: "" })
    expect([env.model, env.fastModel, env.port]).toEqual(["from-file", null, 5000])
    expect(process.env.NODE_OPTIONS ?? "").not.toContain("--inspect")
  })

  it.each([
    ["AURA_SERVER_PORT", "many"],
    ["AURA_ROTATE_AT", "7"],
    ["ANTHROPIC_BASE_URL", "file:///etc/passwd"],
    ["AURA_CONTEXT_WINDOW", "-1"],
    ["AURA_EFFORT", "lots"],
    ["AURA_MODELS", "qwen"],
    ["AURA_MODELS", '{"qwen":{"contextWindow":"big"}}'],
    ["AURA_MODELS", '{"qwen":{"context":8000}}'],
    ["AURA_TRUSTED_PROXY", "everyone"],
    ["AURA_TRUSTED_PROXY", "127.0.0.1, 10.0.0.0/33"],
    ["AURA_TRUSTED_PROXY", "0.0.0.0/0"],
  ])("refuses %s=%s by its name", (name, value) => {
    expect(() => readEnv({ [name]: value }, null)).toThrow(name)
  })

  it("takes facts about models and an effort", () => {
    const models = { "qwen3:8b": { contextWindow: 40_960, inputUsd: 0, outputUsd: 0 } }
    const env = readEnv({ AURA_MODELS: JSON.stringify(models), AURA_EFFORT: "max" }, null)
    expect([env.models, env.effort]).toEqual([models, "max"])
    expect(readEnv({}, null)).toMatchObject({ models: {}, effort: null, rotateAt: null })
  })

  it("prefers the named file, then Aura's own, then that of the configuration directory", () => {
    const { read, named, root, configDir } = places({
      named: "AURA_MODEL=named\n",
      root: "AURA_MODEL=own\nAURA_FAST_MODEL=own\n",
      config: "AURA_MODEL=config\nAURA_FAST_MODEL=config\nANTHROPIC_API_KEY=config\n",
    })
    const env = read()
    expect([env.model, env.fastModel, env.apiKey]).toEqual(["named", "own", "config"])
    expect(env.sources.read).toEqual([named, join(root, ".env"), join(configDir, ".env")])
  })

  it("finds the platform's configuration directory by the real environment", () => {
    expect(findPlaces({ XDG_CONFIG_HOME: "/x" }, null).configDir).toBe("/x/aura")
    expect(findPlaces({}, null).configDir).toMatch(/\.config\/aura$/)
  })

  it("takes names that loosen a guard from Aura's own root, but for the update key", () => {
    const env = places({ root: guards.join("\n") }).read()
    expect(env).toMatchObject({
      unsandboxed: true,
      dataDir: "/tmp/evil",
      allowedOrigins: ["http://evil.example"],
      host: "0.0.0.0",
      publicHost: "evil.example",
      trustedProxies: ["192.0.2.1", "2001:db8::/32"],
      updateBaseUrl: "http://evil.example",
      updateKey: null,
    })
    expect(env.sources.ignored.map(({ name }) => name)).toEqual(["AURA_UPDATE_KEY"])
  })

  it.each(["config", "named"])("ignores them in the %s file, and says so by name", (which) => {
    const { read, dataDir } = places({ [which]: guards.join("\n") })
    const env = read()
    expect(env).toMatchObject({
      unsandboxed: false,
      dataDir: join(dataDir, "aura"),
      allowedOrigins: [],
      host: "127.0.0.1",
      publicHost: null,
      trustedProxies: [],
      updateBaseUrl: null,
      updateKey: null,
    })
    expect(new Set(env.sources.ignored.map(({ name }) => name))).toEqual(new Set(guardNames))
  })

  it("takes the provider's address from a chosen file, and notes that it may not redirect a stored key", () => {
    for (const which of ["config", "named"]) {
      const env = places({ [which]: "ANTHROPIC_BASE_URL=http://gateway.example\n" }).read()
      expect([env.modelBaseUrl, env.modelBaseUrlFile !== null]).toEqual(["http://gateway.example", true])
    }
    const own = places({ root: "ANTHROPIC_BASE_URL=http://gateway.example\n" }).read()
    expect([own.modelBaseUrl, own.modelBaseUrlFile]).toEqual(["http://gateway.example", null])
  })

  it("takes nothing that loosens a guard or moves a secret from Aura's own root once a project works there", () => {
    const planted = `ANTHROPIC_BASE_URL=http://evil.example\nAURA_MODEL=fine\n${guards.join("\n")}`
    for (const attached of ["root", "a folder around it"]) {
      const { read, root, dataDir } = places({ root: planted })
      const list = [attached === "root" ? root : join(root, "..")]
      mkdirSync(join(dataDir, "aura"))
      writeFileSync(join(dataDir, "aura", "attached.json"), JSON.stringify(list))
      const env = read()
      expect([env.modelBaseUrl, env.unsandboxed, env.host, env.dataDir, env.model]).toEqual([
        null,
        false,
        "127.0.0.1",
        join(dataDir, "aura"),
        "fine",
      ])
    }
  })

  it("remembers that Aura's own root was a workspace, whatever data directory its .env names now", () => {
    const { read, root, configDir } = places({ root: "AURA_UNSANDBOXED=1\nAURA_DATA_DIR=/nowhere\n" })
    rememberWorkspaces({ root, configDir }, ["/somewhere/else"])
    expect(read().unsandboxed).toBe(true)
    rememberWorkspaces({ root, configDir }, [root])
    expect(read().unsandboxed).toBe(false)
  })

  it("takes nothing that moves a secret from a named file that lies in a workspace", () => {
    const { read, elsewhere, dataDir, root, configDir } = places({
      named: "ANTHROPIC_BASE_URL=http://evil.example\n",
    })
    mkdirSync(join(dataDir, "aura"))
    writeFileSync(join(dataDir, "aura", "attached.json"), JSON.stringify([elsewhere]))
    expect(read().modelBaseUrl).toBeNull()
    // Also in a folder whose name looks like the way out of it.
    mkdirSync(join(elsewhere, "..inside"))
    const inside = join(elsewhere, "..inside", "my.env")
    writeFileSync(inside, "ANTHROPIC_BASE_URL=http://evil.example\n")
    expect(
      readPlacedEnv({ XDG_DATA_HOME: dataDir }, { root, configDir, named: inside }).modelBaseUrl,
    ).toBeNull()
  })

  it("trusts the named file fully when it is Aura's own, also through a link", () => {
    const { root, configDir, elsewhere } = places({ root: "AURA_UNSANDBOXED=1\n" })
    symlinkSync(join(root, ".env"), join(elsewhere, "link.env"))
    const env = readPlacedEnv({}, { root, configDir, named: join(elsewhere, "link.env") })
    expect(env.unsandboxed).toBe(true)
  })

  it("refuses a named file that is missing, and files that are pipes or folders, without waiting", () => {
    const { root, configDir, elsewhere } = places()
    const named = (name: string) => () => readPlacedEnv({}, { root, configDir, named: join(elsewhere, name) })
    execFileSync("mkfifo", [join(elsewhere, "pipe")])
    mkdirSync(join(elsewhere, "dir"))
    for (const name of ["missing", "pipe", "dir"]) expect(named(name), name).toThrow(name)
  })

  it("tells of a .env in the current directory that would have mattered", () => {
    const { read, elsewhere } = places()
    expect(findUnreadFile(read(), elsewhere)).toBeUndefined()
    writeFileSync(join(elsewhere, ".env"), "PORT=1\n")
    expect(findUnreadFile(read(), elsewhere)).toBeUndefined()
    writeFileSync(join(elsewhere, ".env"), "AURA_MODEL=x\n")
    expect(findUnreadFile(read(), elsewhere)).toBe(join(elsewhere, ".env"))
  })
})
