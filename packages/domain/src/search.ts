/** Search: projects, requirements, specs, tasks and entries that hold all of some words. */
import type { Entry, Hit, Project } from "@aura/core"
import type { Aura } from "./aura.ts"

const mostHits = 60
const mostEntryHits = 25
const excerptLength = 160

/** The project that is looked at comes first; of entries the newest sessions do. */
export async function find(aura: Aura, text: string, projectId: string | undefined): Promise<Hit[]> {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const all = await aura.store.list("projects")
  const projects = all.toSorted((a, b) => Number(b.id === projectId) - Number(a.id === projectId))
  const hits: Hit[] = []
  for (const project of projects) {
    if (hits.length >= mostHits) break
    hits.push(...(await findInPlan(aura, words, project)))
    if (projectId === undefined || project.id === projectId)
      hits.push(...(await findInEntries(aura, words, project)))
  }
  return hits.slice(0, mostHits)
}

async function findInPlan(aura: Aura, words: readonly string[], project: Project): Promise<Hit[]> {
  const of = { projectId: project.id }
  const document = await aura.store.get("documents", project.documentId)
  const specs = await aura.store.list("specs", of)
  const tasks = await aura.store.list("tasks", of)
  const texts: Omit<Hit, "excerpt" | "projectId" | "sessionId">[] = []
  const bodies: string[] = []
  const add = (kind: Hit["kind"], id: string, title: string, body: string) => {
    texts.push({ kind, id, title })
    bodies.push(body)
  }
  add("project", project.id, project.name, project.description)
  for (const row of document?.requirements ?? []) add("requirement", row.id, row.id, row.text)
  for (const spec of specs) add("spec", spec.id, spec.title, spec.markdown)
  for (const task of tasks) add("task", task.id, task.title, task.description)
  return texts.flatMap((hit, i) => {
    const excerpt = match(words, hit.title, bodies[i] ?? "")
    return excerpt === undefined ? [] : [{ ...hit, ...of, sessionId: null, excerpt }]
  })
}

async function findInEntries(aura: Aura, words: readonly string[], project: Project): Promise<Hit[]> {
  const sessions = await aura.store.list("sessions", { projectId: project.id })
  const hits: Hit[] = []
  for (const session of sessions.toReversed()) {
    for (const entry of (await aura.store.list("entries", { sessionId: session.id })).toReversed()) {
      const excerpt = match(words, "", toText(entry))
      if (excerpt === undefined) continue
      hits.push({
        kind: "entry",
        id: entry.id,
        projectId: project.id,
        sessionId: session.id,
        title: `Session ${session.number}`,
        excerpt,
      })
      if (hits.length >= mostEntryHits) return hits
    }
  }
  return hits
}

function toText(entry: Entry): string {
  switch (entry.kind) {
    case "prompt":
    case "note":
    case "hand_off":
      return entry.text
    case "reply":
      return entry.blocks.map((block) => (block.type === "text" ? block.text : "")).join("\n")
    case "tool":
      return `${JSON.stringify(entry.input)}\n${entry.output}`
    case "check":
      return `${entry.check.command}\n${entry.check.output}`
    case "intent":
      return ""
  }
}

/** The text around the first word, or undefined when one of the words is missing. */
function match(words: readonly string[], title: string, body: string): string | undefined {
  const all = `${title}\n${body}`.toLowerCase()
  if (!words.every((word) => all.includes(word))) return undefined
  const at = Math.max(0, body.toLowerCase().indexOf(words[0] ?? ""))
  const from = at < 40 ? 0 : body.lastIndexOf(" ", at - 20) + 1
  return `${from > 0 ? "… " : ""}${body.slice(from, from + excerptLength)}`.replace(/\s+/g, " ").trim()
}
