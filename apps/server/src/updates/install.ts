/** Installs a newer Aura: through the system's package manager, or by replacing the folder. */
import { execFile } from "node:child_process"
import { access, constants, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { AuraError, toMessage } from "@aura/core"
import { findProgram, hostEnv } from "@aura/workspace"

const here = fileURLToPath(new URL("../../../..", import.meta.url)).replace(/[/\\]$/, "")
const packaged = "/usr/lib/aura"

export type Installer = {
  /** The file of a release this installation takes; `undefined` when it is not one that a release can replace. */
  wanted: string | undefined
  install(file: string): Promise<void>
}

/** The public key in the package, which verifies its updates. */
export async function readPackagedKey(root = here): Promise<string | null> {
  return await readFile(join(root, "update-key"), "utf8").then(
    (text) => text.trim(),
    () => null,
  )
}

/** @param root where this Aura is */
export async function findInstaller(root = here): Promise<Installer> {
  const machine = `${process.platform}-${process.arch}`
  if (root === packaged) return { wanted: `${machine}-deb`, install: installPackage }
  const hasNode = await access(join(root, "node"), constants.W_OK).then(
    () => true,
    () => false,
  )
  // Windows cannot replace a folder while a program in it runs.
  if (!hasNode || process.platform === "win32") return { wanted: undefined, install: async () => undefined }
  return { wanted: `${machine}-archive`, install: (file) => changeFolder(root, file) }
}

/** Runs directly as root; otherwise the system asks for permission. */
async function installPackage(file: string): Promise<void> {
  const install = [needProgram("dpkg"), "-i", file]
  const [program = "", ...args] = process.getuid?.() === 0 ? install : [needProgram("pkexec"), ...install]
  await run(program, args).catch((thrown: unknown) => {
    throw new AuraError("service_unavailable", `It was not installed: ${toMessage(thrown).split("\n")[0]}`)
  })
}

function needProgram(name: string): string {
  const program = findProgram(name)
  if (!program) throw new AuraError("service_unavailable", `${name} was not found; an update needs it.`)
  return program
}

async function run(program: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)(program, args, { env: hostEnv() })
}

/** The old folder is kept until the new one is in place, and restored if that fails. */
async function changeFolder(root: string, archive: string): Promise<void> {
  const beside = await mkdtemp(join(dirname(root), ".aura-update-"))
  try {
    await run(needProgram("tar"), ["-xzf", archive, "-C", beside, "--no-same-owner"])
    const [only, ...others] = await readdir(beside)
    if (only === undefined || others.length > 0)
      throw new AuraError("bad_gateway", "The archive does not hold exactly one folder.")
    const old = join(beside, ".old")
    await rename(root, old)
    await rename(join(beside, only), root).catch(async (cause: unknown) => {
      await rename(old, root)
      throw cause
    })
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}
