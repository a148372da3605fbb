/** What the tamper guard says of a change: one finding per place. */

export const findingKinds = [
  "test_deleted",
  "test_skipped",
  "assertion_deleted",
  "assertion_weakened",
  "expected_value_changed",
  "failure_swallowed",
  "snapshot_changed",
  "rules_relaxed",
  "check_script_changed",
  "always_succeeds",
  "tool_shadowed",
  "check_detected",
  "tests_narrowed",
] as const
export type FindingKind = (typeof findingKinds)[number]

export type Finding = {
  file: string
  /** Lines of the new text, or of the old text for what was deleted; counted from 1. */
  lines: { from: number; to: number; side: "old" | "new" }
  kind: FindingKind
  /** For a person. */
  sentence: string
  /** False when the task's text asks for it: it is shown and does not stand in the way. */
  isBlocking: boolean
  /** What the text of the task must speak of for the change to be asked for. */
  about: About
}

/** Words that name the changed thing, and the values that the change brings in. */
export type About = {
  action: "remove" | "change" | "relax" | "skip" | "snapshot" | "script" | "detect"
  words: string
  newValues: readonly string[]
  oldValues: readonly string[]
}

/** One file of a change; `null` where it is not there. */
export type ChangedFile = {
  path: string
  before: string | null
  after: string | null
  /** Or a link; absent = not known. */
  isExecutable?: boolean
}
