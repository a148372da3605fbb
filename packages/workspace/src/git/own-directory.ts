/** Aura's own git directory for a repository; only Aura writes its configuration and exclude file. */
import { randomUUID } from "node:crypto"
import { lstat, mkdir, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { exitCodeOf, runGit } from "./command.ts"

/** Settings that affect how files become blobs; the rest of the repository's configuration is not copied. */
const kept = [
  "autocrlf",
  "eol",
  "filemode",
  "ignorecase",
  "symlinks",
  "precomposeunicode",
  "excludesfile",
  "sparsecheckout",
  "sparsecheckoutcone",
]

/** Temporary files of editors and operating systems, which are never committed. */
export const droppings = [
  ".*.sw[a-z]",
  "4913",
  "*~",
  ".#*",
  "\\#*#",
  "~$*",
  ".~lock.*#",
  ".nfs*",
  ".fuse_hidden*",
  ".DS_Store",
  "._*",
  "Thumbs.db",
  "desktop.ini",
]

/** Where Aura's own git directories lie. */
export function gitHome(dataDir: string): string {
  return join(dataDir, "git")
}

/** Where a repository lies, and how it names its objects. */
type Owned = { top: string; gitDir: string; commonDir: string; format: string }

/** Sets up Aura's own git directory. Files that are correct are not rewritten, since another git may be reading them. */
export async function setUpOwnDirectory(own: string, of: Owned): Promise<void> {
  await mkdir(join(own, "objects"), { recursive: true, mode: 0o700 })
  await mkdir(join(own, "refs"), { recursive: true })
  await put(join(own, "HEAD"), "ref: refs/heads/aura\n")
  await put(join(own, "config"), await configFor(of))
  const info = join(own, "info")
  // Earlier versions created a link here.
  if ((await lstat(info).catch(() => undefined))?.isSymbolicLink()) await rm(info)
  await mkdir(info, { recursive: true })
  await putLink(join(info, "attributes"), join(of.commonDir, "info", "attributes"))
  await putLink(join(info, "sparse-checkout"), join(of.gitDir, "info", "sparse-checkout"))
  await putExcludes(own, of.commonDir)
}

async function putLink(path: string, target: string): Promise<void> {
  if ((await readlink(path).catch(() => undefined)) === target) return
  await rm(path, { force: true })
  await symlink(target, path)
}

/** Writes the exclude file: the repository's own, and temporary files of editors. */
export async function putExcludes(own: string, commonDir: string): Promise<void> {
  const theirs = await readFile(join(commonDir, "info", "exclude"), "latin1").catch(() => "")
  await put(join(own, "info", "exclude"), `${droppings.join("\n")}\n${theirs}`, "latin1")
}

async function put(path: string, text: string, encoding: "utf8" | "latin1" = "utf8"): Promise<void> {
  if ((await readFile(path, encoding).catch(() => undefined)) === text) return
  const draft = `${path}-${randomUUID()}`
  await writeFile(draft, text, encoding)
  await rename(draft, path)
}

async function configFor(of: Owned): Promise<string> {
  const pattern = `^core\\.(${kept.join("|")})$`
  const env = toUserEnv(of)
  const settings = await runGit(of.top, ["config", "-z", "--get-regexp", pattern], { env }).then(
    ({ stdout }) => stdout.split("\0").filter(Boolean),
    (cause: unknown) => {
      // Exit code 1: nothing is set.
      if (exitCodeOf(cause) === 1) return []
      throw cause
    },
  )
  const lines = settings.map((setting) => {
    const [name = "", ...value] = setting.split("\n")
    return `\t${name.slice("core.".length)} = ${quote(value.length > 0 ? value.join("\n") : "true")}`
  })
  const isOld = of.format === "sha1"
  const head = [
    "[core]",
    `\trepositoryformatversion = ${isOld ? 0 : 1}`,
    "\tbare = false",
    "\tsplitIndex = false",
  ]
  const extension = isOld ? [] : ["[extensions]", `\tobjectFormat = ${of.format}`]
  return [...head, ...lines, ...extension, ""].join("\n")
}

function quote(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`
}

/** Names the user's git directory explicitly, so git does not search for one in the folder. */
export function toUserEnv({ gitDir, top }: Pick<Owned, "gitDir" | "top">): Record<string, string> {
  return { GIT_DIR: gitDir, GIT_WORK_TREE: top }
}
