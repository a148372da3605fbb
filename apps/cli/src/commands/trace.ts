/** aura trace: shows everything behind a requirement, a line or a commit. */
import type { Trace, TracedTask } from "@aura/core"
import { currentEnv, openServer } from "@aura/server"
import { readArguments } from "../arguments.ts"
import { exitCode, UsageError } from "../exit.ts"
import { findProject } from "./project.ts"

export const usage = "aura trace R7 | FILE:LINE | COMMIT | TASK [--project PROJECT] [--json]"

export async function run(args: readonly string[]): Promise<number> {
  const options = { project: { type: "string" }, json: { type: "boolean" } } as const
  const { values, positionals } = readArguments(args, options, 1, usage)
  const [of] = positionals
  if (of === undefined) throw new UsageError(`Nothing to trace was named. Usage: ${usage}`)
  const server = await openServer(currentEnv(), { isLooking: true })
  try {
    const { id } = await findProject(server.client, values.project)
    const trace = await server.client.call("getTrace", { params: { p: id }, query: { of } })
    process.stdout.write(values.json ? `${JSON.stringify(trace)}\n` : toText(trace))
    return exitCode.done
  } finally {
    await server.close()
  }
}

function toText({ line, commit, note, requirements, tasks }: Trace): string {
  return [
    ...(line ? [`${line.path}:${line.number}  ${line.text}`] : []),
    ...(commit ? [`commit ${commit.slice(0, 10)}`] : []),
    ...requirements.map(
      ({ id, label, state, text }) =>
        `${id}${label ? ` (${label})` : ""}  ${state.replace("_", " ")}  ${text}`,
    ),
    ...(note ? [note] : []),
    ...tasks.flatMap(toLines),
    "",
  ].join("\n")
}

function toLines(task: TracedTask): string[] {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  return [
    `  task     ${task.title}  ${task.status.replace("_", " ")}  ${task.id}  for ${task.requirementIds.join(", ") || "no requirement"}`,
    ...(task.spec ? [`  spec     ${task.spec.title}`] : []),
    ...task.sessions.map(({ number, turns }) => `  session  ${number}, turns ${turns.join(", ")}`),
    ...task.edits.map(
      ({ session, turn, tool, path, additions, deletions }) =>
        `  edit     session ${session}, turn ${turn}: ${tool} ${path} +${additions} -${deletions}`,
    ),
    ...(task.commit ? [`  commit   ${task.commit.slice(0, 10)}`] : []),
    ...task.hunks.map(
      ({ path, from, lines }) => `  hunk     ${path}:${from}${lines > 1 ? `-${from + lines - 1}` : ""}`,
    ),
    ...task.checks.map(
      ({ passed, command, durationMs, treeHash }) =>
        `  check    ${passed ? "passed" : "failed"}  ${command}  ${seconds(durationMs)}, tree ${treeHash.slice(0, 10)}`,
    ),
    ...(task.evidence
      ? [
          `  proof    ${task.evidence.at}, tree ${task.evidence.treeHash.slice(0, 10)}: ${
            Object.entries(task.evidence.requirements)
              .map(([id, version]) => `${id} as version ${version} says it`)
              .join(", ") || "no requirement"
          }`,
        ]
      : []),
    ...task.earlier.map(
      ({ commit, reopenedAt, reason }) =>
        `  earlier  ${commit?.slice(0, 10) ?? "no commit"}, reopened ${reopenedAt}${reason ? `: ${reason}` : ""}`,
    ),
  ]
}
