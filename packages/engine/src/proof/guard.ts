/** The tamper guard at task_done: what it lets through, what it refuses, and what it asks a person. */
import type { ProofFinding, Requirement, Task } from "@aura/core"
import { asks, requirements, tasks } from "@aura/domain"
import { dependsOn, showBytes } from "@aura/workspace"
import type { Work } from "../attempt.ts"
import type { TaskDone } from "../tools/outcome.ts"
import { findCommands, treePlace } from "./commands.ts"
import type { Finding } from "./tamper/finding.ts"
import { isLookedAt, isToolName } from "./tamper/places.ts"
import { findTampering } from "./tamper/tamper.ts"

export type Verdict =
  | { kind: "clear"; findings: ProofFinding[] }
  | { kind: "refused"; output: string }
  /** A person was asked; the task waits. */
  | { kind: "asked" }

const maxNamed = 10

/** @param of.except files with uncommitted changes of a person: they are no part of the task */
export async function guard(
  work: Work,
  task: Task,
  of: { base: string; tree: string; except: ReadonlySet<string>; input: TaskDone },
): Promise<Verdict> {
  const { git, engine } = work
  const inside = (path: string) => path.startsWith(git.prefix) && !of.except.has(path)
  const [now, document, texts, shadows] = await Promise.all([
    // As it stands now: a person may have said so since.
    tasks.get(engine.aura, task.projectId, task.id),
    requirements.current(engine.aura, task.projectId),
    git.texts(of.base, of.tree, (path) => inside(path) && isLookedAt(path.slice(git.prefix.length))),
    findHiddenTools(work, of.base),
  ])
  const own = document.requirements.filter(({ id }) => task.requirementIds.includes(id))
  const wanted = of.input.changed_tests ?? []
  const known = await findCommands([treePlace(git, of.base)], work.project)
  const findings = await findTampering({
    files: texts.map((text) => ({ ...text, path: showBytes(text.path.slice(git.prefix.length)) })),
    commands: [...task.checks, ...known.map(({ command }) => command)],
    readBase: (path) => git.read(of.base, path),
    asked: [now.title, now.description, ...own.map(({ text }) => text)],
    declared: wanted.map(({ file, requirement }) => ({
      file: file.replace(/^\.\//, ""),
      text: textOf(requirement, document.requirements, now),
    })),
  })
  const allowed = findAllowed(now.description)
  const blocking = [...shadows, ...findings.filter((one) => one.isBlocking && !allowed.has(one.file))]
  if (blocking.length === 0) return { kind: "clear", findings: findings.map(toKept) }
  const files = [...new Set(blocking.map(({ file }) => file))]
  const isDeclared = files.every((file) => wanted.some((one) => one.file.replace(/^\.\//, "") === file))
  if (!isDeclared || shadows.length > 0) return { kind: "refused", output: toRefusal(blocking) }
  await ask(work, now, { files, blocking, why: wanted.map(({ why }) => why).join(" ") })
  return { kind: "asked" }
}

/** What a declared change leans on: a requirement of the document by its number, or the task's own text. */
function textOf(name: string, all: readonly Requirement[], task: Task): string {
  const requirement = all.find(({ id }) => id.toLowerCase() === name.trim().toLowerCase())
  return requirement?.text ?? `${task.title}. ${task.description}`
}

/** Programs that stand before the real ones for every script of npm; git often ignores their folder. */
async function findHiddenTools({ workspace, git }: Work, base: string): Promise<Finding[]> {
  const folder = "node_modules/.bin"
  const entries = await workspace.list(folder).catch(() => [])
  const manifest = (await git.read(base, "package.json")) ?? ""
  return entries
    .filter(({ name }) => isToolName(name) && !dependsOn(manifest, name))
    .map(({ name }) => ({
      file: `${folder}/${name}`,
      lines: { from: 1, to: 1, side: "new" },
      kind: "tool_shadowed",
      sentence: `${folder}/${name} stands before the real ${name} in every script of npm.`,
      isBlocking: true,
      about: { action: "script", words: name, newValues: [], oldValues: [] },
    }))
}

async function ask(
  { engine }: Work,
  task: Task,
  of: { files: readonly string[]; blocking: readonly Finding[]; why: string },
): Promise<void> {
  const line = `May change: ${of.files.join(", ")}`
  await asks.open(engine.aura, {
    projectId: task.projectId,
    taskId: task.id,
    question: `May “${task.title}” change what proves it: ${of.files.slice(0, 5).join(", ")}?`,
    detail: `${of.why}\n${of.blocking.slice(0, maxNamed).map(toLine).join("\n")}`,
    hosts: [],
    change: {
      of: "task",
      id: task.id,
      title: task.title,
      before: { description: task.description },
      after: { description: `${task.description.trimEnd()}\n\n${line}` },
    },
  })
}

const statement = /^[ \t]*(?:[-*][ \t])?may change:(.+)$/gim

/** Files of which a person says in the task's description that the task may change what they prove. */
export function findAllowed(description: string): Set<string> {
  const paths = [...description.matchAll(statement)].flatMap(([, list = ""]) => list.split(","))
  return new Set(paths.map((path) => path.trim().replaceAll("`", "").replace(/^\.\//, "")).filter(Boolean))
}

function toRefusal(findings: readonly Finding[]): string {
  const lines = findings.slice(0, maxNamed).map((one) => `- ${toLine(one)}`)
  if (findings.length > maxNamed) lines.push(`- and ${findings.length - maxNamed} more`)
  return `Not accepted: these changes would let the checks pass without the work being right:\n${lines.join("\n")}\nPut them back as they were when the task began and make the work pass them. If a requirement or the task's text asks for such a change, call task_done with changed_tests: [{ file, why, requirement }], naming the requirement (such as "R3") or "task"; where its text does not speak of it, a person is asked. A person can also allow it by a line "May change: PATH" in the task's description.`
}

function toLine({ file, lines, sentence }: Finding): string {
  const where = lines.from === lines.to ? `line ${lines.from}` : `lines ${lines.from}-${lines.to}`
  return `${file}, ${where}${lines.side === "old" ? " of the old text" : ""}: ${sentence}`
}

function toKept({ file, lines, kind, sentence }: Finding): ProofFinding {
  return { file, line: lines.from, kind, sentence }
}
