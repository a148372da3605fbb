/** The brief of a task: everything a session needs to know to work it. */
import type { Project, Requirement, Spec, Task } from "@aura/core"
import { type Aura, requirements, specs, tasks } from "@aura/domain"
import type { Workspace } from "@aura/workspace"

/**
 * @param part 1 when the task begins in this session, 2 and up when it goes on from an earlier one
 * @param carried what the session before handed over
 * @param knownSpecs specs whose text this session has read already
 */
export async function writeBrief(
  aura: Aura,
  of: {
    project: Project
    task: Task
    workspace: Workspace
    part: number
    carried?: string | undefined
    knownSpecs: ReadonlySet<string>
    /** Where the work runs, unless this session was told. */
    environment?: string | undefined
  },
): Promise<string> {
  const { project, task } = of
  const [allSpecs, document, all] = await Promise.all([
    specs.list(aura, project.id),
    requirements.current(aura, project.id),
    tasks.list(aura, project.id),
  ])
  const spec = allSpecs.find((row) => row.id === task.specId)
  const others = allSpecs.filter((row) => row !== spec).map((row) => row.title)
  const sections = [
    ...(of.carried ? [of.carried] : []),
    `# Task: ${task.title}\nAttempt ${task.attempts}, part ${of.part}`,
    task.description,
    aboutRequirements(document.requirements, task),
    aboutDependencies(all, task),
    spec ? aboutSpec(spec, of.knownSpecs) : "",
    others.length > 0 ? `Other specs, to be read with get_spec: ${others.join("; ")}.` : "",
    aboutChecks(task),
    aboutLessons(task),
    of.environment ?? "",
    await aboutFolder(of.workspace),
  ]
  return sections.filter((section) => section.trim() !== "").join("\n\n")
}

export const specHeading = "## Spec: "

function aboutRequirements(all: readonly Requirement[], task: Task): string {
  const own = all.filter((requirement) => task.requirementIds.includes(requirement.id))
  return own.length === 0
    ? ""
    : `## Requirements it proves\n${own.map((row) => `- ${row.id}: ${row.text}`).join("\n")}`
}

function aboutDependencies(all: readonly Task[], task: Task): string {
  const before = all.filter((other) => task.dependsOn.includes(other.id) || other.id === task.parentTaskId)
  if (before.length === 0) return ""
  const lines = before.map((other) => `- ${other.title}${other.notes ? `: ${other.notes}` : ""}`)
  return `## Done before it\n${lines.join("\n")}`
}

function aboutSpec(spec: Spec, known: ReadonlySet<string>): string {
  if (known.has(spec.title)) return `It belongs to the spec "${spec.title}", which stands above.`
  return `${specHeading}${spec.title}\n${spec.markdown}`
}

function aboutChecks(task: Task): string {
  if (task.checks.length === 0) return ""
  return `## Checks that Aura will run\n${task.checks.map((command) => `- \`${command}\``).join("\n")}`
}

function aboutLessons(task: Task): string {
  if (task.lessons.length === 0) return ""
  return `## What earlier attempts teach\n${task.lessons.map((lesson) => `- ${lesson}`).join("\n")}\nTake another way than the ones that failed.`
}

async function aboutFolder(workspace: Workspace): Promise<string> {
  const entries = await workspace.list(".")
  if (entries.length === 0) return "The folder is empty."
  const names = entries.slice(0, 60).map((entry) => (entry.kind === "folder" ? `${entry.name}/` : entry.name))
  return `The folder holds: ${names.join(", ")}${entries.length > 60 ? ", …" : ""}`
}
