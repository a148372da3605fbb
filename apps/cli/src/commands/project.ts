/** The project a command is about: named, or that of the current folder, or the only one. */
import { realpath } from "node:fs/promises"
import type { Client, Project } from "@aura/core"
import { UsageError } from "../exit.ts"

/** @param wanted id or name */
export async function findProject(client: Client, wanted: string | undefined): Promise<Project> {
  const { items } = await client.call("listProjects", { query: { limit: 1000 } })
  if (wanted !== undefined) {
    const found = items.find(({ id, name }) => id === wanted || name === wanted)
    if (found) return found
    throw new UsageError(`There is no project "${wanted}". aura status lists them.`)
  }
  const here = await realpath(process.cwd())
  const around = items.filter(({ workspacePath: path }) => here === path || here.startsWith(`${path}/`))
  const [only, other] = around.length > 0 ? around : items
  if (!only) throw new UsageError("There are no projects yet.")
  if (other)
    throw new UsageError("There are several projects: name one with --project, or go into its folder.")
  return only
}
