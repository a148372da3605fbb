/** Done tasks whose spec says something else now: they are to be done again. */
import type { Spec, Task } from "@aura/core"
import type { Aura } from "../aura.ts"
import { isTypo, toKey } from "../requirements/identity.ts"
import { reopenAll, tellDependants } from "./outdated.ts"

const maxNamed = 10

/**
 * @param tasks of the project
 * @returns those to store; none where only words' spelling, blanks, emphasis or the title differ
 */
export function respecify(
  aura: Aura,
  tasks: readonly Task[],
  before: Pick<Spec, "id" | "markdown">,
  now: Pick<Spec, "title" | "markdown">,
): Task[] {
  const changed = findChanged(before.markdown, now.markdown)
  if (changed.length === 0) return []
  const outdated = tasks.filter(({ specId, status }) => specId === before.id && status === "done")
  const reason = `The spec "${now.title}" was changed since this was done. ${changed.slice(0, maxNamed).join(" ")}`
  const reopened = reopenAll(aura, tasks, new Map(outdated.map(({ id }) => [id, reason])))
  return [...reopened, ...tellDependants(tasks, reopened, "Its spec was changed.")]
}

function findChanged(before: string, now: string): string[] {
  const [old, fresh] = [toLines(before), toLines(now)]
  const isRespelt =
    old.length === fresh.length && old.every((line, i) => line === fresh[i] || isTypo(line, fresh[i] ?? ""))
  if (isRespelt) return []
  const added = fresh.filter((line) => !old.includes(line)).map((line) => `It says now: "${line}".`)
  const gone = old
    .filter((line) => !fresh.includes(line))
    .map((line) => `It does not say any more: "${line}".`)
  return [...added, ...gone]
}

function toLines(markdown: string): string[] {
  return markdown
    .split(/\r?\n/)
    .map((line) => toKey(line.replace(/^\s*(?:[-+*]|\d+[.)]|#{1,6}|>)\s+/, "")))
    .filter(Boolean)
}
