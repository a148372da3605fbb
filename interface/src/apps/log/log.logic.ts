/** The filters of the log, which are part of the address. Pure. */
import type { LogFilter } from "../../api/queries/loops.ts"

/** The nouns of event types people look for, by the word on screen. */
export const kinds = {
  entry: "What agents did",
  check: "Checks",
  task: "Tasks",
  loop: "Runs",
  plan: "Plans",
  spec: "Specs",
  commit: "Commits",
  session: "Sessions",
  comment: "Comments",
  ask: "Questions",
  level: "Permissions",
  project: "Projects",
  settings: "Settings",
  login: "Sign-ins",
} as const

export function parseLogSearch(search: Record<string, unknown>): LogFilter {
  const { project, kind, problems } = search
  return {
    ...(typeof project === "string" && project ? { project } : {}),
    ...(typeof kind === "string" && Object.hasOwn(kinds, kind) ? { kind } : {}),
    ...(String(problems) === "true" ? { problems: "true" as const } : {}),
  }
}

export function isFiltered(filter: LogFilter): boolean {
  return Object.keys(filter).length > 0
}

/** The filter with one choice changed; an empty one is taken out. */
export function changeFilter(filter: LogFilter, change: { [K in keyof LogFilter]?: string }): LogFilter {
  return parseLogSearch({ ...filter, ...change })
}
