/** The folder of a project as an editor shows it: its files, and how they were in the last commit. */
import { AuraError, type FileChange, type FolderState, type TextHit, type TextQuery } from "@aura/core"
import { projects } from "@aura/domain"
import { type Git, type Place, showBytes } from "@aura/workspace"
import type { Engine } from "./engine.ts"

const maxFiles = 20_000
const maxChanges = 2_000

/** @throws AuraError `not_found` for a project without a folder */
export async function look(engine: Engine, projectId: string): Promise<FolderState> {
  const place = await placeOf(engine, projectId)
  const [{ paths }, git] = await Promise.all([place.workspace.search.files(), gitOf(place)])
  const changes = git ? await sinceCommit(git) : []
  return {
    isRepository: git !== undefined,
    files: paths.slice(0, maxFiles),
    isCut: paths.length > maxFiles,
    changes: changes.slice(0, maxChanges),
  }
}

/**
 * The text of a file in the last commit, see `Git.committed`.
 * @param path relative to the workspace
 */
export async function committed(engine: Engine, projectId: string, path: string): Promise<string | null> {
  const git = await gitOf(await placeOf(engine, projectId))
  return (await git?.committed(path)) ?? null
}

/** @throws AuraError `bad_request` for an invalid pattern */
export async function find(
  engine: Engine,
  projectId: string,
  query: TextQuery,
): Promise<{ items: TextHit[]; isCut: boolean }> {
  return await (await placeOf(engine, projectId)).workspace.search.text(query)
}

async function placeOf(engine: Engine, projectId: string): Promise<Place> {
  const project = await projects.get(engine.aura, projectId)
  if (!project.workspacePath) throw new AuraError("not_found", "The project has no workspace folder yet.")
  return engine.openPlace(project)
}

async function gitOf(place: Place): Promise<Git | undefined> {
  return await place.findGit().catch((cause: unknown) => {
    // Without git, or with a repository whose files lie elsewhere, a folder is still one to look into.
    if (cause instanceof AuraError) return undefined
    throw cause
  })
}

/** Of a workspace that is a folder in a repository, the changes inside it. */
async function sinceCommit(git: Git): Promise<FileChange[]> {
  const changes = await git.changes(await git.headTree(), await git.snapshot())
  return changes.flatMap((change) =>
    change.path.startsWith(git.prefix)
      ? [{ ...change, path: showBytes(change.path.slice(git.prefix.length)) }]
      : [],
  )
}
