/** A scratch folder for a replay: the project's folder before Aura's first commit, and an empty store. */
import { execFile } from "node:child_process"
import { cp, mkdir, mkdtemp, realpath, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { AuraError, type Project, type Task } from "@aura/core"
import { findProgram, hostEnv } from "@aura/workspace"

export type Scratch = { root: string; dataDir: string; workspace: string }

/** @throws AuraError `bad_request` when the state before the run is not to be had any more */
export async function createScratch(project: Project, tasks: readonly Task[]): Promise<Scratch> {
  const path = project.workspacePath
  if (!(await exists(path))) {
    throw new AuraError(
      "bad_request",
      `The folder ${path} is gone, and with it the state the run began with.`,
    )
  }
  const base = await findBase(path, tasks)
  const root = await realpath(await mkdtemp(join(tmpdir(), "aura-replay-")))
  const scratch = { root, dataDir: join(root, "data"), workspace: join(root, "workspace") }
  await mkdir(scratch.dataDir)
  if (base === undefined) {
    await mkdir(scratch.workspace)
    return scratch
  }
  const prefix = await git(path, "rev-parse", "--show-prefix")
  await clone(path, scratch.workspace, base)
  const workspace = join(scratch.workspace, prefix)
  await mkdir(workspace, { recursive: true })
  return { ...scratch, workspace: await realpath(workspace) }
}

/** The files that differ between the two trees, as far as both are known. */
export async function findDifference(
  scratch: Scratch,
  project: Project,
  from: string,
  to: string,
): Promise<string[]> {
  const objects = await git(
    project.workspacePath,
    "rev-parse",
    "--path-format=absolute",
    "--git-path",
    "objects",
  )
  const env = { GIT_ALTERNATE_OBJECT_DIRECTORIES: objects }
  const paths = await run(scratch.workspace, ["diff-tree", "-r", "-z", "--name-only", from, to], env)
  return paths.split("\0").filter(Boolean)
}

/** The commit before Aura's first of this run; undefined = there was none. */
async function findBase(path: string, tasks: readonly Task[]): Promise<string | undefined> {
  const first = tasks
    .filter((task) => task.commit && task.evidence)
    .toSorted((a, b) => (a.evidence?.at ?? "").localeCompare(b.evidence?.at ?? ""))[0]
  if (!first?.commit) return await git(path, "rev-parse", "-q", "--verify", "HEAD").catch(() => undefined)
  await git(path, "cat-file", "-e", `${first.commit}^{commit}`).catch(() => {
    throw new AuraError(
      "bad_request",
      `The commit ${first.commit} of "${first.title}" is not in ${path} any more, and with it the state the run began with.`,
    )
  })
  return await git(path, "rev-parse", "-q", "--verify", `${first.commit}^`).catch(() => undefined)
}

/** With the branch's name and the exclude file, and without a remote. */
async function clone(path: string, to: string, commit: string): Promise<void> {
  const top = await git(path, "rev-parse", "--show-toplevel")
  const branch = await git(path, "symbolic-ref", "-q", "--short", "HEAD").catch(() => "main")
  await git(path, "clone", "--quiet", "--no-checkout", "--template=", top, to)
  await git(to, "checkout", "--quiet", "--no-track", "-B", branch, commit)
  await git(to, "remote", "remove", "origin")
  const exclude = await git(path, "rev-parse", "--path-format=absolute", "--git-path", "info/exclude")
  if (await exists(exclude)) await cp(exclude, join(to, ".git", "info", "exclude"))
}

async function git(cwd: string, ...args: string[]): Promise<string> {
  return await run(cwd, args, {})
}

async function run(cwd: string, args: readonly string[], more: Record<string, string>): Promise<string> {
  const program = findProgram("git")
  if (!program) throw new AuraError("service_unavailable", "git was not found; a replay needs it.")
  const own = Object.entries(hostEnv()).filter(([name]) => !name.startsWith("GIT_"))
  const env = { ...Object.fromEntries(own), GIT_TERMINAL_PROMPT: "0", ...more }
  const guarded = ["-c", "core.hooksPath=/dev/null", ...args]
  return await new Promise((resolve, reject) => {
    execFile(program, guarded, { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout.replace(/\n$/, ""))
      reject(new AuraError("conflict", `git ${args[0]} failed: ${stderr.trim() || error.message}`))
    })
  })
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}
