/** Search: projects, requirements, specs, tasks and entries that hold all of some words. */
import { type Hit, type Project, searchable } from "@aura/core"
import type { Aura } from "./aura.ts"

const maxHits = 60
const maxEntryHits = 25
const excerptLength = 160

/** The plan of the project that is looked at comes first, then entries, the newest first, then other plans. */
export async function find(aura: Aura, text: string, projectId: string | undefined): Promise<Hit[]> {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const projects = await aura.store.list("projects")
  const entries = await findInEntries(aura, words, projectId)
  const byHash = /^[0-9a-f]{6,64}$/i.test(text.trim()) ? await findByHash(aura, text.trim(), projects) : []
  const room = maxHits - entries.length - byHash.length
  const own = await findInPlans(
    aura,
    words,
    projects.filter(({ id }) => id === projectId),
    room,
  )
  const others = projects.filter(({ id }) => id !== projectId)
  return [...byHash, ...own, ...entries, ...(await findInPlans(aura, words, others, room - own.length))]
}

async function findInPlans(
  aura: Aura,
  words: readonly string[],
  projects: readonly Project[],
  limit: number,
): Promise<Hit[]> {
  const hits: Hit[] = []
  for (const project of projects) {
    if (hits.length >= limit) break
    hits.push(...(await findInPlan(aura, words, project)))
  }
  return hits.slice(0, limit)
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

async function findInEntries(
  aura: Aura,
  words: readonly string[],
  projectId: string | undefined,
): Promise<Hit[]> {
  const entries = await aura.store.search("entries", { words, projectId, limit: maxEntryHits })
  const ids = [...new Set(entries.map((entry) => entry.sessionId))]
  const sessions = await Promise.all(ids.map((id) => aura.store.get("sessions", id)))
  return entries.map((entry) => ({
    kind: "entry",
    id: entry.id,
    projectId: entry.projectId,
    sessionId: entry.sessionId,
    title: `Session ${sessions.find((session) => session?.id === entry.sessionId)?.number ?? "?"}`,
    excerpt: match(words, "", searchable.entries(entry)) ?? "",
  }))
}

/** Tasks whose commit, tree of evidence or digest of an output begins so. */
async function findByHash(aura: Aura, text: string, projects: readonly Project[]): Promise<Hit[]> {
  const hash = text.toLowerCase()
  const found = await Promise.all(projects.map(({ id }) => aura.store.list("tasks", { projectId: id })))
  return found.flat().flatMap((task): Hit[] => {
    const proofs = [
      { commit: task.commit, evidence: task.evidence },
      ...(task.earlier ?? []).map(({ commit, evidence }) => ({ commit, evidence })),
    ]
    const hit = proofs
      .flatMap(({ commit, evidence }) => [
        { name: "Commit", value: commit },
        { name: "Proven tree", value: evidence?.treeHash },
        ...(evidence?.checks ?? []).map(({ outputDigest }) => ({ name: "Output", value: outputDigest })),
      ])
      .find(({ value }) => value?.startsWith(hash))
    if (!hit) return []
    const { id, projectId, title } = task
    return [{ kind: "task", id, projectId, sessionId: null, title, excerpt: `${hit.name} ${hit.value}` }]
  })
}

/** The text around the first word, or undefined when one of the words is missing. */
function match(words: readonly string[], title: string, body: string): string | undefined {
  const all = `${title}\n${body}`.toLowerCase()
  if (!words.every((word) => all.includes(word))) return undefined
  const at = Math.max(0, body.toLowerCase().indexOf(words[0] ?? ""))
  const from = at < 40 ? 0 : body.lastIndexOf(" ", at - 20) + 1
  return `${from > 0 ? "… " : ""}${body.slice(from, from + excerptLength)}`.replace(/\s+/g, " ").trim()
}
