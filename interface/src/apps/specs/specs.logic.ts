/** What a list of specs says about each: its first words, its tasks, its requirements. Pure. */
import type { Loop, Plan, Project, Task } from "@aura/core"

export type Coverage = { tasks: number; done: number; requirementIds: string[] }

export function toCoverage(tasks: readonly Pick<Task, "specId" | "status" | "requirementIds">[]) {
  const bySpec = Map.groupBy(tasks, (task) => task.specId)
  return new Map(
    [...bySpec].map(([specId, own]): [string, Coverage] => [
      specId,
      {
        tasks: own.length,
        done: own.filter((task) => task.status === "done").length,
        requirementIds: sortRequirementIds(own.flatMap((task) => task.requirementIds)),
      },
    ]),
  )
}

/** Why a spec cannot be regenerated now, or undefined when it can. */
export function whyNotAnew(
  project: Pick<Project, "rehearsal"> | null | undefined,
  loop: Pick<Loop, "status"> | undefined,
  plan: Pick<Plan, "status"> | undefined,
): string | undefined {
  if (project?.rehearsal) return "A rehearsal has only the words of its screenplay."
  if (loop && loop.status !== "finished") return "The loop is at work. Stop it first."
  return plan?.status === "running" ? "Planning is under way." : undefined
}

/** R2 before R10, each once. */
export function sortRequirementIds(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
}

/** The first sentence of prose in a spec, without its markup. */
export function toExcerpt(markdown: string): string {
  const prose = markdown
    .split("\n")
    .map((line) => line.trim())
    .find((line) => line && !/^(#|```|~~~|\||---|[-*_]{3,}$)/.test(line))
  return (prose ?? "")
    .replace(/^[-*>]\s+/, "")
    .replace(/\[([^[\]]*)\]\([^()]*\)/g, "$1")
    .replace(/(\*\*|__|`|\*)/g, "")
    .slice(0, 240)
}

/** The text without a first heading that only repeats the title. */
export function withoutTitle(markdown: string, title: string): string {
  const [first = "", ...rest] = markdown.trimStart().split("\n")
  const isTitle = /^#\s/.test(first) && plain(first.replace(/^#\s+\d*/, "")) === plain(title)
  return isTitle ? rest.join("\n").trimStart() : markdown
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/^spec(ification)?\s*(\d+\s*)?[:.–-]/, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
}
