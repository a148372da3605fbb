/**
 * Writes the signed description of a release beside its files: `<channel>.json` and `<channel>.json.sig`.
 *
 *   AURA_RELEASE_KEY=private.pem node scripts/sign-release.ts FOLDER [--channel stable|nightly]
 */
import { createHash, createPrivateKey, sign } from "node:crypto"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { channel: { type: "string", default: "stable" } },
})
const [folder] = positionals
const keyFile = process.env.AURA_RELEASE_KEY
if (!folder || !keyFile)
  throw new Error("Name the folder, and the file of the private key in AURA_RELEASE_KEY.")

const found = readdirSync(folder).flatMap((name) => {
  const archive = /^aura-(.+?)-(linux|darwin|win32)-(x64|arm64)\.tar\.gz$/.exec(name)
  if (archive) return [{ name, version: archive[1] ?? "", use: `${archive[2]}-${archive[3]}-archive` }]
  const deb = /^aura_(.+?)_(amd64|arm64)\.deb$/.exec(name)
  if (!deb) return []
  return [{ name, version: deb[1] ?? "", use: `linux-${deb[2] === "amd64" ? "x64" : "arm64"}-deb` }]
})
const versions = new Set(found.map(({ version }) => version))
if (versions.size !== 1) throw new Error(`The folder must hold one version, not ${versions.size}.`)
const files = found.map(({ name, use }) => {
  const bytes = readFileSync(join(folder, name))
  return [use, { name, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") }]
})
const text = JSON.stringify({
  version: [...versions][0],
  channel: values.channel,
  files: Object.fromEntries(files),
})
const signature = sign(null, Buffer.from(text), createPrivateKey(readFileSync(keyFile)))
writeFileSync(join(folder, `${values.channel}.json`), text)
writeFileSync(join(folder, `${values.channel}.json.sig`), signature.toString("base64"))
