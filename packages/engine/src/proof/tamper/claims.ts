/** Claims from expressions and argument lists, the same for all languages. */
import { canonical, canonicalOf, fieldOf, isLiteral, named, type SyntaxNode } from "./syntax.ts"
import type { Claim } from "./test-code.ts"

const strengths: Record<string, number> = {
  eq: 5,
  throws: 4,
  rejects: 4,
  approx: 4,
  length: 4,
  fails: 4,
  called: 4,
  ne: 3,
  order: 3,
  contains: 3,
  matches: 3,
  holds: 3,
  runs: 3,
  snapshot: 3,
  type: 2,
  truthy: 1,
  defined: 1,
}

/** A claim, 0 strong when it says nothing of what is tested. */
export function claim(node: SyntaxNode, op: string, subject: string, expected = ""): Claim {
  const isEmpty =
    subject !== "" &&
    (isConstant(subject) ? expected === "" || isConstant(expected) : subject === expected && op === "eq")
  const never = /\|\|(?:true|True|1)$|^(?:true|True|1)\|\|/.test(subject)
  return { node, op, subject, expected, strength: isEmpty || never ? 0 : (strengths[op] ?? 3) }
}

export function isConstant(text: string): boolean {
  return /^[!(]*(?:-?[\d.]+|"[^"]*"|true|false|True|False|None|null|nil|undefined|\[\]|\{\}|1==1|1===1|not False)\)*$/.test(
    text,
  )
}

const comparisons: Record<string, string> = {
  "==": "eq",
  "===": "eq",
  "=": "eq",
  "-eq": "eq",
  is: "eq",
  "!=": "ne",
  "!==": "ne",
  "is not": "ne",
  "-ne": "ne",
  in: "contains",
  "not in": "not contains",
  "<": "order",
  ">": "order",
  "<=": "order",
  ">=": "order",
}
const opposite: Record<string, string> = {
  eq: "ne",
  ne: "eq",
  truthy: "falsy",
  contains: "not contains",
  holds: "not holds",
}

/** What an expression claims when it must be true, or false. */
export function claimsOf(node: SyntaxNode, at: SyntaxNode = node, isNegated = false): Claim[] {
  const inner = unwrap(node)
  if (inner !== node) return claimsOf(inner, at, isNegated)
  const operator = operatorOf(node)
  const [left, right] = [fieldOf(node, "left") ?? named(node)[0], fieldOf(node, "right") ?? named(node)[1]]
  if (operator && left && right) {
    const joins = isNegated ? ["||", "or"] : ["&&", "and"]
    if (joins.includes(operator)) return [...claimsOf(left, at, isNegated), ...claimsOf(right, at, isNegated)]
    const op = comparisons[operator]
    if (op) return [comparison(at, isNegated ? (opposite[op] ?? `not ${op}`) : op, operator, left, right)]
  }
  if (/^(?:unary_expression|not_operator)$/.test(node.type) && /^(?:!|not\b)/.test(node.text)) {
    const part = named(node).at(-1)
    if (part) return claimsOf(part, at, !isNegated)
  }
  const text = canonical(node)
  const isType =
    /^(?:isinstance|issubclass|hasattr|callable|typeof|type)\b|\.is_(?:ok|some|err|none)\(\)$/.test(text)
  if (isType) return [claim(at, "type", text)]
  const isCall =
    /call|invocation/.test(node.type) &&
    named(node).some((part) => /argument/.test(part.type) && named(part).length > 0)
  return [claim(at, isNegated ? "not holds" : isCall ? "holds" : "truthy", text)]
}

function comparison(
  at: SyntaxNode,
  op: string,
  operator: string,
  left: SyntaxNode,
  right: SyntaxNode,
): Claim {
  const isSwapped = isLiteral(left) && !isLiteral(right)
  const [subject, expected] = isSwapped ? [right, left] : [left, right]
  const [a, b] = [canonical(subject), canonical(expected)]
  if (op === "order") return claim(at, op, a, `${isSwapped ? flip(operator) : operator}${b}`)
  if (op === "contains" || op === "not contains") return claim(at, op, canonical(right), canonical(left))
  if (/approx|isclose|closeTo/.test(b)) return claim(at, "approx", a, b)
  if (/^(?:null|None|nil|undefined)$/.test(b) && op === "ne") return claim(at, "defined", a)
  if (a === b && (op === "eq" || op === "contains")) return { ...claim(at, op, a, b), strength: 0 }
  return claim(at, op, a, b)
}

function flip(operator: string): string {
  return operator.replace(/[<>]/, (sign) => (sign === "<" ? ">" : "<"))
}

function unwrap(node: SyntaxNode): SyntaxNode {
  const only = /^parenthesized_expression|^await_expression$|^expression_statement$/.test(node.type)
    ? named(node)[0]
    : undefined
  return only ?? node
}

