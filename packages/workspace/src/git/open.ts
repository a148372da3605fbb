/** Opens the repository of a folder; creates one if there is none. */
import { randomBytes } from "node:crypto"
import { mkdir, readdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises"
import { basename, join } from "node:path"
import { AuraError, createRedactor } from "@aura/core"
import { showBytes } from "../byte-path.ts"
import { giveToOwner } from "../folder/owner.ts"
import { impatient, type Patience } from "../patience.ts"
import { exitCodeOf, runGit } from "./command.ts"
import { createGit, type Git } from "./git.ts"
import { clearLock } from "./index-lock.ts"
import { findLeaks } from "./leaks.ts"
import { openAt, openRepository, type Repository } from "./repository.ts"

/**
 * Ignored in repositories that Aura creates: installed files, and settings of one machine. Other files that may contain
 * secrets are checked by their content.
 */
const usualIgnores = [
  "node_modules/",
  ".env",
  ".env.local",
  ".env.*.local",
  "__pycache__/",
  ".venv/",
  ".DS_Store",
]
/** True for file names that suggest secrets; the first commit of a new repository omits them. */
function isNamedLikeSecret(path: string): boolean {
  const name = basename(path).toLowerCase()
  return (
    [".pem", ".key", ".p12", ".pfx", ".jks", ".keystore"].some((end) => name.endsWith(end)) ||
    name === ".env" ||
    (name.startsWith(".env.") && ![".env.example", ".env.sample", ".env.template"].includes(name))
  )
}

/**
 * @param home where Aura's own git directories lie
 * @returns notes for the person: what was set up, and uncommitted changes
 * @throws AuraError `service_unavailable` without git, `conflict` for a repository that is in no state to be worked in
 */
export async function openGit(
  root: string,
  home: string,
  patience: Patience = impatient,
): Promise<{ git: Git; repository: Repository; notes: string[] }> {
  const notes: string[] = []
  await removeUnfinished(root)
  const repository =
    (await openRepository(root, home, patience)) ??
    (await patience(() => initialise(root, home, notes, patience)))
  await refuseHalfway(repository)
  const freed = await clearLock(join(repository.gitDir, "index.lock"))
  if (freed) notes.push(freed)
  const git = createGit(repository)
  const now = await git.snapshot()
  const filtered = await git.filtered(now)
  if (filtered.size > 0) notes.push(describeFiltered(filtered))
  const dirty = (await git.changes(await git.headTree(), now)).filter(({ path }) => !filtered.has(path))
  if (dirty.length > 0) {
    const names = dirty
      .slice(0, 5)
      .map((change) => showBytes(change.path))
      .join(", ")
    const more = dirty.length > 5 ? ` and ${dirty.length - 5} more` : ""
    notes.push(
      `The folder has uncommitted changes of yours (${names}${more}). Aura leaves them as they are and does not commit them.`,
    )
  }
  return { git, repository, notes }
}

/**
 * Checks beforehand what would make `openGit` fail; changes nothing.
 * @returns the top of the repository, or the folder itself where there is none
 * @throws AuraError like `openGit`
 */
export async function checkRepository(root: string, home: string): Promise<string> {
  const repository = await openRepository(root, home)
  if (repository) await refuseHalfway(repository)
  else await refuseForeign(await realpath(root))
  return repository?.top ?? (await realpath(root))
}

function describeFiltered(filtered: ReadonlyMap<string, string>): string {
  const names = [...new Set(filtered.values())].join(", ")
  const paths = [...filtered.keys()].slice(0, 5).map(showBytes).join(", ")
  const more = filtered.size > 5 ? ` and ${filtered.size - 5} more` : ""
  return `.gitattributes names a filter (${names}) for ${filtered.size} files: ${paths}${more}. Aura runs no filter of a repository, so agents neither change nor commit these.`
}

/** A repository is created under this name and renamed to `.git` when it is complete. */
const unfinished = /^\.aura-git-[0-9a-f]{16}$/

async function removeUnfinished(root: string): Promise<void> {
  const left = (await readdir(root)).filter((name) => unfinished.test(name))
  for (const name of left) await rm(join(root, name), { recursive: true, force: true })
}

/** Git's own rule, applied before a repository exists: root uses another user's folder only if it is marked as safe. */
async function refuseForeign(root: string): Promise<void> {
  const { uid } = await stat(root)
  if (process.getuid?.() !== 0 || uid === 0 || String(uid) === process.env.SUDO_UID) return
  const { stdout } = await runGit(root, ["config", "--null", "--get-all", "safe.directory"]).catch(() => ({
    stdout: "",
  }))
  if (stdout.split("\0").some((trusted) => trusted === "*" || trusted.replace(/\/\*?$/, "") === root)) return
  throw new AuraError(
    "conflict",
    `${root} belongs to another user (${uid}), and Aura runs as root. Start Aura as that user, or say that the folder is to be trusted: git config --global --add safe.directory ${root}`,
  )
}

async function initialise(
  root: string,
  home: string,
  notes: string[],
  patience: Patience,
): Promise<Repository> {
  const real = await realpath(root)
  await refuseForeign(real)
  const draft = join(real, `.aura-git-${randomBytes(8).toString("hex")}`)
  await mkdir(draft)
  try {
    const isEmpty = await fillDraft(draft, real)
    await giveToOwner(draft, real)
    // Fails when another repository was created meanwhile, which is kept.
    await rename(join(draft, ".git"), join(real, ".git"))
    notes.push(
      isEmpty
        ? "The folder had no git repository; Aura made one."
        : "The folder had no git repository; Aura made one and committed the files as they were.",
    )
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  const repository = await openRepository(root, home, patience)
  if (!repository) throw new AuraError("conflict", `git could not make a repository in ${root}.`)
  return repository
}

/** Creates a complete repository under the draft name. @returns true when there was nothing to commit */
async function fillDraft(draft: string, top: string): Promise<boolean> {
  const gitDir = join(draft, ".git")
  await runGit(draft, ["init", "--quiet", "--initial-branch=main", "--object-format=sha1"])
  await mkdir(join(gitDir, "info"), { recursive: true })
  const ignores = `${usualIgnores.join("\n")}\n`
  await writeFile(join(gitDir, "info", "exclude"), `${ignores}/${basename(draft)}\n`)
  const repository = await openAt(top, { top, gitDir, commonDir: gitDir }, "sha1", join(draft, "own"))
  const git = createGit(repository)
  const [before, found] = [await git.headTree(), await git.snapshot()]
  const except = await findUnfit(git, before, found)
  if ((await git.treeOf(before, found, except)) !== before)
    await git.commit(before, found, { except, message: "The folder as Aura found it\n" })
  await writeFile(join(gitDir, "info", "exclude"), ignores)
  return found === before
}

/** Paths that may hold secrets, by name or by what is in them. */
async function findUnfit(git: Git, from: string, to: string): Promise<string[]> {
  const named = (await git.changes(from, to)).map(({ path }) => path).filter(isNamedLikeSecret)
  const nothing = new Set<string>()
  const leaks = await findLeaks(git, createRedactor(), {
    from,
    to,
    except: new Set(named),
    harmless: nothing,
  })
  return [...named, ...leaks.map(({ path }) => path)]
}

/** Rejects a repository in the middle of an operation or on no branch, where a commit of Aura would be lost or interfere. */
async function refuseHalfway({ gitDir, top, names }: Repository): Promise<void> {
  for (const [name, what] of [
    ["MERGE_HEAD", "a merge"],
    ["rebase-merge", "a rebase"],
    ["rebase-apply", "a rebase"],
    ["CHERRY_PICK_HEAD", "a cherry-pick"],
    ["REVERT_HEAD", "a revert"],
    ["BISECT_LOG", "a bisect"],
    ["sequencer", "a series of cherry-picks or reverts"],
  ] as const) {
    if (await exists(join(gitDir, name)))
      throw new AuraError(
        "conflict",
        `${top} is in the middle of ${what}. Finish or abort it first; Aura does not commit into it.`,
      )
  }
  await names(["symbolic-ref", "--quiet", "HEAD"]).catch((cause: unknown) => {
    if (exitCodeOf(cause) !== 1) throw cause
    throw new AuraError(
      "conflict",
      `${top} is on no branch (detached HEAD), where commits get lost. Switch to a branch first: git switch -c NAME`,
    )
  })
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}
