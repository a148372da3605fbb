/** The phase that writes one spec anew. What it makes is a proposal; a person decides on it. */
import { AuraError, type Plan, type Project } from "@aura/core"
import { requirements, specs, tasks } from "@aura/domain"
import type { Engine } from "../engine.ts"
import { describeEnvironment } from "../session/environment.ts"
import { fillPrompt } from "../session/prompt.ts"
import { lookTools, type Phase } from "./phases.ts"
import { isNamed, type PlanSource, planTools } from "./plan-tools.ts"

export async function specPhase(engine: Engine, project: Project, plan: Plan): Promise<Phase> {
  const { aura } = engine
  const all = await specs.list(aura, project.id)
  const spec = all.find((row) => row.id === plan.specId)
  if (!spec) throw new AuraError("not_found", "There is no such spec.")
  const { title, markdown } = spec
  let draft: specs.SpecDraft | undefined
  const source: PlanSource = {
    specs: async () => all.map((row) => (row.id === spec.id && draft ? { ...draft, id: row.id } : row)),
    async updateSpec(name, change) {
      if (!isNamed(spec, name) && !(draft && isNamed(draft, name))) return "missing"
      const before = draft ?? { title, markdown }
      draft = { title: change.title ?? before.title, markdown: change.markdown ?? before.markdown }
      return "changed"
    },
    tasks: async () => [],
    updateTask: async () => "missing",
  }
  const document = await requirements.current(aura, project.id)
  const own = (await tasks.list(aura, project.id)).filter((task) => task.specId === spec.id)
  const ids = new Set(own.flatMap((task) => task.requirementIds))
  return {
    system: fillPrompt(new URL("./plan-spec.md", import.meta.url)),
    prompt: [
      `# Project: ${project.name}`,
      `The requirements:\n${document.requirements.map((row) => `- ${row.id}: ${row.text}`).join("\n")}`,
      `The other specs, by title (read them with get_spec):\n${listTitles(all.filter((row) => row !== spec))}`,
      ids.size > 0 ? `Its tasks prove ${[...ids].join(", ")}.` : "",
      own.length > 0 ? `Its tasks:\n${listTitles(own)}` : "",
      `The spec to write anew:\n\n<spec title="${title}">\n${markdown}\n</spec>`,
      plan.note ? `The note of the person who asked for it:\n\n<note>\n${plan.note}\n</note>` : "",
      await describeEnvironment(engine, project),
      `Write "${title}" anew.`,
    ]
      .filter(Boolean)
      .join("\n\n"),
    tools: [...planTools(source, "planner"), ...(await lookTools(engine, project))],
    again: `Call update_spec for "${title}" with the whole new text, then end your turn.`,
    async findProblems() {
      if (!draft) return [`"${title}" was not changed. Call update_spec with its whole new text.`]
      const { title: named } = draft
      const other = all.find((row) => row.id !== spec.id && isNamed(row, named))
      if (other) return [`Another spec is called "${named}" already. Titles must differ.`]
      return draft.title === title && draft.markdown.trim() === markdown.trim()
        ? ["The new text is the old one."]
        : []
    },
    clear() {
      draft = undefined
    },
    async store() {
      if (draft) await specs.propose(aura, plan, draft)
    },
  }
}

function listTitles(rows: readonly { title: string }[]): string {
  return rows.map((row) => `- ${row.title}`).join("\n") || "There are none."
}
