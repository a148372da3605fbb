/** The system prompt: who the agent is. The same bytes for all of a session; what changes stands in the brief. */
import type { Effort, Instance, Project, SettingsView } from "@aura/core"
import { type Aura, agents, settings } from "@aura/domain"
import type { Engine } from "../engine.ts"
import { fillPrompt } from "./prompt.ts"
import { cheapestShare } from "./rotation-point.ts"

/** @param url the prompt file, e.g. of `work.md` */
export async function writeSystem(
  aura: Aura,
  url: URL,
  project: Project,
  instance: Instance,
): Promise<string> {
  const agent = instance.agentId ? await agents.get(aura, instance.agentId).catch(() => undefined) : undefined
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
  })
}

/** The model an instance works with, and how hard it thinks: its template's, the project's, or that of Settings. */
export type Choice = { model: string; effort: Effort; rotateAt: number }

export async function chooseModel(
  engine: Engine,
  project: Project,
  instance: Instance | undefined,
  role: keyof SettingsView["efforts"],
): Promise<Choice> {
  const now = await settings.get(engine.aura)
  const agent = instance?.agentId
    ? await agents.get(engine.aura, instance.agentId).catch(() => undefined)
    : undefined
  const model = agent?.model ?? project.model ?? now.model
  const rotateAt = now.rotatesByPrice
    ? Math.min(now.rotateAt, cheapestShare(engine.findModel(model)))
    : now.rotateAt
  return { model, effort: agent?.effort ?? now.efforts[role], rotateAt }
}
