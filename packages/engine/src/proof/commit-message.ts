/** The message of a task's commit: what was done, what proved it, and the trailers that lead back to Aura's rows. */
import type { Evidence, Task } from "@aura/core"
import { certificates } from "@aura/domain"

function taskTrailer(taskId: string): string {
  return `Aura-Task: ${taskId}`
}

/** Names this proof and no earlier one: a task that is done again has an older commit as well. */
export function proofTrailer(task: Task, evidence: Evidence): string {
  return `Aura-Proof: ${task.id} ${evidence.at}`
}

export function toMessage(task: Task, evidence: Evidence, sessionId: string): string {
  const subject = cutSubject(task.title)
  const proof = evidence.checks.map(({ command }) => `- ${toLine(command)}`).join("\n")
  const requirements =
    task.requirementIds.length > 0 ? `Requirements: ${task.requirementIds.join(", ")}\n\n` : ""
  return `${subject}\n\n${requirements}Checks that passed:\n${proof}\n\n${taskTrailer(task.id)}\nAura-Session: ${sessionId}\n${proofTrailer(task, evidence)}\n${certificates.evidenceTrailer(task.id, evidence)}\n`
}

/** One line for each command; `verify-clone.ts` reads them back. */
function toLine(command: string): string {
  return /[\r\n]/.test(command) || command.startsWith('"') ? JSON.stringify(command) : command
}

const longestSubject = 72

/** One line; no character is cut in two, nor what several of them make one, such as a flag. */
export function cutSubject(title: string): string {
  const line = title.replace(/\s+/g, " ").trim().toWellFormed()
  if (line.length <= longestSubject) return line
  let cut = ""
  for (const { segment } of new Intl.Segmenter("en").segment(line)) {
    if (cut.length + segment.length >= longestSubject) break
    cut += segment
  }
  return `${cut.trimEnd()}…`
}
