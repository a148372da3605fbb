/** Checks for newer releases, downloads them in the background, and installs on request. */
import type { KeyObject } from "node:crypto"
import { join } from "node:path"
import { AuraError, toMessage, type UpdateChannel, type UpdateStatus } from "@aura/core"
import { download, fetchSmall, isWhole } from "./download.ts"
import type { Installer } from "./install.ts"
import { isNewer, type Manifest, type ReleaseFile, readKey, readManifest } from "./manifest.ts"
import { readSeen, writeSeen } from "./seen.ts"

export type Updates = {
  status(): Promise<UpdateStatus>
  /** Checks now. Resolves when the result is known; the download starts afterwards. */
  check(): Promise<UpdateStatus>
  /** @throws AuraError `conflict` while work is going on, or when nothing is ready */
  install(): Promise<UpdateStatus>
  /** Resolves when no download is running. */
  settled(): Promise<void>
  stop(): void
}

export type UpdateOptions = {
  /** Null: updates are off, and no connection is opened. */
  baseUrl: string | null
  /** The public key, base64. */
  key: string | null
  dataDir: string
  version: string
  installer: Installer
  channel(): Promise<UpdateChannel>
  isWorking(): boolean
  now(): number
}

const checkMs = 6 * 60 * 60 * 1000
const answerMs = 20_000

type Ready = { path: string; file: ReleaseFile }
type Known = Pick<UpdateStatus, "state" | "newer" | "bytes" | "size" | "reason" | "checkedAt">

export function createUpdates(options: UpdateOptions): Updates {
  const { baseUrl, installer, version } = options
  const base = baseUrl?.replace(/\/$/, "")
  const abort = new AbortController()
  let known: Known = {
    state: base ? "idle" : "off",
    newer: null,
    bytes: 0,
    size: null,
    reason: null,
    checkedAt: null,
  }
  let ready: Ready | undefined
  let fetching = Promise.resolve()

  const note = (change: Partial<Known>) => {
    known = { ...known, ...change }
  }
  const fail = (thrown: unknown) => note({ state: "failed", reason: toMessage(thrown) })
  const status = async () => ({ ...known, channel: await options.channel(), version })

  async function look(place: string): Promise<Manifest> {
    const key = toKey(options.key)
    const channel = await options.channel()
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(answerMs)])
    const [bytes, signature] = await Promise.all(
      ["json", "json.sig"].map((end) => fetchSmall(`${place}/${channel}.${end}`, signal)),
    )
    if (!bytes || !signature) throw new AuraError("bad_gateway", "The release is not whole.")
    return readManifest(bytes, signature.toString("latin1"), key, channel)
  }
  /** An older release has a valid signature too; offering it after a newer one is a downgrade attack. */
  async function refuseReplay({ channel, version: offered }: Manifest): Promise<void> {
    const seen = await readSeen(options.dataDir)
    const newest = seen[channel]
    if (newest !== undefined && isNewer(newest, offered))
      throw new AuraError(
        "forbidden",
        `The release ${offered} is older than ${newest}, which was offered before; it was not taken.`,
      )
    if (newest !== offered) await writeSeen(options.dataDir, { ...seen, [channel]: offered })
  }
  async function get(place: string, file: ReleaseFile): Promise<void> {
    const tell = (bytes: number) => note({ bytes })
    const path = await download(place, file, join(options.dataDir, "updates"), tell, abort.signal)
    ready = { path, file }
    note({ state: "ready", bytes: file.bytes })
  }
  async function check(): Promise<UpdateStatus> {
    if (!base) throw new AuraError("conflict", "Updates are off: AURA_UPDATE_BASE_URL is not set.")
    if (["checking", "downloading", "installing"].includes(known.state)) return await status()
    note({ state: "checking", reason: null })
    ready = undefined
    try {
      const manifest = await look(base)
      await refuseReplay(manifest)
      note({
        checkedAt: new Date(options.now()).toISOString(),
        newer: null,
        bytes: 0,
        size: null,
        state: "idle",
      })
      if (!isNewer(manifest.version, version)) return await status()
      note({ newer: manifest.version })
      const file = installer.wanted === undefined ? undefined : manifest.files[installer.wanted]
      if (!file) {
        note({ reason: installer.wanted ? `It has nothing for ${installer.wanted}.` : howFromSources })
        return await status()
      }
      note({ state: "downloading", size: file.bytes })
      fetching = get(base, file).catch(fail)
    } catch (thrown) {
      fail(thrown)
    }
    return await status()
  }
  const again = () => void check().catch(() => undefined)
  const timer = base ? setInterval(again, checkMs).unref() : undefined
  if (base) again()

  return {
    status,
    check,
    async install() {
      if (known.state !== "ready" || !ready)
        throw new AuraError("conflict", "No newer Aura is ready to be installed.")
      if (options.isWorking())
        throw new AuraError(
          "conflict",
          "An agent is at work. Install it when the work is done, or stop it first.",
        )
      const { path, file } = ready
      note({ state: "installing" })
      try {
        // It was on disk meanwhile, so check it again.
        if (!(await isWhole(path, file)))
          throw new AuraError("forbidden", "What was fetched has been changed since.")
        await installer.install(path)
        note({ state: "installed", reason: "Start Aura again to use it." })
      } catch (thrown) {
        fail(thrown)
        throw thrown
      }
      return await status()
    },
    settled: () => fetching,
    stop() {
      clearInterval(timer)
      abort.abort()
    },
  }
}

const howFromSources = "This Aura runs from its sources: git pull"

function toKey(text: string | null): KeyObject {
  if (text === null)
    throw new AuraError(
      "bad_request",
      "No key is known to check releases with, so none is taken. Set AURA_UPDATE_KEY.",
    )
  return readKey(text)
}
