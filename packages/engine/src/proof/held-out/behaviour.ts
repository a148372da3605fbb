/** What an agent at work is told of a held-out check that fails: behaviour, never a command, a path or a source. */
import type { HeldOutCheck, Requirement } from "@aura/core"

export type FailedCheck = { check: HeldOutCheck; seen: string }

export function describe({ check, seen }: FailedCheck, all: readonly Requirement[]): string {
  const text = all.find(({ id }) => id === check.requirementId)?.text ?? ""
  const expected = check.failureSays ?? "It should be as the requirement says."
  return `${check.requirementId} (${text}): "${check.title}". ${endSentence(expected)} ${seen}`
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`
}

/** The words of a check's author must not give away how it looks. */
export function findGivenAway(
  words: string,
  { command, files }: Pick<HeldOutCheck, "command" | "files">,
): string | undefined {
  if (command.trim().length > 3 && words.includes(command.trim())) return "the command"
  const path = files.find((file) => words.includes(file.path))
  return path && `the path ${path.path}`
}
