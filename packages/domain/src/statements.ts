/** The statements of a requirements document: what may become a requirement, and where it stands. */
import type { Nodes, RootContent } from "mdast"
import { fromMarkdown } from "mdast-util-from-markdown"
import { gfmTableFromMarkdown } from "mdast-util-gfm-table"
import { toString as toText } from "mdast-util-to-string"
import { gfmTable } from "micromark-extension-gfm-table"

export type Statement = { text: string; line: number; label: string | undefined }

/**
 * List items, table rows, and paragraphs that say what must be; a document with none of them is taken paragraph by
 * paragraph. The parser's time can grow with the square of the text: a document from outside is read in a thread.
 */
export function findStatements(markdown: string): Statement[] {
  const root = fromMarkdown(markdown, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] })
  const found = root.children.flatMap((node) => fromBlock(node, (text) => saysWhatMustBe.test(text)))
  if (found.length > 0) return found
  const all = root.children.flatMap((node) => fromBlock(node, () => true))
  return all.length > 0 ? all : root.children.filter((node) => node.type === "heading").flatMap(toStatement)
}

function fromBlock(node: RootContent, isWanted: (text: string) => boolean): Statement[] {
  switch (node.type) {
    case "list":
      return node.children.flatMap((item) => [
        ...item.children
          .filter((child) => child.type === "paragraph")
          .slice(0, 1)
          .flatMap(toStatement),
        ...item.children
          .filter((child) => child.type === "list")
          .flatMap((child) => fromBlock(child, isWanted)),
      ])
    case "table":
      return node.children.slice(1).flatMap((row) => {
        const text = row.children
          .map((cell) => toText(cell).trim())
          .filter(Boolean)
          .join(" | ")
        return build(text, row.position?.start.line)
      })
    case "blockquote":
      return node.children.flatMap((child) => fromBlock(child, isWanted))
    case "paragraph":
      return isWanted(toText(node)) ? toStatement(node) : []
    default:
      return []
  }
}

function toStatement(node: Nodes): Statement[] {
  return build(toText(node), node.position?.start.line)
}

function build(raw: string, line = 1): Statement[] {
  const text = raw
    .replace(/\s+/g, " ")
    .replace(/^\[[ xX]\] /, "")
    .trim()
  if (text === "") return []
  const label = /^\[?(R[1-9]\d*)\]?[\s:.)–—-]/.exec(text)?.[1]
  return [{ text, line, label }]
}

const saysWhatMustBe = /\b(must|shall|should|will|may not|cannot|can|needs? to|has to|have to|is able to)\b/i
