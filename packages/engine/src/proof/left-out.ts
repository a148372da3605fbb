/** What a task wrote and git does not take: said to the agent at task_done, and to people once it is meant so. */
import { posix } from "node:path"
import type { Entry, Task } from "@aura/core"
import { sessions } from "@aura/domain"
import { isAt, showBytes, type Uncommitted } from "@aura/workspace"
import type { Work } from "../attempt.ts"

export type LeftOut = {
  /** @returns words for the agent while there is something it has not said to be meant */
  refuse(tree: string, meant: readonly string[]): Promise<string | undefined>
  /** Notes for people what the last look found. @returns the paths, shown */
  tell(): Promise<string[]>
}

const maxNamed = 10

export function createLeftOut({ git, engine: { aura }, journal }: Work, task: Task): LeftOut {
  let found: Uncommitted[] = []
  return {
    async refuse(tree, meant) {
      const ms = Date.parse(task.startedAt ?? task.createdAt)
      const written = writtenBy(await sessions.entriesOfTask(aura, task.id), git.prefix)
      found = await git.uncommitted(tree, { ms, written })
      const named = meant.map((path) => git.prefix + posix.normalize(path))
      const isMeant = ({ path }: Uncommitted) =>
        named.some((name) => showBytes(path) === name || isAt(showBytes(path), `${name.replace(/\/$/, "")}/`))
      const open = found.filter((one) => !isMeant(one))
      if (open.length === 0) return undefined
      const lines = open.slice(0, maxNamed).map(({ path, reason }) => `- ${showBytes(path)}: ${reason}.`)
      if (open.length > maxNamed) lines.push(`- and ${open.length - maxNamed} more`)
      return `Not accepted: the commit would not hold all that was written during this task, so a clone would not have it:\n${lines.join("\n")}\nAura makes the commit; git add -f is of no use. What is meant to stay out of it, such as local settings or generated files, name in left_out when you call task_done again: left_out: ["PATH or FOLDER/"].`
    },
    async tell() {
      const paths = found.map(({ path }) => showBytes(path))
      if (paths.length === 0) return []
      const more = paths.length > maxNamed ? ` and ${paths.length - maxNamed} more` : ""
      const text = `Written during "${task.title}" and in no commit, which the agent says is meant: ${paths.slice(0, maxNamed).join(", ")}${more}. The checks ran without them.`
      await journal.record({ kind: "note", level: "warn", text, taskId: task.id })
      return paths
    },
  }
}

/** Paths from the top of the repository that the file tools wrote and did not delete again. */
function writtenBy(entries: readonly Entry[], prefix: string): Set<string> {
  const written = new Set<string>()
  for (const { path, op } of entries.flatMap((entry) =>
    entry.kind === "tool" ? (entry.changes ?? []) : [],
  )) {
    const name = prefix + posix.normalize(path)
    if (op === "deleted") written.delete(name)
    else written.add(name)
  }
  return written
}
