/** Versions of rows and events: each carries its own as `v` (none = 1), and older ones are brought forward when read. */
import { AuraError, type AuraEvent, AuraEventSchema, isTable, type RawRow, type Upcasters } from "@aura/core"

export type Versions = {
  /** The version that is written. */
  current(table: keyof Upcasters): number
  /** @throws when a newer Aura wrote it. */
  upcast(table: keyof Upcasters, row: RawRow): RawRow
  upcastEvent(event: AuraEvent): AuraEvent
  /** How many steps there are in all tables. */
  readonly steps: number
}

export function createVersions(upcasters: Upcasters): Versions {
  const steps = Object.values(upcasters).reduce((sum, list) => sum + list.length, 0)

  function upcast(table: keyof Upcasters, row: RawRow): RawRow {
    const list = upcasters[table] ?? []
    const version = versionOf(row)
    if (version > list.length + 1) throw new Error(`a newer version of Aura wrote it (version ${version})`)
    return list.slice(version - 1).reduce((older, step) => step(older), row)
  }

  function upcastEvent(event: AuraEvent): AuraEvent {
    if (steps === 0) return event
    const rows = Object.entries(event.rows).map(([name, list]) => [
      name,
      isTable(name) ? list.map((row) => upcast(name, { ...row })) : list,
    ])
    const changed = upcast("events", { ...event, rows: Object.fromEntries(rows) })
    if (isEvent(changed)) return changed
    throw new AuraError("internal_error", `Event ${event.seq} cannot be brought to the present version.`)
  }

  return { current: (table) => (upcasters[table]?.length ?? 0) + 1, upcast, upcastEvent, steps }
}

function versionOf({ v }: RawRow): number {
  return typeof v === "number" && Number.isSafeInteger(v) && v > 0 ? v : 1
}

function isEvent(value: unknown): value is AuraEvent {
  return AuraEventSchema.safeParse(value).success
}
