/** Syntax trees: one parser (tree-sitter) for all languages the guard reads by structure. */
import { extname } from "node:path"
import { fileURLToPath } from "node:url"
import treeSitter from "@vscode/tree-sitter-wasm"

export type Language = "javascript" | "typescript" | "tsx" | "python" | "rust" | "go" | "java" | "bash"

/** A node of a tree, copied out of the parser's memory. Lines count from 1. */
export type SyntaxNode = {
  type: string
  text: string
  /** Where it begins in the text. */
  start: number
  line: number
  endLine: number
  isNamed: boolean
  /** The name of its place in the parent, such as `condition`. */
  field: string | undefined
  parent: SyntaxNode | undefined
  children: SyntaxNode[]
}

/** Larger files are judged by their lines only. */
const maxChars = 400_000

const byExtension: Record<string, Language> = {
  ".js": "javascript",
  ".mjs": "javascript",
  ".cjs": "javascript",
  ".jsx": "javascript",
  ".ts": "typescript",
  ".mts": "typescript",
  ".cts": "typescript",
  ".tsx": "tsx",
  ".py": "python",
  ".pyi": "python",
  ".rs": "rust",
  ".go": "go",
  ".java": "java",
  ".sh": "bash",
  ".bash": "bash",
  ".bats": "bash",
  ".zsh": "bash",
}

/** By the name of a file, or by its first line. */
export function languageOf(path: string, text: string): Language | undefined {
  const known = byExtension[extname(path).toLowerCase()]
  if (known) return known
  const [, program = ""] =
    /^#!\s{0,30}\S{0,200}?(?:env\s{1,30}(?:-S\s{1,30})?)?(\w{1,200})[^\n]{0,200}\n/.exec(text) ?? []
  if (/^(?:ba|z|da|k)?sh$/.test(program)) return "bash"
  if (program.startsWith("python")) return "python"
  return program === "node" ? "javascript" : undefined
}

const loaded = new Map<Language, Promise<treeSitter.Language>>()
let started: Promise<void> | undefined

async function load(language: Language): Promise<treeSitter.Language> {
  started ??= treeSitter.Parser.init()
  await started
  const file = `@vscode/tree-sitter-wasm/wasm/tree-sitter-${language}.wasm`
  return await treeSitter.Language.load(fileURLToPath(import.meta.resolve(file)))
}

/** @returns undefined for a text that is too long to be parsed */
export async function parse(language: Language, text: string): Promise<SyntaxNode | undefined> {
  if (text.length > maxChars) return undefined
  let grammar = loaded.get(language)
  if (!grammar) {
    grammar = load(language)
    grammar.catch(() => loaded.delete(language))
    loaded.set(language, grammar)
  }
  const ready = await grammar
  const parser = new treeSitter.Parser()
  parser.setLanguage(ready)
  const tree = parser.parse(text)
  const root = tree ? copy(tree, text) : undefined
  tree?.delete()
  parser.delete()
  return root
}

/** Depth first without recursion: source can nest deeper than the stack allows. */
function copy(tree: treeSitter.Tree, source: string): SyntaxNode {
  const cursor = tree.walk()
  const here = (parent: SyntaxNode | undefined): SyntaxNode => ({
    type: cursor.nodeType,
    text: source.slice(cursor.startIndex, cursor.endIndex),
    start: cursor.startIndex,
    line: cursor.startPosition.row + 1,
    endLine: cursor.endPosition.row + 1,
    isNamed: cursor.nodeIsNamed,
    field: cursor.currentFieldName ?? undefined,
    parent,
    children: [],
  })
  const root = here(undefined)
  let at: SyntaxNode | undefined = root
  while (at) {
    if (cursor.gotoFirstChild()) {
      const child: SyntaxNode = here(at)
      at.children.push(child)
      at = child
      continue
    }
    while (at && !cursor.gotoNextSibling()) {
      cursor.gotoParent()
      at = at.parent
    }
    const parent: SyntaxNode | undefined = at?.parent
    if (!parent) break
    const sibling = here(parent)
    parent.children.push(sibling)
    at = sibling
  }
  cursor.delete()
  return root
}

/** The node and all below it, in the order of the text. */
export function* walk(node: SyntaxNode): Generator<SyntaxNode> {
  const waiting = [node]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next
    for (let i = next.children.length - 1; i >= 0; i--) {
      const child = next.children[i]
      if (child) waiting.push(child)
    }
  }
}

export function* ancestors(node: SyntaxNode): Generator<SyntaxNode> {
  for (let up = node.parent; up; up = up.parent) yield up
}

export function fieldOf(node: SyntaxNode, name: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === name)
}

export function named(node: SyntaxNode): SyntaxNode[] {
  return node.children.filter((child) => child.isNamed && !isComment(child))
}

export function isComment(node: SyntaxNode): boolean {
  return node.type.endsWith("comment")
}

const strings = new Set([
  "string",
  "template_string",
  "string_literal",
  "raw_string_literal",
  "interpreted_string_literal",
  "rune_literal",
  "char_literal",
  "character_literal",
  "raw_string",
  "concatenated_string",
  "regex",
])
const numbers =
  /^(?:number|integer|float|int_literal|float_literal|integer_literal|decimal_integer_literal|decimal_floating_point_literal|hex_integer_literal)$/

export function isString(node: SyntaxNode): boolean {
  return strings.has(node.type)
}

export function isLiteral(node: SyntaxNode): boolean {
  return (
    isString(node) ||
    numbers.test(node.type) ||
    /^(?:true|false|none|null|nil|boolean_literal|null_literal)$/i.test(node.type)
  )
}

/** The text without blanks, comments, closing commas and kinds of quotes: what formatting changes is not in it. */
export function canonical(node: SyntaxNode): string {
  return canonicalOf([node])
}

export function canonicalOf(nodes: readonly SyntaxNode[]): string {
  const parts: string[] = []
  const visit = (node: SyntaxNode): void => {
    if (isComment(node)) return
    if (isString(node)) parts.push(canonicalString(node.text))
    else if (node.children.length === 0)
      parts.push(numbers.test(node.type) ? node.text.replaceAll("_", "") : node.text)
    else for (const child of node.children) visit(child)
  }
  for (const node of nodes) visit(node)
  let text = ""
  for (const part of parts) {
    if (part === "") continue
    if (/[\w$]$/.test(text) && /^[\w$]/.test(part)) text += " "
    text += part
  }
  return text.replace(/,([)\]}])/g, "$1").replace(/;$/, "")
}

function canonicalString(text: string): string {
  const [, prefix = "", , inner] = /^([a-zA-Z]*)(#*"""|#*'''|"|'|`|#+")([\s\S]*?)\2?$/.exec(text) ?? []
  if (inner === undefined || /[fF]/.test(prefix)) return text
  return `"${inner.replace(/\\(["'`])/g, "$1")}"`
}
