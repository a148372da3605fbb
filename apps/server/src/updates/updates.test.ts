/** Releases from a server of the test's own: good, badly signed, unsigned, changed, older, of another channel. */
import { execFileSync } from "node:child_process"
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { UpdateChannel } from "@aura/core"
import { describe, expect, it, onTestFinished } from "vitest"
import { findInstaller } from "./install.ts"
import { isNewer } from "./manifest.ts"
import { createUpdates } from "./updates.ts"

const ours = generateKeyPairSync("ed25519")
const theirs = generateKeyPairSync("ed25519")
const archive = Buffer.from("a newer Aura")
const digest = createHash("sha256").update(archive).digest("hex")

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "aura-update-"))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Serves these files and nothing else; `asked` is what was fetched. */
async function serve(files: Record<string, Buffer | string>): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const name = request.url?.slice(1) ?? ""
    asked.push(name)
    const body = files[name]
    if (body === undefined) response.writeHead(404).end()
    else response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`, asked }
}

type Release = { version?: string; channel?: UpdateChannel; file?: object; key?: KeyObject; at?: string }

function release({
  version = "0.2.0",
  channel = "stable",
  file = {},
  key = ours.privateKey,
  at = channel,
}: Release = {}) {
  const named = { name: "aura-0.2.0.tar.gz", bytes: archive.length, sha256: digest, ...file }
  const text = JSON.stringify({ version, channel, files: { "test-archive": named } })
  return {
    [`${at}.json`]: text,
    [`${at}.json.sig`]: sign(null, Buffer.from(text), key).toString("base64"),
    "aura-0.2.0.tar.gz": archive,
  }
}

async function open(
  files: Record<string, Buffer | string>,
  more: { channel?: UpdateChannel; isWorking?: () => boolean; wanted?: string; dataDir?: string } = {},
) {
  const server = await serve(files)
  const installed: string[] = []
  const dataDir = more.dataDir ?? folder()
  const updates = createUpdates({
    baseUrl: server.url,
    key: ours.publicKey.export({ format: "der", type: "spki" }).toString("base64"),
    dataDir,
    version: "0.1.0",
    installer: {
      wanted: more.wanted ?? "test-archive",
      install: async (file) => void installed.push(readFileSync(file, "utf8")),
    },
    channel: async () => more.channel ?? "stable",
    isWorking: more.isWorking ?? (() => false),
    now: Date.now,
  })
  onTestFinished(updates.stop)
  // The first look is its own; this one waits for it or comes after it.
  for (;;) {
    const { state } = await updates.check()
    if (state !== "checking") break
    await new Promise((resolve) => setImmediate(resolve))
  }
  await updates.settled()
  return { updates, server, installed, dataDir, status: await updates.status() }
}

describe("a newer release", () => {
  it("is fetched in the background and installed when a person says so, not while an agent works", async () => {
    let working = true
    const { updates, installed, status } = await open(release(), { isWorking: () => working })
    expect(status).toMatchObject({ state: "ready", newer: "0.2.0", bytes: archive.length, reason: null })
    await expect(updates.install()).rejects.toMatchObject({ code: "conflict" })
    expect(installed).toEqual([])
    working = false
    expect(await updates.install()).toMatchObject({ state: "installed" })
    expect(installed).toEqual(["a newer Aura"])
  })

  it("is of the channel that is chosen", async () => {
    const { status } = await open(release({ channel: "nightly", version: "0.2.0-nightly.7" }), {
      channel: "nightly",
    })
    expect(status).toMatchObject({ state: "ready", newer: "0.2.0-nightly.7", channel: "nightly" })
  })

  it.each<[string, Record<string, Buffer | string>]>([
    ["signed by another key", release({ key: theirs.privateKey })],
    ["not signed", Object.fromEntries(Object.entries(release()).filter(([name]) => !name.endsWith(".sig")))],
    ["signed with nothing", { ...release(), "stable.json.sig": "" }],
    [
      "changed after it was signed",
      { ...release(), "stable.json": release({ version: "9.0.0" })["stable.json"] ?? "" },
    ],
    ["a nightly in the place of a stable one", release({ channel: "nightly", at: "stable" })],
    ["no release at all", {}],
    ["named into another folder", release({ file: { name: "../../evil" } })],
    ["endless", { ...release(), "stable.json": "x".repeat(100_000) }],
    ["with another file", { ...release(), "aura-0.2.0.tar.gz": Buffer.from("an evil Aura") }],
    ["with a longer file", { ...release(), "aura-0.2.0.tar.gz": Buffer.concat([archive, archive]) }],
  ])("is not taken when it is %s", async (_, files) => {
    const { updates, installed, status, dataDir } = await open(files)
    expect(status).toMatchObject({ state: "failed", reason: expect.stringMatching(/\w/) })
    await expect(updates.install()).rejects.toMatchObject({ code: "conflict" })
    expect(installed).toEqual([])
    const left = existsSync(join(dataDir, "updates")) ? readdirSync(join(dataDir, "updates")) : []
    expect(left).toEqual([])
  })

  it("is no newer one when it is the same or older", async () => {
    for (const version of ["0.1.0", "0.0.9"]) {
      const { status, server } = await open(release({ version }))
      expect(status).toMatchObject({ state: "idle", newer: null })
      expect(server.asked).not.toContain("aura-0.2.0.tar.gz")
    }
  })

  it("is not an older one again, however well it is signed, once a newer one was offered", async () => {
    const { dataDir } = await open(release({ version: "0.3.0" }))
    for (const version of ["0.2.0", "0.3.0-nightly.9"]) {
      const { status, server } = await open(release({ version }), { dataDir })
      expect(status).toMatchObject({ state: "failed", reason: expect.stringContaining("older than 0.3.0") })
      expect(server.asked).not.toContain("aura-0.2.0.tar.gz")
    }
    expect((await open(release({ version: "0.3.0" }), { dataDir })).status).toMatchObject({ state: "ready" })
    const nightly = release({ channel: "nightly", version: "0.2.0-nightly.7" })
    expect((await open(nightly, { dataDir, channel: "nightly" })).status).toMatchObject({ state: "ready" })
  })

  it("that is forged does not stand in the way of a true one", async () => {
    const { dataDir } = await open(release({ version: "9.0.0", key: theirs.privateKey }))
    expect((await open(release(), { dataDir })).status).toMatchObject({ state: "ready", newer: "0.2.0" })
  })

  it("is told but not fetched where it cannot be installed", async () => {
    const { status } = await open(release(), { wanted: "other-deb" })
    expect(status).toMatchObject({ state: "idle", newer: "0.2.0", reason: "It has nothing for other-deb." })
  })

  it("is not installed when the file was changed after it came", async () => {
    const { updates, installed, dataDir } = await open(release())
    writeFileSync(join(dataDir, "updates", "aura-0.2.0.tar.gz"), "evil")
    await expect(updates.install()).rejects.toMatchObject({ code: "forbidden" })
    expect(installed).toEqual([])
  })
})

it("versions are ordered as people mean it", () => {
  const order = ["0.1.0", "0.2.0-nightly.2", "0.2.0-nightly.10", "0.2.0", "0.10.0", "1.0.0"]
  for (const [i, one] of order.entries())
    for (const [j, other] of order.entries())
      expect([one, other, isNewer(one, other)]).toEqual([one, other, i > j])
})

it("what signs a release writes what is believed", async () => {
  const out = folder()
  writeFileSync(join(out, "key.pem"), ours.privateKey.export({ format: "pem", type: "pkcs8" }))
  writeFileSync(join(out, "aura-0.3.0-linux-x64.tar.gz"), archive)
  execFileSync(
    process.execPath,
    [fileURLToPath(new URL("../../../../scripts/sign-release.ts", import.meta.url)), out],
    {
      env: { AURA_RELEASE_KEY: join(out, "key.pem") },
    },
  )
  const names = ["stable.json", "stable.json.sig", "aura-0.3.0-linux-x64.tar.gz"]
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(out, name))]))
  const { status } = await open(files, { wanted: "linux-x64-archive" })
  expect(status).toMatchObject({ state: "ready", newer: "0.3.0" })
})

it.skipIf(process.platform === "win32")("an unpacked Aura is changed for another as a whole", async () => {
  const place = folder()
  const root = join(place, "aura")
  for (const [path, text] of [
    ["aura/node/old", "old"],
    ["made/aura-0.2.0/node/new", "new"],
  ] as const) {
    mkdirSync(join(place, path, ".."), { recursive: true })
    writeFileSync(join(place, path), text)
  }
  const file = join(place, "a.tar.gz")
  execFileSync("tar", ["-czf", file, "-C", join(place, "made"), "aura-0.2.0"])
  const installer = await findInstaller(root)
  expect(installer.wanted).toBe(`${process.platform}-${process.arch}-archive`)
  await installer.install(file)
  expect(readdirSync(join(root, "node"))).toEqual(["new"])
  expect(readdirSync(place).toSorted()).toEqual(["a.tar.gz", "aura", "made"])

  writeFileSync(file, "no archive")
  await expect(installer.install(file)).rejects.toThrow("tar")
  expect(readdirSync(join(root, "node"))).toEqual(["new"])
  expect((await findInstaller(place)).wanted).toBeUndefined()
})
