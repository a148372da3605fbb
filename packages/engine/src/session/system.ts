/** The system prompt: who the agent is and what the project holds. Byte-stable within a session, for the cache. */
import type { Instance, Project } from "@aura/core"
import { type Aura, agents, specs } from "@aura/domain"
import { fillPrompt } from "./prompt.ts"

/** @param url the prompt file, e.g. of `work.md` */
export async function writeSystem(
  aura: Aura,
  url: URL,
  project: Project,
  instance: Instance,
): Promise<string> {
  const agent = instance.agentId ? await agents.get(aura, instance.agentId).catch(() => undefined) : undefined
  const all = await specs.list(aura, project.id)
  return fillPrompt(url, {
    name: instance.name,
    role: agent?.role ?? "",
    extra: [
      agent?.personality,
      agent?.systemPrompt,
      agent?.skills.length ? `Skills: ${agent.skills.join(", ")}` : "",
    ]
      .filter(Boolean)
      .join("\n\n"),
    project: project.name,
    specs: all.map((spec) => `${spec.order}. ${spec.title}`).join("\n") || "(none yet)",
  })
}

/** The model an instance works with: its template's, the project's, or that of Settings. */
export async function chooseModel(
  aura: Aura,
  project: Project,
  instance: Instance | undefined,
  fallback: string,
): Promise<string> {
  const agent = instance?.agentId
    ? await agents.get(aura, instance.agentId).catch(() => undefined)
    : undefined
  return agent?.model ?? project.model ?? fallback
}
