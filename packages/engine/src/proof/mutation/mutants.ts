/** Small faults to put into changed lines, one at a time: a check that proves them has to notice. Pure. */
import { ancestors, type Language, languageOf, parse, type SyntaxNode, walk } from "../tamper/syntax.ts"

export type Mutant = {
  line: number
  kind: "condition" | "operator" | "constant" | "return" | "statement"
  /** The text in question before and after. */
  was: string
  becomes: string
  /** The whole file with the fault. */
  text: string
}

const operators: Readonly<Record<string, string>> = {
  "===": "!==",
  "!==": "===",
  "==": "!=",
  "!=": "==",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "&&": "||",
  "||": "&&",
  and: "or",
  or: "and",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
}
const joins = /^(?:binary_expression|comparison_operator|boolean_operator|binary_operator)$/
const branches =
  /^(?:if_statement|elif_clause|while_statement|if_expression|while_expression|do_statement|ternary_expression)$/
const integer = /^(?:number|integer|int_literal|integer_literal|decimal_integer_literal)$/
const functionBody =
  /^(?:function_declaration|function_expression|arrow_function|method_definition|method_declaration|function_definition|function_item|func_literal|constructor_declaration|generator_function|lambda_expression|closure_expression)$/

type Edit = { node: SyntaxNode; kind: Mutant["kind"]; becomes: string }

/**
 * @param isChanged whether a line, from 1, is one of those to be proven
 * @returns none for a language without a grammar
 */
export async function findMutants(
  path: string,
  text: string,
  isChanged: (line: number) => boolean,
): Promise<Mutant[]> {
  const language = languageOf(path, text)
  if (!language || language === "bash") return []
  const root = await parse(language, text)
  if (!root) return []
  const edits = [...walk(root)].flatMap((node) =>
    isChanged(node.line) && !isOutside(node) ? toEdits(node, language) : [],
  )
  return edits.map(({ node, kind, becomes }) => ({
    line: node.line,
    kind,
    was: node.text,
    becomes,
    text: text.slice(0, node.start) + becomes + text.slice(node.start + node.text.length),
  }))
}

/** Imports, types and annotations say nothing about behaviour. */
function isOutside(node: SyntaxNode): boolean {
  for (const up of ancestors(node))
    if (
      /import|type_annotation|type_alias|interface_declaration|decorator|attribute_item|annotation/.test(
        up.type,
      )
    )
      return true
  return false
}

function toEdits(node: SyntaxNode, language: Language): Edit[] {
  if (node.field === "condition" && branches.test(node.parent?.type ?? ""))
    return node.type.startsWith("let_")
      ? []
      : [{ node, kind: "condition", becomes: negate(node.text, language) }]
  const operator = node.isNamed ? undefined : operators[node.text]
  if (operator && joins.test(node.parent?.type ?? "")) return [{ node, kind: "operator", becomes: operator }]
  if (integer.test(node.type) && /^\d{1,15}$/.test(node.text))
    return [{ node, kind: "constant", becomes: String(Number(node.text) + 1) }]
  if (/^(?:true|false|True|False|boolean_literal)$/.test(node.type) && node.isNamed)
    return [{ node, kind: "constant", becomes: toOpposite(node.text) }]
  return toRemoval(node, language)
}

function toRemoval(node: SyntaxNode, language: Language): Edit[] {
  const isPython = language === "python"
  const isScript = language === "javascript" || language === "typescript" || language === "tsx"
  if (node.type === "return_statement" && node.children.length > 1 && (isPython || isScript))
    return [{ node, kind: "return", becomes: isPython ? "return None" : "return undefined" }]
  const isCall =
    node.type === "expression_statement" && /call|assignment|await/.test(node.children[0]?.type ?? "")
  if (!isCall || ![...ancestors(node)].some(({ type }) => functionBody.test(type))) return []
  return [{ node, kind: "statement", becomes: isPython ? "pass" : isScript ? ";" : "" }]
}

function negate(condition: string, language: Language): string {
  if (language === "python") return `not (${condition})`
  return /^\(.*\)$/s.test(condition) ? `(!${condition})` : `!(${condition})`
}

function toOpposite(word: string): string {
  const opposites: Readonly<Record<string, string>> = {
    true: "false",
    false: "true",
    True: "False",
    False: "True",
  }
  return opposites[word] ?? word
}

/** So many of them, of different kinds and places first. */
export function choose<T extends Pick<Mutant, "kind" | "line">>(all: readonly T[], max: number): T[] {
  const byKind = [...Map.groupBy(all, ({ kind }) => kind).values()].map((some) => spread(some))
  const chosen: T[] = []
  const lines = new Set<number>()
  for (const isAgain of [false, true])
    for (let i = 0; i < Math.max(0, ...byKind.map(({ length }) => length)); i++)
      for (const some of byKind) {
        const one = some[i]
        if (!one || chosen.includes(one) || chosen.length >= max || (!isAgain && lines.has(one.line)))
          continue
        lines.add(one.line)
        chosen.push(one)
      }
  return chosen
}

/** The middle first, then the middles of both halves, and so on. */
function spread<T>(all: readonly T[]): T[] {
  const middle = Math.floor(all.length / 2)
  const [at] = all.slice(middle, middle + 1)
  if (at === undefined) return []
  const [left, right] = [spread(all.slice(0, middle)), spread(all.slice(middle + 1))]
  const rest = Array.from({ length: Math.max(left.length, right.length) }, (_, i) => [left[i], right[i]])
  return [at, ...rest.flat().filter((one): one is T => one !== undefined)]
}
