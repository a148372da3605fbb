/** Statements in a block of HTML: list items, rows of tables, and what is text besides. */
import { type DefaultTreeAdapterTypes, parseFragment } from "parse5"

type Node = DefaultTreeAdapterTypes.ChildNode

export type HtmlBlock = {
  kind: "item" | "row" | "text" | "comment" | "struck"
  text: string
  /** Lines below the first of the HTML. */
  offset: number
}

const silent = new Set(["script", "style", "template", "summary", "head", "title", "nav", "noscript", "svg"])
const struck = new Set(["del", "s", "strike"])
const blocks = new Set([
  "ul",
  "ol",
  "table",
  "p",
  "div",
  "section",
  "article",
  "details",
  "li",
  "blockquote",
  "dl",
])
const deepest = 200

export function readHtml(html: string): HtmlBlock[] {
  const { childNodes } = parseFragment(html, { sourceCodeLocationInfo: true })
  const found: HtmlBlock[] = []
  visit(childNodes, found, 0)
  return found
}

function visit(nodes: readonly Node[], found: HtmlBlock[], depth: number): void {
  let loose = ""
  let offset = 0
  const flush = () => {
    add(found, "text", loose, offset)
    loose = ""
  }
  for (const node of nodes) {
    if (node.nodeName === "#comment" && "data" in node) add(found, "comment", node.data, lineOf(node))
    else if (isElement(node) && silent.has(node.tagName)) continue
    else if (isElement(node) && isBlock(node) && depth < deepest) {
      flush()
      visitBlock(node, found, depth + 1)
    } else {
      if (loose.trim() === "") offset = lineOf(node)
      loose += textOf(node, depth)
      if (isElement(node) && struck.has(node.tagName)) add(found, "struck", plain(node, depth), lineOf(node))
    }
  }
  flush()
}

function visitBlock(node: DefaultTreeAdapterTypes.Element, found: HtmlBlock[], depth: number): void {
  if (node.tagName === "tr") {
    const cells = node.childNodes.filter((child) => isElement(child) && child.tagName === "td")
    const text = cells.map((cell) => textOf(cell, depth).replace(/\s+/g, " ").trim()).filter(Boolean)
    add(found, "row", text.join(" | "), lineOf(node))
    return
  }
  if (!["li", "dd", "dt"].includes(node.tagName)) {
    visit(node.childNodes, found, depth)
    return
  }
  const inner = node.childNodes.filter((child) => isElement(child) && isBlock(child) && child.tagName !== "p")
  const own = node.childNodes.filter((child) => !inner.includes(child))
  const text = own.map((child) => textOf(child, depth)).join("")
  add(found, "item", text, lineOf(node))
  if (text.trim() === "" && own.length > 0)
    add(found, "struck", own.map((child) => plain(child, depth)).join(""), lineOf(node))
  visit(inner, found, depth)
}

function isBlock(node: DefaultTreeAdapterTypes.Element): boolean {
  return blocks.has(node.tagName) || ["tbody", "thead", "tfoot", "tr", "dd", "dt"].includes(node.tagName)
}

function isElement(node: Node): node is DefaultTreeAdapterTypes.Element {
  return "tagName" in node
}

/** What is shown and holds: without what is struck out. */
function textOf(node: Node, depth: number): string {
  return isElement(node) && struck.has(node.tagName) ? "" : plain(node, depth, textOf)
}

function plain(node: Node, depth: number, inner: (node: Node, depth: number) => string = plain): string {
  if ("value" in node) return node.value
  if (!isElement(node) || silent.has(node.tagName) || depth > deepest) return ""
  if (node.tagName === "br") return " "
  const text = node.childNodes.map((child) => inner(child, depth + 1)).join("")
  return isBlock(node) ? ` ${text} ` : text
}

function lineOf(node: Node): number {
  const leading = "value" in node ? (/^\s*/.exec(node.value)?.[0].match(/\n/g)?.length ?? 0) : 0
  return (node.sourceCodeLocation?.startLine ?? 1) - 1 + leading
}

function add(found: HtmlBlock[], kind: HtmlBlock["kind"], raw: string, offset: number): void {
  const text = raw.replace(/\s+/g, " ").trim()
  if (text !== "") found.push({ kind, text, offset })
}
