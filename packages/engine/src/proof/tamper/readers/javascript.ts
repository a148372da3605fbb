/** Tests in JavaScript and TypeScript: node:test, Jest, Vitest, Mocha, AVA, tap, Playwright. */
import { claim, claimByName, claimsOf } from "../claims.ts"
import { isNever } from "../flow.ts"
import {
  ancestors,
  canonical,
  canonicalOf,
  fieldOf,
  isString,
  named,
  type SyntaxNode,
  walk,
} from "../syntax.ts"
import type { Claim, FoundTest, Reader } from "../test-code.ts"

const testNames = /^(?:it|test|specify|fit|xit|xtest|xspecify)$/
const groupNames = /^(?:describe|context|suite|fdescribe|xdescribe|xcontext|xsuite)$/
const skipping = /^(?:skip|todo|fails|failing|skipIf|runIf|fixme|pending)$/
const functions =
  /^(?:arrow_function|function_expression|function_declaration|method_definition|generator_function)$/
const exits = /^(?:process\.)?exit\((?:0)?\)$|^process\.(?:reallyExit|kill|abort)\(/

/** `it.each(table)("name", …)` is `["it", "each"]`. */
export function calleeParts(call: SyntaxNode): string[] {
  const parts: string[] = []
  for (let at = fieldOf(call, "function"); at; ) {
    if (at.type === "call_expression") at = fieldOf(at, "function")
    else if (at.type === "member_expression") {
      parts.unshift(fieldOf(at, "property")?.text ?? "")
      at = fieldOf(at, "object")
    } else {
      parts.unshift(at.text)
      break
    }
  }
  return parts
}

export function argumentsOf(call: SyntaxNode): SyntaxNode[] {
  const list = fieldOf(call, "arguments")
  return list ? named(list) : []
}

function findTests(root: SyntaxNode): FoundTest[] {
  const found: FoundTest[] = []
  for (const node of walk(root)) {
    if (node.type !== "call_expression") continue
    const parts = calleeParts(node)
    const isTest =
      testNames.test(parts[0] ?? "") ||
      (parts.length === 2 && /^(?:test|it)$/.test(parts[1] ?? "") && parts[0] !== "expect")
    const args = argumentsOf(node)
    const title = args.find((arg) => isString(arg))
    const body = args.find((arg) => functions.test(arg.type))
    const isCalled = node.parent?.type === "call_expression" && node.field === "function"
    if (!isTest || isCalled || (!title && !body) || parts.includes("describe")) continue
    if (!body && !title) continue
    const own = title ? canonical(title) : `line ${node.line}`
    const name = [...groupsOf(node), own].join(" › ")
    found.push({ name, node, title, skip: skipOf(node, parts, args, body) })
  }
  return found
}

function groupsOf(node: SyntaxNode): string[] {
  return [...ancestors(node)]
    .filter((up) => up.type === "call_expression" && groupNames.test(calleeParts(up)[0] ?? ""))
    .map((up) => canonicalOf(argumentsOf(up).slice(0, 1)))
    .toReversed()
}

function skipOf(
  node: SyntaxNode,
  parts: readonly string[],
  args: readonly SyntaxNode[],
  body: SyntaxNode | undefined,
): string | undefined {
  const own = skipWord(parts, args)
  if (own) return own
  if (!body && !args.some((arg) => arg.type === "identifier" || arg.type === "call_expression"))
    return "it has no body"
  if (body) {
    for (const part of walk(body)) {
      if (part.type !== "call_expression") continue
      const [receiver = "", ...rest] = calleeParts(part)
      if (
        /^(?:t|ctx|context|this|test|it|_t|tt)$/.test(receiver) &&
        rest.length === 1 &&
        /^(?:skip|todo|fixme)$/.test(rest[0] ?? "")
      )
        return `it calls ${receiver}.${rest[0]}`
    }
  }
  for (const up of ancestors(node)) {
    if (up.type === "call_expression" && up !== node) {
      const group = calleeParts(up)
      const word = groupNames.test(group[0] ?? "") ? skipWord(group, argumentsOf(up)) : undefined
      if (word) return `its group: ${word}`
    }
    if (/^(?:if_statement|ternary_expression)$/.test(up.type)) {
      const condition = fieldOf(up, "condition")
      if (condition && (isNever(canonical(condition)) || /\benv\b|argv|platform/.test(condition.text)))
        return `it stands under the condition ${condition.text}`
    }
    if (functions.test(up.type) && !isUsed(up)) return "it stands in a function that nothing calls"
  }
  return undefined
}

function skipWord(parts: readonly string[], args: readonly SyntaxNode[]): string | undefined {
  if (/^x(?:it|test|specify|describe|context|suite)$/.test(parts[0] ?? "")) return parts[0]
  const word = parts.slice(1).find((part) => skipping.test(part))
  if (word) return `${parts[0]}.${word}`
  for (const options of args.filter((arg) => arg.type === "object")) {
    for (const pair of named(options)) {
      const [key, value] = [fieldOf(pair, "key")?.text ?? "", fieldOf(pair, "value")]
      if (/^["']?(?:skip|todo|fails|expectFailure)["']?$/.test(key) && value?.text !== "false")
        return `the option ${key}`
    }
  }
  return undefined
}

/** A function that is given to another, or whose name stands elsewhere in the file. */
function isUsed(node: SyntaxNode): boolean {
  if (node.parent?.type === "arguments" || node.parent?.type === "parenthesized_expression") return true
  const name = fieldOf(node, "name")?.text ?? (node.parent ? fieldOf(node.parent, "name")?.text : undefined)
  if (!name) return true
  let root = node
  for (const up of ancestors(node)) root = up
  return root.text.split(new RegExp(`(?<![\\w$])${name.replace(/[$]/g, "\\$&")}(?![\\w$])`)).length > 2
}

const assertNames =
  /^(?:assert|t|tap|tt|assertions|chai|ok|equal|strictEqual|deepEqual|deepStrictEqual|throws|rejects|fail|sinon)$/
const assertMethods =
  /^(?:ok|notOk|true|false|truthy|falsy|assert|equals?|strictEqual|looseEqual|notEqual|notStrictEqual|deepEqual|deepStrictEqual|notDeepEqual|notDeepStrictEqual|partialDeepStrictEqual|same|strictSame|is|not|like|throws|throwsAsync|rejects|doesNotThrow|doesNotReject|match|doesNotMatch|regex|notRegex|fail|ifError|include|includes|isTrue|isFalse|lengthOf|property|instanceOf|typeOf|exists|isNull|isDefined|closeTo|approximately|above|below|isAbove|isBelow|snapshot|calledOnce|calledWith)$/

function toClaims(node: SyntaxNode): Claim[] {
  if (node.type === "expression_statement" && named(node)[0]?.type === "member_expression")
    return chainClaims(named(node)[0] ?? node)
  if (node.type === "throw_statement") return [claim(node, "fails", canonical(node))]
  if (node.type !== "call_expression") return []
  if (node.parent?.type === "member_expression" && node.field === "object") return []
  const parts = calleeParts(node)
  const [root = "", ...rest] = parts
  const args = argumentsOf(node)
  if (root === "process" && rest[0] === "exit" && !exits.test(canonical(node)))
    return [claim(node, "fails", canonical(node))]
  if (
    /^(?:expect|expectTypeOf|assertType)$/.test(root) &&
    (rest.length > 0 || fieldOf(node, "function")?.type !== "identifier")
  )
    return chainClaims(node)
  if (rest.at(-1) && /^should$/.test(rest[0] ?? "")) return [claim(node, "holds", canonical(node))]
  if (root === "assert" && rest.length === 0 && args[0]) return claimsOf(args[0], node)
  const method = rest.at(-1)
  if (assertNames.test(root) && rest.length <= 2 && method && assertMethods.test(method)) {
    const name = method === "is" ? "equal" : method === "not" ? "notEqual" : method
    return claimByName(node, name, args, "actual first")
  }
  if (
    rest.length === 0 &&
    /^(?:equal|strictEqual|deepEqual|deepStrictEqual|throws|rejects|notEqual|assert[A-Z]\w*|ok|fail)$/.test(
      root,
    )
  )
    return claimByName(node, root, args, "actual first")
  return []
}

const matchers: Record<string, string> = {
  toBe: "eq",
  toEqual: "eq",
  toStrictEqual: "eq",
  equal: "eq",
  equals: "eq",
  eql: "eq",
  eq: "eq",
  toBeCloseTo: "approx",
  closeTo: "approx",
  toContain: "contains",
  toContainEqual: "contains",
  include: "contains",
  includes: "contains",
  contain: "contains",
  toMatch: "matches",
  toMatchObject: "matches",
  match: "matches",
  toHaveProperty: "contains",
  property: "contains",
  toHaveLength: "length",
  lengthOf: "length",
  toThrow: "throws",
  toThrowError: "throws",
  throw: "throws",
  toBeInstanceOf: "type",
  toBeTypeOf: "type",
  instanceof: "type",
  instanceOf: "type",
  a: "type",
  an: "type",
  toBeTruthy: "truthy",
  toBeDefined: "defined",
  ok: "truthy",
  exist: "defined",
  toMatchSnapshot: "snapshot",
  toMatchInlineSnapshot: "snapshot",
  toMatchFileSnapshot: "snapshot",
  toHaveScreenshot: "snapshot",
  toHaveBeenCalled: "defined",
  toHaveBeenCalledWith: "called",
  toHaveBeenCalledTimes: "called",
}
const constants: Record<string, string> = {
  toBeNull: "null",
  toBeUndefined: "undefined",
  toBeNaN: "NaN",
  toBeFalsy: "false",
  true: "true",
  false: "false",
  null: "null",
  undefined: "undefined",
  empty: "empty",
}

/** `expect(a).not.toBe(b)`, `expect(a).to.equal(b)`, `expect(a).to.be.true`. */
function chainClaims(node: SyntaxNode): Claim[] {
  const parts =
    node.type === "call_expression"
      ? calleeParts(node)
      : calleeParts({ ...node, children: [{ ...node, field: "function" }] })
  if (parts[0] !== "expect" && parts[0] !== "expectTypeOf") return []
  const base = [...walk(node)].find(
    (part) =>
      part.type === "call_expression" &&
      /^expect\w*(?:\.(?:poll|soft))?$/.test(fieldOf(part, "function")?.text ?? ""),
  )
  const [first] = base ? argumentsOf(base) : []
  if (!first) return [claim(node, "holds", canonical(node))]
  const matcher = parts.at(-1) ?? ""
  const args = node.type === "call_expression" ? argumentsOf(node) : []
  const isNegated = parts.includes("not")
  const expected = canonicalOf(args)
  const subject = (parts.includes("rejects") ? "rejection of " : "") + canonical(first)
  const constant = constants[matcher]
  if (isNegated) {
    if (/^(?:toBeNull|toBeUndefined|toBeFalsy|null|undefined|exist)$/.test(matcher))
      return [claim(node, "defined", subject)]
    const op = matchers[matcher] ?? "holds"
    return [claim(node, op === "eq" ? "ne" : `not ${op}`, subject, expected || constant)]
  }
  if (constant !== undefined) return [claim(node, "eq", subject, constant)]
  if (/Greater|Less|above|below|least|most/.test(matcher))
    return [claim(node, "order", subject, `${matcher}(${expected})`)]
  const op = matchers[matcher]
  if (op === "eq" && args[0]?.text === "true") {
    const [inner] = claimsOf(first, node)
    if (inner && inner.op !== "truthy") return claimsOf(first, node)
  }
  if (op === "eq" && /^expect\.any\(|^expect\.anything\(/.test(expected))
    return [claim(node, "type", subject, expected)]
  return [claim(node, op ?? "holds", subject, op ? expected : `${matcher}(${expected})`)]
}

export const javascript: Reader = {
  findTests,
  toClaims,
  findFocus: (root) =>
    [...walk(root)].filter((node) => {
      if (node.type !== "call_expression") return false
      const parts = calleeParts(node)
      const isTest = testNames.test(parts[0] ?? "") || groupNames.test(parts[0] ?? "")
      if (!isTest) return false
      const hasOption = argumentsOf(node).some(
        (arg) => arg.type === "object" && /\bonly\s*:\s*true/.test(arg.text),
      )
      return parts.includes("only") || /^f(?:it|describe)$/.test(parts[0] ?? "") || hasOption
    }),
  isExit(node) {
    if (/^(?:return_statement|continue_statement|break_statement)$/.test(node.type)) return true
    const call = node.type === "expression_statement" ? named(node)[0] : undefined
    return call?.type === "call_expression" && exits.test(canonical(call))
  },
  swallows(outer, inner) {
    if (outer.type === "try_statement" && inner.field === "body") {
      const handler = fieldOf(outer, "handler")
      const final = fieldOf(outer, "finalizer")
      if (final && /\breturn\b/.test(final.text)) return "its failure is lost in a finally"
      if (
        handler &&
        !/\bthrow\b|\bassert\b|\bexpect\b|\bfail\b|reject\(|done\(|process\.exit\(\s*[^0)]|exitCode\s*=\s*[^0]|exit\(\s*1/.test(
          handler.text,
        )
      )
        return "a catch around it swallows its failure"
    }
    if (outer.type === "call_expression") {
      const chain = fieldOf(outer, "function")
      if (
        inner === chain &&
        chain?.type === "member_expression" &&
        fieldOf(chain, "property")?.text === "catch"
      ) {
        const handler = canonicalOf(argumentsOf(outer))
        if (!/throw|fail|reject|done|exit\(1|exitCode=1/.test(handler))
          return "a catch around it swallows its failure"
      }
      if (
        /^(?:setTimeout|setImmediate|queueMicrotask)$/.test(chain?.text ?? "") &&
        !/\bdone\b|resolve/.test(outer.text)
      )
        return "it runs after the test has ended"
    }
    return undefined
  },
  isAside: (node) =>
    /^import_statement$/.test(node.type) ||
    (node.type === "call_expression" && /^(?:require|console\.\w+)\(/.test(node.text)),
}
