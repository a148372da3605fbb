/** Opens the repository of a folder; makes one when there is none. */
import { mkdir, rm, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { AuraError } from "@aura/core"
import { createGit, type Git } from "./git.ts"
import { runGit } from "./git-command.ts"
import { clearLock } from "./index-lock.ts"
import { openRepository, type Repository } from "./repository.ts"

const usualIgnores = [
  "node_modules/",
  ".env",
  ".env.*",
  "!.env.example",
  "__pycache__/",
  ".venv/",
  ".DS_Store",
  "*.pem",
  "*.key",
]

/**
 * @param home where Aura's own git directories lie
 * @returns notes for the person: what was set up, what lies there uncommitted
 * @throws AuraError `service_unavailable` without git, `conflict` in the middle of a merge or rebase
 */
export async function openGit(root: string, home: string): Promise<{ git: Git; notes: string[] }> {
  const notes: string[] = []
  const found = await openRepository(root, home)
  const isWhole = found !== undefined && !(await exists(unfinished(root)))
  const repository = isWhole ? found : await initialise(root, home, notes)
  await refuseHalfway(repository)
  const freed = await clearLock(join(repository.gitDir, "index.lock"))
  if (freed) notes.push(freed)
  const git = createGit(repository)
  const dirty = await git.changes(await git.headTree(), await git.snapshot())
  if (dirty.length > 0) {
    const names = dirty
      .slice(0, 5)
      .map((change) => change.path)
      .join(", ")
    const more = dirty.length > 5 ? ` and ${dirty.length - 5} more` : ""
    notes.push(
      `The folder has uncommitted changes of yours (${names}${more}). Aura leaves them as they are and does not commit them.`,
    )
  }
  return { git, notes }
}

/** Lies in a repository of Aura's making until it is whole: after a crash it is made to the end. */
const unfinished = (root: string) => join(root, ".git", "aura-unfinished")

async function initialise(root: string, home: string, notes: string[]): Promise<Repository> {
  const aside = join(root, ".git", "info")
  await mkdir(aside, { recursive: true })
  await writeFile(unfinished(root), "")
  await runGit(root, ["init", "--quiet", "--initial-branch=main"])
  await writeFile(join(aside, "exclude"), `${usualIgnores.join("\n")}\n`)
  const repository = await openRepository(root, home)
  if (!repository) throw new AuraError("conflict", `git could not make a repository in ${root}.`)
  const git = createGit(repository)
  const [before, found] = [await git.headTree(), await git.snapshot()]
  if (found !== before)
    await git.commit(before, found, { except: [], message: "The folder as Aura found it\n" })
  await rm(unfinished(root))
  notes.push(
    found === repository.emptyTree
      ? "The folder had no git repository; Aura made one."
      : "The folder had no git repository; Aura made one and committed the files as they were.",
  )
  return repository
}

async function refuseHalfway({ gitDir }: Repository): Promise<void> {
  for (const [name, what] of [
    ["MERGE_HEAD", "a merge"],
    ["rebase-merge", "a rebase"],
    ["rebase-apply", "a rebase"],
    ["CHERRY_PICK_HEAD", "a cherry-pick"],
  ] as const) {
    if (await exists(join(gitDir, name)))
      throw new AuraError(
        "conflict",
        `The folder is in the middle of ${what}. Finish or abort it first; Aura does not commit into it.`,
      )
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}
