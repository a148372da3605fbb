/** Whether an assertion is reached, and whether its failure is seen. */
import { ancestors, canonical, fieldOf, isComment, named, type SyntaxNode, walk } from "./syntax.ts"
import type { Reader } from "./test-code.ts"

const blocks =
  /^(?:statement_block|block|statement_list|program|module|source_file|compound_statement|function_body|constructor_body|declaration_list|do_group|else_clause|if_statement|switch_case)$/
const branches =
  /^(?:if_statement|if_expression|elif_clause|conditional_expression|ternary_expression|while_statement)$/

export function findFlow(reader: Reader, node: SyntaxNode): { void: string | undefined; conditions: string } {
  const conditions: string[] = []
  let inner = node
  for (const outer of ancestors(node)) {
    const swallowed = reader.swallows(outer, inner)
    if (swallowed) return { void: swallowed, conditions: "" }
    if (blocks.test(outer.type)) {
      for (const before of outer.children) {
        if (before === inner) break
        if (isComment(before)) continue
        if (reader.isExit(before)) return { void: `line ${before.line} leaves before it`, conditions: "" }
        const way = exitCondition(reader, before)
        if (way) conditions.push(`not ${way}`)
      }
    }
    if (branches.test(outer.type) && !isCondition(outer, inner)) {
      const condition = conditionOf(outer)
      if (condition) {
        const text = canonical(condition)
        if (isNever(text) && inner.field !== "alternative")
          return { void: "its condition is never true", conditions: "" }
        conditions.push(inner.field === "alternative" ? `not ${text}` : text)
      }
    }
    if (/^for_\w+$/.test(outer.type) && inner.field === "body" && isNothing(fieldOf(outer, "right")))
      return { void: "the loop around it goes over nothing", conditions: "" }
    if (outer.type === "binary_expression" && /^(?:false|0|null|undefined)&&/.test(canonical(outer)))
      return { void: "its condition is never true", conditions: "" }
    inner = outer
  }
  return { void: undefined, conditions: conditions.toSorted().join(" and ") }
}

function isNothing(node: SyntaxNode | undefined): boolean {
  return node !== undefined && /^(?:\[\]|\(\)|\{\}|list\(\)|range\(0\))$/.test(canonical(node))
}

function isCondition(outer: SyntaxNode, inner: SyntaxNode): boolean {
  return inner === conditionOf(outer)
}

function conditionOf(node: SyntaxNode): SyntaxNode | undefined {
  return fieldOf(node, "condition") ?? named(node)[0]
}

/** The condition of an `if` that only leaves. */
function exitCondition(reader: Reader, node: SyntaxNode): string | undefined {
  const branch = branches.test(node.type)
    ? node
    : node.type === "expression_statement"
      ? node.children.find((child) => branches.test(child.type))
      : undefined
  if (!branch) return undefined
  const condition = conditionOf(branch)
  const leaves = [...walk(branch)].some((part) => part !== branch && reader.isExit(part))
  return condition && leaves ? canonical(condition) : undefined
}

export function isNever(condition: string): boolean {
  return /^\(*(?:false|False|0|null|None|undefined|!1|!true|not True|1==0|0==1|1===0|0===1|1==2|cfg!\(any\(\)\)|""|\[\]|1>2)\)*$/.test(
    condition,
  )
}
