/** What a project's agents may do, from reading to everything; raised by people alone, and never for good at the top. */
import { AuraError, formatPlace, type Level, type Project, readPlace, type SetLevel } from "@aura/core"
import { type Aura, timestamp } from "./aura.ts"
import { type Caller, refuseAgents } from "./caller.ts"

export type Permission = {
  level: Level /** What commands may reach, at level 3. */
  hosts: readonly string[]
}

const usual: Level = 2
const unrestrictedMs = 8 * 60 * 60 * 1000

/** What is permitted right now; the highest level ends by itself. */
export function toPermission(
  project: Pick<Project, "level" | "levelUntil" | "hosts">,
  nowMs: number,
): Permission {
  const isOver =
    project.level === 4 && (project.levelUntil === null || Date.parse(project.levelUntil) <= nowMs)
  return { level: isOver ? usual : project.level, hosts: project.hosts }
}

/** @throws AuraError `not_found` */
export async function of(aura: Aura, projectId: string): Promise<Permission> {
  const project = await aura.store.get("projects", projectId)
  if (!project) throw new AuraError("not_found", "There is no such project.")
  return toPermission(project, aura.now())
}

/**
 * @throws AuraError `forbidden` for an agent, and where everything is to be allowed from another machine; `bad_request` when
 * the project's name was not typed for that
 */
export async function set(aura: Aura, caller: Caller, projectId: string, input: SetLevel): Promise<Project> {
  refuseAgents(caller, "change what agents are permitted")
  if (input.level === 4 && caller.kind === "person" && !caller.isHere)
    throw new AuraError(
      "forbidden",
      "Everything is allowed on Aura's own machine only, signed in by a link that `npx aura link` prints there.",
    )
  let changed: Project | undefined
  await aura.store.commit("level.changed", async (read) => {
    const project = await read.get("projects", projectId)
    if (!project) throw new AuraError("not_found", "There is no such project.")
    if (input.level === 4 && input.confirm !== project.name)
      throw new AuraError(
        "bad_request",
        `Type the project's name, ${project.name}, to let its agents do anything.`,
      )
    changed = {
      ...project,
      level: input.level,
      hosts: input.hosts ? normalize(input.hosts) : project.hosts,
      levelUntil: input.level === 4 ? new Date(aura.now() + unrestrictedMs).toISOString() : null,
      updatedAt: timestamp(aura),
    }
    return { projectId, rows: { projects: [changed] } }
  })
  if (!changed) throw new AuraError("not_found", "There is no such project.")
  return changed
}

/** The project with further hosts its commands may reach. */
export function withHosts(project: Project, hosts: readonly string[], nowMs: number): Project {
  const known = { ...project, hosts: normalize([...project.hosts, ...hosts]) }
  return toPermission(project, nowMs).level === 4 ? known : { ...known, level: 3, levelUntil: null }
}

/** Each place once, in the one spelling it is compared and shown in. */
export function normalize(hosts: readonly string[]): string[] {
  const places = hosts.flatMap((host) => readPlace(host) ?? [])
  return [...new Set(places.map(formatPlace))]
}
