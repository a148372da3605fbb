/** The folder of a project as an editor shows it: its files, and how they were in the last commit. */
import { isAbsolute, join, relative, sep } from "node:path"
import { AuraError, type FileChange, type FolderState, type TextQuery } from "@aura/core"
import { projects } from "@aura/domain"
import {
  createGit,
  findText,
  gitHome,
  listAll,
  openRepository,
  type Repository,
  refuseReplaced,
  resolveInside,
  showBytes,
} from "@aura/workspace"
import type { Engine } from "./engine.ts"

const maxFiles = 20_000
const maxChanges = 2_000
const longestText = 10 * 1024 * 1024

/** @throws AuraError `not_found` for a project without a folder */
export async function look(engine: Engine, projectId: string): Promise<FolderState> {
  const root = await rootOf(engine, projectId)
  const [files, repository] = await Promise.all([listAll(root), repositoryOf(engine, root)])
  const changes = repository ? await sinceCommit(repository) : []
  return {
    isRepository: repository !== undefined,
    files: files.slice(0, maxFiles),
    isCut: files.length > maxFiles,
    changes: changes.slice(0, maxChanges),
  }
}

/**
 * The text of a file in the last commit.
 * @param path relative to the workspace
 * @returns null when it is not in it, or there is no commit yet
 * @throws AuraError `bad_request` when it is no text there
 */
export async function committed(engine: Engine, projectId: string, path: string): Promise<string | null> {
  const root = await rootOf(engine, projectId)
  const absolute = await resolveInside(root, path)
  const repository = await repositoryOf(engine, root)
  if (!repository) return null
  const name = relative(repository.top, absolute).split(sep).join("/")
  const sha = await repository.names(["rev-parse", "--verify", "-q", `HEAD:${name}`]).catch(() => "")
  if (sha === "") return null
  const kind = await repository.names(["cat-file", "-t", sha])
  if (kind !== "blob") throw new AuraError("bad_request", `${path} is a folder in the last commit.`)
  if (Number(await repository.names(["cat-file", "-s", sha])) > longestText)
    throw new AuraError("bad_request", `${path} is larger than 10 MB in the last commit.`)
  const text = await repository.names(["cat-file", "blob", sha], { isText: true })
  if (text.slice(0, 8000).includes("\0"))
    throw new AuraError("bad_request", `${path} is no text in the last commit.`)
  return text
}

/** @throws AuraError `bad_request` for a pattern that is none */
export async function find(engine: Engine, projectId: string, query: TextQuery): ReturnType<typeof findText> {
  return await findText(await rootOf(engine, projectId), query)
}

async function rootOf(engine: Engine, projectId: string): Promise<string> {
  const { workspacePath } = await projects.get(engine.aura, projectId)
  if (!workspacePath) throw new AuraError("not_found", "The project has no workspace folder yet.")
  await refuseReplaced(workspacePath)
  return workspacePath
}

async function repositoryOf({ aura }: Engine, root: string): Promise<Repository | undefined> {
  return await openRepository(root, gitHome(aura.config.dataDir)).catch((cause: unknown) => {
    // Without git, or with a repository whose files lie elsewhere, a folder is still one to look into.
    if (cause instanceof AuraError) return undefined
    throw cause
  })
}

/** Of a workspace that is a folder in a repository, the changes inside it. */
async function sinceCommit(repository: Repository): Promise<FileChange[]> {
  const git = createGit(repository)
  const changes = await git.changes(await git.headTree(), await git.snapshot())
  return changes.flatMap((change) => {
    const path = relative(repository.root, join(repository.top, change.path)).split(sep).join("/")
    return path.startsWith("..") || isAbsolute(path) ? [] : [{ ...change, path: showBytes(path) }]
  })
}
