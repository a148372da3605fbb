/** The names of the tables, apart from their schemas: all that a client needs to sort rows. */

export const tableNames = [
  "projects",
  "documents",
  "specs",
  "plans",
  "tasks",
  "agents",
  "instances",
  "loops",
  "sessions",
  "entries",
  "comments",
  "asks",
  "snapshots",
  "waivers",
  "heldOutChecks",
  "productProofs",
  "users",
  "logins",
  "revokedLogins",
  "settings",
  "secrets",
] as const

export type Table = (typeof tableNames)[number]

export function isTable(name: string): name is Table {
  return tableNames.some((table) => table === name)
}
