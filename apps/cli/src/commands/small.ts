/** The short commands: status, link, token. */

import { AuraError, describeProjection, describeRecap, type Projection, type Recap } from "@aura/core"
import { auth, loadKeys } from "@aura/domain"
import { currentEnv, findServer, openServer } from "@aura/server"
import { readArguments } from "../arguments.ts"
import { exitCode, UsageError } from "../exit.ts"

export const statusUsage = "aura status [PROJECT] [--json]"
export const linkUsage = "aura link"
export const tokenUsage = "aura token"

/** Prints every project, or one, with how far it is. */
export async function runStatus(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { json: { type: "boolean" } }, 1, statusUsage)
  const server = await openServer(currentEnv(), { isLooking: true })
  try {
    const { items } = await server.client.call("listProjects", { query: {} })
    const wanted = positionals[0]
    const projects = items.filter(
      (project) => wanted === undefined || project.id === wanted || project.name === wanted,
    )
    if (wanted !== undefined && projects.length === 0)
      throw new UsageError(`There is no project "${wanted}". aura status lists them.`)
    const rows = await Promise.all(
      projects.map(async (project) => {
        const params = { p: project.id }
        const progress = await server.client.call("getProgress", { params })
        const loop = await server.client.call("getLoop", { params })
        const projection = await server.client.call("getProjection", { params })
        const recap = loop.loop ? await server.client.call("getRecap", { params, query: {} }) : null
        return { project, progress, loop, projection, recap }
      }),
    )
    if (values.json) process.stdout.write(`${JSON.stringify(rows)}\n`)
    else
      process.stdout.write(
        rows.length === 0
          ? "There are no projects yet.\n"
          : rows.map((row) => toLines(row, server.isOwn)).join(""),
      )
    return exitCode.done
  } finally {
    await server.close()
  }
}

type StatusRow = {
  project: { id: string; name: string; workspacePath: string }
  progress: { counts: Record<string, number>; total: number; percent: number; costUsd: number }
  loop: { status: string; loop: { reason: string | null } | null }
  projection: Projection
  /** Of the last run; null = nothing ran yet. */
  recap: Recap | null
}

function toLines({ project, progress, loop, projection, recap }: StatusRow, isAlone: boolean): string {
  const counts = Object.entries(progress.counts)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`)
  const isOpen = loop.status !== "finished" && loop.status !== "idle"
  const reason = loop.loop?.reason ? ` (${loop.loop.reason})` : ""
  const left = describeProjection(projection)
  return [
    `${project.name}  ${project.id}`,
    `  ${progress.percent} %: ${counts.join(", ") || "no tasks yet"}; $${progress.costUsd.toFixed(2)}`,
    ...(left ? [`  ${left}`] : []),
    `  loop ${isOpen && isAlone ? "interrupted; it goes on when Aura is started" : `${loop.status}${reason}`}`,
    ...(recap ? describeRecap(recap).map((line) => `  ${line}`) : []),
    `  ${project.workspacePath}`,
    "",
  ].join("\n")
}

/** Prints a fresh sign-in link of the running server. */
export async function runLink(args: readonly string[]): Promise<number> {
  readArguments(args, {}, 0, linkUsage)
  const server = await findServer(currentEnv())
  if (!server)
    throw new AuraError(
      "service_unavailable",
      "No Aura is running on this data directory. Start one: npx aura serve",
    )
  const { url } = await server.client.call("createSignInLink", {})
  process.stdout.write(`${url}\n`)
  return exitCode.done
}

/** Prints a token for scripts. */
export async function runToken(args: readonly string[]): Promise<number> {
  readArguments(args, {}, 0, tokenUsage)
  const { access_token: token } = await auth.createToken(await loadKeys(currentEnv().dataDir), Date.now())
  process.stdout.write(`${token}\n`)
  return exitCode.done
}
