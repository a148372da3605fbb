/** Rows and folders for the tests of the store. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Row, type Table, tableNames } from "@aura/core"
import type { Value } from "../src/pages.ts"
import type { Change, Store } from "../src/store.ts"

const at = "2026-01-01T00:00:00.000Z"
export const noon = Date.parse("2026-01-01T12:00:00.000Z")

export function toSpec(id: string, fields: Partial<Row<"specs">> = {}): Row<"specs"> {
  return {
    id,
    projectId: "prj_1",
    order: 1,
    title: id,
    markdown: "text",
    createdAt: at,
    updatedAt: at,
    ...fields,
  }
}

export function toInstance(id: string, fields: Partial<Row<"instances">> = {}): Row<"instances"> {
  return {
    id,
    projectId: "prj_1",
    agentId: null,
    name: id,
    workspace: { kind: "worktree" },
    status: "idle",
    createdAt: at,
    updatedAt: at,
    ...fields,
  }
}

type ToolEntry = Extract<Row<"entries">, { kind: "tool" }>

export function toEntry(id: string, fields: Partial<ToolEntry> = {}): Row<"entries"> {
  return {
    id,
    projectId: "prj_1",
    sessionId: "ses_1",
    instanceId: "inst_1",
    n: 1,
    at,
    kind: "tool",
    toolUseId: "use_1",
    name: "run_command",
    input: { command: "ls", options: { all: true } },
    output: "",
    isError: false,
    durationMs: 1,
    ...fields,
  }
}

export function saveSpec(id: string, fields: Partial<Row<"specs">> = {}): Change {
  const spec = toSpec(id, fields)
  return { projectId: spec.projectId, rows: { specs: [spec] } }
}

/** All a store holds, in text: equal texts mean that nothing was lost or changed. */
export async function dump(store: Store): Promise<string> {
  const rows: Partial<Record<Table, unknown>> = {}
  for (const table of tableNames) rows[table] = await store.list(table)
  const events = await store.eventsAfter(store.sealed, { limit: Number.MAX_SAFE_INTEGER })
  return JSON.stringify({ rows, events })
}

/** A value that must be there and readable. */
export function textOf(value: Value): string {
  if (typeof value === "string") return value
  throw new Error("there is no text here")
}

/** A folder that is gone after the test. */
export async function makeFolder(onFinished: (clean: () => Promise<void>) => void): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "aura-store-"))
  onFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** What a promise was rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => new Error(`expected a failure, got ${JSON.stringify(value)}`),
    (error) => error,
  )
}
