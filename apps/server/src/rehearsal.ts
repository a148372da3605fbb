/** The bundled rehearsal: a complete real run, with the model's replies from a file. */
import { mkdir, readFile, realpath } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Project } from "@aura/core"
import { type Aura, projects, settings } from "@aura/domain"
import { build, type Engine } from "@aura/engine"
import { worktreesDir } from "@aura/workspace"

/** A file of the rehearsal's folder. */
export function rehearsalFile(name: string): string {
  return fileURLToPath(new URL(`../../../examples/rehearsal/${name}`, import.meta.url))
}

/** A new rehearsal project in a folder of its own. */
export async function createRehearsal(aura: Aura): Promise<Project> {
  const folder = join(
    worktreesDir(aura.config.dataDir),
    `rehearsal-${aura.newId("project").slice(-8).toLowerCase()}`,
  )
  await mkdir(folder, { recursive: true })
  const input = {
    name: "Rehearsal: Tally",
    description:
      "The bundled rehearsal. The model's words come from a script; files, commands, tests and commits are real.",
    requirements: await readFile(rehearsalFile("requirements.md"), "utf8"),
    workspacePath: await realpath(folder),
    rehearsal: true,
  }
  return await projects.create(aura, input)
}

/** Runs the rehearsal to the end if this data directory has not run it yet. Returns its project. */
export async function rehearseOnce(aura: Aura, engine: Engine): Promise<Project | undefined> {
  if (!(await settings.claimRehearsal(aura))) return undefined
  const project = await createRehearsal(aura)
  await build(engine, project.id, "all")
  return project
}