function operatorOf(node: SyntaxNode): string | undefined {
  if (!/^(?:binary_expression|comparison_operator|boolean_operator)$/.test(node.type)) return undefined
  const signs = node.children
    .filter((child) => !child.isNamed || child.type === "test_operator")
    .map((child) => child.text)
  return node.children.length === 3 ? signs.join(" ") : undefined
}

/** The claim of a function by what it is called and what it is given: `assertEquals(1, f(2), "message")`. */
export function claimByName(
  node: SyntaxNode,
  name: string,
  args: readonly SyntaxNode[],
  order: "actual first" | "expected first",
): Claim[] {
  const short = name
    .toLowerCase()
    .replace(/^(?:assert|debug_assert|expect|require|should|be|to)_?/, "")
    .replaceAll("_", "")
  const [one, two, ...more] = args
  if (!one) return [claim(node, /^(?:fail|unreachable)/.test(short) ? "fails" : "holds", `${name}()`)]
  const pair = (op: string): Claim[] => {
    if (!two) return [claim(node, op, canonical(one))]
    const isSwapped = isLiteral(one) !== isLiteral(two) ? isLiteral(one) : order === "expected first"
    const [subject, expected] = isSwapped ? [two, one] : [one, two]
    const tolerance = /close|almost|delta|epsilon|approx/.test(short) || isTolerance(more) ? more : []
    return [
      claim(node, op, canonical(subject), [expected, ...tolerance].map((part) => canonical(part)).join("±")),
    ]
  }
  if (/^(?:fail|failnow|unreachable)$/.test(short))
    return [claim(node, "fails", canonicalOf([]) || `${name}`)]
  if (
    /^(?:not|isnot).*(?:equal|eq|same|is)|^ne$|notequal|^isnot$|notsame|notdeep|notstrict/.test(short) &&
    !/notnone|notnull|notnil/.test(short)
  )
    return pair("ne")
  if (/notnone|notnull|notnil|exists?$|defined|notempty|notundefined/.test(short))
    return [claim(node, "defined", canonical(one))]
  if (
    /^(?:throws|rejects|raises|panics|doesnotthrow|throwsexactly|error|erroris|erroras|errorcontains)/.test(
      short,
    )
  )
    return [
      claim(
        node,
        "throws",
        canonical(one),
        args
          .slice(1)
          .map((part) => canonical(part))
          .join(","),
      ),
    ]
  if (/close|almost|delta|epsilon|approx/.test(short)) return pair("approx")
  if (/equal|^eq$|^is$|same|^strict|^deep|identical|arrayequals|jsoneq|iterableequals|linesmatch/.test(short))
    return pair("eq")
  // assertIn(member, container)
  if (/^(?:not)?in$/.test(short) && two)
    return [claim(node, short === "in" ? "contains" : "not contains", canonical(two), canonical(one))]
  if (/^(?:include|includes|contain|contains|subset|dictcontains|stringcontains|haskey|hasitem)/.test(short))
    return pair("contains")
  if (/match|regex/.test(short)) return pair("matches")
  if (/greater|less|^gt|^lt|^ge|^le|above|below/.test(short)) return pair("order")
  if (/instance|typeof|^type|implements|isok|issome|iserr/.test(short)) return pair("type")
  if (/^(?:len|length|count)/.test(short)) return pair("length")
  if (/^(?:none|null|isnone|isnull|nil|isnil)$/.test(short))
    return [claim(node, "eq", canonical(one), "null")]
  if (/^(?:noerror|nil)$/.test(short)) return [claim(node, "eq", canonical(one), "null")]
  if (/^(?:true|istrue|ok|that|assert|truthy|)$/.test(short)) return claimsOf(one, node)
  if (/^(?:false|isfalse|falsy|notok)$/.test(short)) return claimsOf(one, node, true)
  if (/called|invoked/.test(short)) return [claim(node, "called", canonicalOf(args))]
  return [claim(node, "holds", `${name}(${canonicalOf(args)})`)]
}

function isTolerance(nodes: readonly SyntaxNode[]): boolean {
  const [only] = nodes
  return only !== undefined && isLiteral(only) && /^[\d.e-]+$/i.test(only.text)
}

/** The names that an expression is made of, without those of languages' own. */
export function namesIn(text: string): Set<string> {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, "")
  return new Set(
    [...bare.matchAll(/[A-Za-z_$][\w$]*/g)].map(([name]) => name).filter((name) => !common.has(name)),
  )
}

/** Literals in a canonical text. */
export function valuesIn(text: string): string[] {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"|(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?/gi)].map(
    ([value]) => value,
  )
}

const common = new Set([
  "true",
  "false",
  "True",
  "False",
  "None",
  "null",
  "nil",
  "undefined",
  "new",
  "await",
  "async",
  "typeof",
  "not",
  "and",
  "or",
  "in",
  "is",
  "self",
  "this",
  "return",
])
