/** What of a stored event belongs into the audit log: names, paths, numbers; no bodies, no secrets. */
import type { AuditFacts, AuraEvent, Entry } from "@aura/core"

const maxChars = 500

export function toAuditFacts(event: AuraEvent): AuditFacts[] {
  const { rows, removed, projectId } = event
  const of = projectId ? { projectId } : {}
  switch (event.type) {
    case "login.saved":
      return (rows.logins ?? []).map(({ id, via, device, address, expiresAt }) => ({
        kind: "sign_in",
        facts: { login: id, via, device, address, expiresAt },
      }))
    case "login.ended": {
      const everywhere = rows.users ? { everywhere: true } : {}
      const logins = rows.revokedLogins?.map((row) => row.id) ?? removed?.logins ?? []
      return [{ kind: "sign_out", facts: { logins: logins.join(" "), ...everywhere } }]
    }
    case "user.saved":
      return (rows.users ?? []).map((user) => ({
        kind: "account",
        facts: { user: user.id, email: user.email, hasPassword: user.passwordHash !== null },
      }))
    case "settings.saved":
      return [
        ...(rows.settings ?? []).map((row) => ({ kind: "settings", facts: flat(row) })),
        ...(rows.secrets ?? []).map((row) => ({
          kind: "api_key",
          facts: { status: row.status, place: row.sealed === null ? "keychain" : "database" },
        })),
        ...(removed?.secrets ? [{ kind: "api_key", facts: { status: "removed" } }] : []),
      ]
    case "project.created":
    case "project.updated":
    case "project.removed":
      return (rows.projects ?? []).map((project) => ({
        kind: event.type.replace(".", "_"),
        ...of,
        facts: { name: cut(project.name), folder: project.workspacePath },
      }))
    case "level.changed":
      return (rows.projects ?? []).map(({ level, levelUntil, hosts }) => ({
        kind: "level",
        ...of,
        facts: { level, until: levelUntil, hosts: cut(hosts.join(" ")) },
      }))
    case "ask.opened":
    case "ask.answered":
      return (rows.asks ?? []).map((ask) => ({
        kind: "ask",
        ...of,
        facts: { ask: ask.id, task: ask.taskId, status: ask.status, hosts: cut(ask.hosts.join(" ")) },
      }))
    case "snapshot.restored":
      return (rows.snapshots ?? []).map(({ id, at, root }) => ({
        kind: "restore",
        ...of,
        facts: { snapshot: id, at, folder: root },
      }))
    case "commit.made":
      return (rows.tasks ?? []).map((task) => ({
        kind: "commit",
        ...of,
        facts: { task: task.id, commit: task.commit ?? null },
      }))
    case "entry.added":
    case "check.finished":
      return (rows.entries ?? []).flatMap((entry) => toEntryFacts(entry))
    default:
      return []
  }
}

function toEntryFacts(entry: Entry): AuditFacts[] {
  const of = { projectId: entry.projectId }
  const task = entry.taskId ?? null
  if (entry.kind === "reply") {
    const { model, usage, durationMs, requestId = null } = entry
    return [{ kind: "model", ...of, facts: { task, model, requestId, costUsd: usage.costUsd, durationMs } }]
  }
  if (entry.kind === "check") {
    const { command, exitCode, durationMs } = entry.check
    return [{ kind: "check", ...of, facts: { task, command: cut(command), exitCode, durationMs } }]
  }
  if (entry.kind !== "tool") return []
  const { command, path, pattern, working_dir: cwd } = entry.input
  return [
    {
      kind: "tool",
      ...of,
      facts: {
        task,
        name: entry.name,
        ...texts({ command, path, pattern, cwd }),
        ...(entry.exitCode === undefined ? {} : { exitCode: entry.exitCode }),
        bytes: Buffer.byteLength(entry.output),
        durationMs: entry.durationMs,
        ...(entry.isError ? { isError: true } : {}),
        ...(entry.changes
          ? { changes: cut(entry.changes.map((one) => `${one.op} ${one.path}`).join(", ")) }
          : {}),
      },
    },
  ]
}

function texts(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, cut(value)]] : [],
    ),
  )
}

function flat(values: Record<string, unknown>): AuditFacts["facts"] {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "number" || typeof value === "boolean"
        ? value
        : value === null
          ? null
          : cut(JSON.stringify(value)),
    ]),
  )
}

function cut(text: string): string {
  return text.length > maxChars ? `${text.slice(0, maxChars)}…` : text
}
