/**
 * Makes what people install: a plain archive on every system, and a Debian package where `dpkg-deb` is.
 *
 *   npm run package [-- --out FOLDER] [--only deb|archive]
 */
import { execFileSync } from "node:child_process"
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { makeDeb } from "./release/deb.ts"
import { layTree } from "./release/tree.ts"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { values } = parseArgs({ options: { out: { type: "string" }, only: { type: "string" } } })
const out = resolve(values.out ?? join(root, "dist"))
const { version }: { version: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
const name = `aura-${version}-${process.platform}-${process.arch}`

// Whoever installs it must be able to read it, whatever the maker's habits are.
process.umask(0o022)
mkdirSync(out, { recursive: true })
const tree = join(out, name)
layTree(root, tree)
// Who signs the releases that may follow this one; without it the package takes none.
const key = process.env.AURA_UPDATE_KEY
if (key) writeFileSync(join(tree, "update-key"), key)
if (values.only !== "deb") say(makeArchive())
// Last, for it takes the tree along.
if (process.platform === "linux" && values.only !== "archive") say(makeDeb(root, tree, out, version))
rmSync(tree, { recursive: true, force: true })

/** Windows has a `tar` too. */
function makeArchive(): string {
  const file = join(out, `${name}.tar.gz`)
  execFileSync("tar", ["-czf", `${file}.part`, "-C", out, name], { stdio: "inherit" })
  renameSync(`${file}.part`, file)
  return file
}

function say(file: string): void {
  process.stdout.write(`${file}\n`)
}
