/** Tests in Go: the testing package and testify. */
import { claim, claimByName, claimsOf } from "../claims.ts"
import { ancestors, canonical, canonicalOf, fieldOf, named, type SyntaxNode, walk } from "../syntax.ts"
import type { Claim, FoundTest, Reader } from "../test-code.ts"

const failing = /^(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)$/
const exits = /^os\.Exit\(0\)$|^runtime\.Goexit\(\)$|^(?:t|tb|b)\.(?:Skip|SkipNow|Skipf)\(/

function findTests(root: SyntaxNode, text: string): FoundTest[] {
  const [constraint] = /^\/\/(?:go:build| \+build) .*$/m.exec(text.split(/^package /m)[0] ?? "") ?? []
  return [...walk(root)].flatMap((node) => {
    const name = node.type === "function_declaration" ? (fieldOf(node, "name")?.text ?? "") : ""
    const hasTesting = /\*?testing\.\w/.test(fieldOf(node, "parameters")?.text ?? "")
    if (!(/^(?:Test|Fuzz)(?![a-z])/.test(name) && hasTesting) && !/^Example(?![a-z])/.test(name)) return []
    if (name === "TestMain") return []
    return [{ name, node, title: undefined, skip: constraint ?? skipInside(node) }]
  })
}

function skipInside(node: SyntaxNode): string | undefined {
  for (const part of walk(node))
    if (
      part.type === "call_expression" &&
      /^\w+\.(?:Skip|SkipNow|Skipf)$/.test(fieldOf(part, "function")?.text ?? "")
    )
      return part.text.slice(0, 60)
  return undefined
}

function toClaims(node: SyntaxNode): Claim[] {
  if (node.type === "if_statement") {
    const body = fieldOf(node, "consequence")
    const fails = body && [...walk(body)].some((part) => isFailure(part) && nearestIf(part) === node)
    const condition = fieldOf(node, "condition")
    if (fails && condition) return withAlternative(node, claimsWithInit(node, condition))
    return []
  }
  if (isFailure(node)) return [claim(node, "fails", canonical(fieldOf(node, "function") ?? node))]
  if (node.type !== "call_expression") return []
  const called = fieldOf(node, "function")
  const list = fieldOf(node, "arguments")
  if (called?.text === "panic") return [claim(node, "fails", canonical(node))]
  if (called?.text === "os.Exit" && !exits.test(canonical(node)))
    return [claim(node, "fails", canonical(node))]
  const [, object = "", method = ""] = /^(\w+)\.(\w+)$/.exec(called?.text ?? "") ?? []
  if (!/^(?:assert|require|is|qt|c|suite|s|cmp|td)$/.test(object) || !list) return []
  const known =
    /^(?:Equal\w*|NotEqual|True|False|Nil|NotNil|Error\w*|NoError|Contains|Len|Empty|NotEmpty|Greater\w*|Less\w*|Panics\w*|JSONEq|InDelta|InEpsilon|ElementsMatch|Regexp|Same|Exactly|IsType|Zero|NotZero|Assert|Fail\w*|EqualError|ErrorContains|DeepEqual|Eventually)$/
  if (!known.test(method)) return []
  const args = named(list)
  const isT = /^(?:t|tb|c|s\.T\(\)|tt|b)$/.test(args[0]?.text ?? "")
  return claimByName(node, method, isT ? args.slice(1) : args, "expected first")
}

function withAlternative(node: SyntaxNode, own: Claim[]): Claim[] {
  const alternative = fieldOf(node, "alternative")
  return alternative ? [...own, ...toClaims(alternative)] : own
}

/** `if got := f(1); got != 2` claims that f(1) is 2. */
function claimsWithInit(node: SyntaxNode, condition: SyntaxNode): Claim[] {
  const init = fieldOf(node, "initializer")
  const [, name, value] = /^([\w, ]+):=(.+)$/.exec(init ? canonical(init) : "") ?? []
  const claims = claimsOf(condition, node, true)
  if (!name || !value) return claims
  const first = name.split(",")[0] ?? name
  return claims.map((one) => ({
    ...one,
    subject: one.subject.replace(new RegExp(`(?<![\\w.])${first}(?!\\w)`), () => value),
  }))
}

function isFailure(node: SyntaxNode): boolean {
  if (node.type !== "call_expression") return false
  const [, method = ""] = /^\w+\.(\w+)$/.exec(fieldOf(node, "function")?.text ?? "") ?? []
  return (
    failing.test(method) &&
    !/^(?:log|fmt|errors|slog|logger)\./.test(node.text) &&
    !/^(?:assert|require)\./.test(node.text)
  )
}

function nearestIf(node: SyntaxNode): SyntaxNode | undefined {
  return [...ancestors(node)].find((up) => up.type === "if_statement" || /func_literal|case/.test(up.type))
}

export const go: Reader = {
  findTests,
  toClaims,
  findFocus: () => [],
  isExit(node) {
    if (/^(?:return_statement|continue_statement|break_statement|goto_statement)$/.test(node.type))
      return true
    const call = node.type === "expression_statement" ? named(node)[0] : undefined
    return call?.type === "call_expression" && exits.test(canonical(call))
  },
  swallows(outer, inner) {
    if (!/^(?:block|statement_list)$/.test(outer.type)) return undefined
    for (const before of outer.children) {
      if (before === inner) return undefined
      if (
        before.type === "defer_statement" &&
        /recover\(\)/.test(before.text) &&
        !/\.(?:Error|Fatal|Fail)|panic\(/.test(before.text)
      )
        return "a recover() around it swallows its failure"
    }
    return undefined
  },
  isAside: (node) =>
    node.type === "import_declaration" ||
    (node.type === "call_expression" && /^(?:t|log|fmt)\.(?:Log|Logf|Print\w*)\(/.test(canonicalOf([node]))),
}
