/** The requirements document in passages, with the requirements that stand in them. Pure. */
import type { Requirement, Uncounted } from "@aura/core"

/** Why a statement of the document is no requirement. */
export const reasons: Readonly<Record<Uncounted["reason"], string>> = {
  prose: "text that demands nothing",
  heading: "a heading",
  code: "code",
  comment: "a comment",
  contents: "contents",
  struck: "struck out",
  front_matter: "settings of the document",
  person: "a person said so",
}

/** A heading, a line of code, a list item or a paragraph; `n` is its first line. */
export type Passage = {
  n: number
  kind: "heading" | "code" | "item" | "text" | "blank"
  text: string
  /** Of a heading its rank, of a list item how deep it lies. */
  level: number
  /** The marker of a list item: a dot or its number. */
  marker: string
  requirementIds: string[]
}

const item = /^(\s*)([-*+]|\d+[.)])\s(.*)$/

/** Lines that belong together are joined, so that text flows; a line with a requirement of its own stays apart. */
export function toPassages(markdown: string, requirements: readonly Requirement[]): Passage[] {
  const byLine = Map.groupBy(requirements, (requirement) => requirement.line)
  const passages: Passage[] = []
  let fenced = false
  for (const [index, line] of markdown.split(/\r?\n/).entries()) {
    const fence = /^\s*(```|~~~)/.test(line)
    const requirementIds = (byLine.get(index + 1) ?? []).map((requirement) => requirement.id)
    const passage = { n: index + 1, requirementIds, ...read(line, fenced || fence) }
    if (fence) fenced = !fenced
    const last = passages.at(-1)
    const flows = passage.kind === "text" && (last?.kind === "text" || last?.kind === "item")
    if (last && flows && requirementIds.length === 0) last.text = `${last.text} ${passage.text}`
    else passages.push(passage)
  }
  return passages
}

function read(line: string, inCode: boolean): Pick<Passage, "kind" | "text" | "level" | "marker"> {
  if (inCode) return { kind: "code", text: line, level: 0, marker: "" }
  if (!line.trim()) return { kind: "blank", text: "", level: 0, marker: "" }
  const heading = /^(#{1,6})\s(.*)$/.exec(line)
  if (heading)
    return { kind: "heading", text: heading[2]?.trim() ?? "", level: heading[1]?.length ?? 1, marker: "" }
  const [, indent, marker, text] = item.exec(line) ?? []
  if (marker === undefined) return { kind: "text", text: line.trim(), level: 0, marker: "" }
  const level = Math.min(4, Math.floor((indent?.length ?? 0) / 2))
  return { kind: "item", text: text?.trimStart() ?? "", level, marker: /\d/.test(marker) ? marker : "•" }
}

export type InlinePart = { kind: "text" | "code" | "strong"; text: string; at: number }

/** A text with its code and strong words told apart. */
export function toInline(line: string): InlinePart[] {
  const parts: InlinePart[] = []
  let at = 0
  for (const match of line.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*/g)) {
    if (match.index > at) parts.push({ kind: "text", text: line.slice(at, match.index), at })
    const [whole, code, strong] = match
    parts.push({ kind: code ? "code" : "strong", text: code ?? strong ?? whole, at: match.index })
    at = match.index + whole.length
  }
  if (at < line.length) parts.push({ kind: "text", text: line.slice(at), at })
  return parts
}

/** Passages in parts of bounded size, so that a browser can leave out of its work what is out of sight. */
export function toChunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  )
}
