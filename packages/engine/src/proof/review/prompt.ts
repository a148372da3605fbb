/** What a reviewer is given: the task, its requirements, the change, and how the checks ended. */
import type { CheckResult, Requirement, Task } from "@aura/core"
import { requirements, tasks } from "@aura/domain"
import { showBytes } from "@aura/workspace"
import { createTwoFilesPatch } from "diff"
import type { Work } from "../../attempt.ts"

const longestDiff = 80_000
const longestFile = 20_000
const longestOutput = 1500
const maxEdits = 2_000

export async function writePrompt(
  work: Work,
  task: Task,
  of: {
    base: string
    tree: string
    checks: readonly CheckResult[]
    round: number
    before: readonly string[]
  },
): Promise<string> {
  const { aura } = work.engine
  const document = await requirements.current(aura, task.projectId)
  const { title, description } = await tasks.get(aura, task.projectId, task.id)
  return [
    `# Task: ${title}\nAttempt ${task.attempts}, part ${of.round}`,
    description,
    aboutRequirements(document.requirements, task),
    of.before.length > 0
      ? `## What was found in earlier reviews\n${of.before.map((line) => `- ${line}`).join("\n")}`
      : "",
    `## The change\n${await writeDiff(work, of.base, of.tree)}`,
    `## The checks, as Aura ran them\n${of.checks.map(toLine).join("\n")}`,
    "Review the change and call verdict.",
  ]
    .filter(Boolean)
    .join("\n\n")
}

function aboutRequirements(all: readonly Requirement[], task: Task): string {
  const own = all.filter(({ id }) => task.requirementIds.includes(id))
  return own.length === 0
    ? ""
    : `## Its requirements\n${own.map(({ id, text }) => `- ${id}: ${text}`).join("\n")}`
}

async function writeDiff({ git }: Work, base: string, tree: string): Promise<string> {
  const changes = await git.changes(base, tree)
  const names = changes.map(({ path, op, additions, deletions }) => {
    return `- ${showBytes(path)}: ${op}, +${additions} -${deletions}`
  })
  const parts: string[] = []
  let length = 0
  for (const { path, before, after } of await git.texts(base, tree, () => true)) {
    const name = showBytes(path)
    const patch =
      createTwoFilesPatch(name, name, before ?? "", after ?? "", "", "", { maxEditLength: maxEdits }) ??
      `${name}: too much of it differs to be shown here.`
    const shown = patch.length > longestFile ? `${patch.slice(0, longestFile)}\n… cut; read the file.` : patch
    if (length + shown.length > longestDiff) {
      parts.push("… The rest is left out here; read the files.")
      break
    }
    length += shown.length
    parts.push(shown)
  }
  return `${names.join("\n") || "No file changed."}\n\n<diff>\n${parts.join("\n")}\n</diff>`
}

function toLine({ command, passed, exitCode, output }: CheckResult): string {
  const end = output.trim().slice(-longestOutput)
  return `- \`${command}\` ${passed ? "passed" : `ended with exit code ${exitCode}`}${end ? `:\n${end}` : ""}`
}
