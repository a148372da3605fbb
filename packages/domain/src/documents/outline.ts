/** A document's blocks as a tree, and the text of each as it holds: without markup, comments and what is struck out. */
import MarkdownIt from "markdown-it"

export type Block = {
  type: "list" | "item" | "table" | "row" | "cell" | "quote" | "heading" | "paragraph" | "code" | "html"
  /** 1-based. */
  line: number
  /** Of a paragraph, heading or cell its Markdown; of code and HTML what they hold. */
  content: string
  /** Of a fenced block, its language. */
  info: string
  isHead: boolean
  /** Of a heading, 1 to 6. */
  level: number
  children: Block[]
}

export type Inline = {
  text: string
  struck: string
  /** True: it holds links to places in the document, and nothing else that says something. */
  isContents: boolean
  /** True: it is one link and nothing else. */
  isLink: boolean
}

/** Bounded by what a document may be nested, see `requirements.ts`. */
const parser = new MarkdownIt({ html: true, maxNesting: 2000 })
/** Longer ones are taken as they are: telling markup apart in them takes more than their length. */
const longestInline = 20_000

const types: Record<string, Block["type"]> = {
  bullet_list: "list",
  ordered_list: "list",
  list_item: "item",
  table: "table",
  tr: "row",
  th: "cell",
  td: "cell",
  blockquote: "quote",
  heading: "heading",
  paragraph: "paragraph",
}
const leaves: Record<string, Block["type"]> = { fence: "code", code_block: "code", html_block: "html" }

export function readOutline(markdown: string): Block[] {
  const tokens: ReturnType<typeof parser.parse> = []
  parser.block.parse(markdown.replace(/\r\n?/g, "\n"), parser, {}, tokens)
  const root = make("quote", 1)
  const open = [root]
  for (const { type, map, content, info, tag } of tokens) {
    const parent = open.at(-1) ?? root
    const line = map ? map[0] + 1 : parent.line
    const name = type.replace(/_(?:open|close)$/, "")
    const kind = types[name] ?? leaves[type]
    if (type === "inline") parent.content = content
    else if (kind && type.endsWith("_close")) open.pop()
    else if (kind) {
      const block = make(kind, line)
      block.isHead = name === "th"
      if (kind === "heading") block.level = Number(tag.slice(1))
      parent.children.push(block)
      if (type.endsWith("_open")) open.push(block)
      else Object.assign(block, { content, info: info.trim(), line: type === "fence" ? line + 1 : line })
    }
  }
  return root.children
}

function make(type: Block["type"], line: number): Block {
  return { type, line, content: "", info: "", isHead: false, level: 0, children: [] }
}

const opens = /^<(?:del|s|strike)\b[^>]*>$/i
const closes = /^<\/(?:del|s|strike)>$/i

export function readInline({ content }: Pick<Block, "content">): Inline {
  if (content.length > longestInline || !/[\\`*_~[\]<&!]/.test(content))
    return { text: tidy(content), struck: "", isContents: false, isLink: false }
  const [inline] = parser.parseInline(content, {})
  let text = ""
  let struck = ""
  let besides = ""
  let links = 0
  let inner = 0
  let depth = 0
  let isInside = true
  for (const token of inline?.children ?? []) {
    if (token.type === "s_open" || (token.type === "html_inline" && opens.test(token.content))) depth++
    else if (token.type === "s_close" || (token.type === "html_inline" && closes.test(token.content)))
      depth = Math.max(0, depth - 1)
    else if (token.type === "link_open") {
      links++
      inner++
      isInside &&= String(token.attrGet("href")).startsWith("#")
    } else if (token.type === "link_close") inner--
    else {
      const said = toText(token.type, token.content)
      if (depth > 0) struck += said
      else text += said
      if (inner === 0) besides += said
    }
  }
  return {
    text: tidy(text),
    struck: tidy(struck),
    isContents: links > 0 && isInside && /^[\s|·•,–—\d.)-]*$/.test(besides),
    isLink: links === 1 && besides.trim() === "",
  }
}

function toText(type: string, content: string): string {
  if (type === "softbreak" || type === "hardbreak") return "\n"
  if (type === "html_inline") return /^<br\b/i.test(content) ? " " : ""
  return content
}

function tidy(text: string): string {
  return text.replace(/\s+/g, " ").trim()
}
