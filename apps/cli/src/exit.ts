/** How commands end: the exit codes people and scripts rely on. */
import { AuraError } from "@aura/core"

export const exitCode = {
  done: 0,
  bug: 1,
  usage: 2,
  failed: 3,
  budget: 4,
  provider: 5,
  unproven: 6,
  interrupted: 130,
} as const

/** A command that was used wrongly or given something it cannot use. */
export class UsageError extends Error {
  override readonly name = "UsageError"
}

/** The exit code and the one line for people. */
export function toExit(thrown: unknown): { code: number; line: string } {
  if (thrown instanceof UsageError) return { code: exitCode.usage, line: thrown.message }
  if (thrown instanceof AuraError) {
    return { code: thrown.code === "internal_error" ? exitCode.bug : exitCode.usage, line: thrown.message }
  }
  return {
    code: exitCode.bug,
    line: `Aura ran into a bug of its own: ${thrown instanceof Error ? thrown.stack : String(thrown)}`,
  }
}
