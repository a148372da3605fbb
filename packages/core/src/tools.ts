/** The tools of agents, one row each. Their names are stored in sessions, so that none is ever given another meaning. */
import type { Level } from "./project.ts"

export type ToolTraits = {
  /**
   * The permission level a project needs; null for tools of sessions that ask no level, such as a review. What a plan
   * consists of is written at any level, for only a person starts a plan; changing the plan that stands is editing.
   */
  level: Level | null
  /** It changes nothing: several in a row run at once. */
  isReading?: boolean
  /** It reads the files of the workspace. */
  readsFiles?: boolean
  /** Must be the last call of its turn. */
  isLast?: boolean
  /** Its input may be long. */
  isLong?: boolean
  /** Running it again, after a crash took its result, leads to where running it once does. */
  isRepeatable: boolean
}

const look = { isReading: true, isRepeatable: true } as const
const lookAtFiles = { ...look, readsFiles: true, level: 0 } as const
const write = { isLong: true, isRepeatable: true } as const
const end = { isLast: true, isRepeatable: true } as const

export const toolTable = {
  read_file: lookAtFiles,
  list_files: lookAtFiles,
  find_files: lookAtFiles,
  search_code: lookAtFiles,
  list_specs: { ...look, level: 0 },
  get_spec: { ...look, level: 0 },
  list_tasks: { ...look, level: 0 },
  get_task: { ...look, level: 0 },
  list_requirements: { ...look, level: 0 },
  create_spec: { ...write, level: 0 },
  create_task: { ...write, level: 0 },
  report_finding: { isRepeatable: true, level: 0 },
  hand_off: { ...write, level: 0 },
  ask_permission: { ...end, level: 0 },
  task_blocked: { ...end, level: 0 },
  // Its checks are commands of Aura's own, which the workspace runs at level 2.
  task_done: { ...end, isLong: true, level: 0 },
  write_file: { ...write, level: 1 },
  edit_file: { ...write, level: 1 },
  delete_file: { isRepeatable: true, level: 1 },
  update_spec: { ...write, level: 1 },
  update_task: { ...write, level: 1 },
  run_command: { isLong: true, isRepeatable: false, level: 2 },
  look_at_page: { isRepeatable: false, level: 2 },
  verdict: { ...end, level: null },
  create_check: { ...write, level: null },
  report_failure: { isRepeatable: true, level: null },
  report_proven: { isRepeatable: true, level: null },
} as const satisfies Record<string, ToolTraits>

export type ToolName = keyof typeof toolTable

/** What is known of a tool; undefined for a name that is none. */
export function traitsOf(name: string): ToolTraits | undefined {
  return isToolName(name) ? toolTable[name] : undefined
}

function isToolName(name: string): name is ToolName {
  return Object.hasOwn(toolTable, name)
}
