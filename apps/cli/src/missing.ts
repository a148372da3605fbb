/** `--missing`: what to do with done tasks whose commits are no longer on the branch. */
import type { Client, Project } from "@aura/core"
import { UsageError } from "./exit.ts"

const missingAnswers = ["bring-back", "redo", "waive"] as const
export type MissingAnswer = (typeof missingAnswers)[number]

export function readMissing(value: string | undefined): MissingAnswer | undefined {
  const answer = missingAnswers.find((known) => known === value)
  if (value !== undefined && answer === undefined)
    throw new UsageError(`--missing must be bring-back, redo or waive, not "${value}".`)
  return answer
}

/** @returns why the run cannot go on without an answer; undefined when it can */
export async function answerMissing(
  client: Client,
  project: Project,
  answer: MissingAnswer | undefined,
): Promise<string | undefined> {
  const params = { p: project.id }
  const { items } = await client.call("checkCommits", { params })
  if (items.length === 0) return undefined
  const titles = items.map((task) => `"${task.title}"`).join(", ")
  if (answer === undefined)
    return `The commits of ${items.length} done tasks are no longer on the branch: ${titles}. Say what to do: --missing bring-back, --missing redo or --missing waive.`
  // The newest brings those before it back as well.
  const ordered = items.toSorted((a, b) => ((a.finishedAt ?? "") < (b.finishedAt ?? "") ? 1 : -1))
  for (const { id } of ordered) {
    const of = { params: { p: project.id, t: id } }
    const { missingCommit, status } = await client.call("getTask", of)
    if (status !== "blocked" || !missingCommit) continue
    if (answer === "bring-back") await client.call("bringBackTask", of)
    else if (answer === "waive") await client.call("waiveTask", of)
    else await client.call("retryTask", { ...of, body: {} })
  }
  return undefined
}
