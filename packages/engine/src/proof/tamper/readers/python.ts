/** Tests in Python: pytest and unittest. */
import { claim, claimByName, claimsOf } from "../claims.ts"
import { ancestors, canonical, canonicalOf, fieldOf, named, type SyntaxNode, walk } from "../syntax.ts"
import type { Claim, FoundTest, Reader } from "../test-code.ts"

const skipDecorator = /\bskip\w*|\bxfail\b|\bexpectedFailure\b/
const exits = /^(?:(?:sys|os)\.)?_?exit\((?:0)?\)$|^quit\(|^raise SystemExit(?:\(0?\))?$/

function findTests(root: SyntaxNode): FoundTest[] {
  const wholeSkip = skipOfFile(root)
  return [...walk(root)].flatMap((node) => {
    const name = node.type === "function_definition" ? (fieldOf(node, "name")?.text ?? "") : ""
    if (!name.startsWith("test")) return []
    const owners = [...ancestors(node)].filter((up) =>
      /^(?:class_definition|function_definition)$/.test(up.type),
    )
    const isOurs = owners.every((up) => up.type === "class_definition" && isTestClass(up))
    if (!isOurs) return []
    const outer = node.parent?.type === "decorated_definition" ? node.parent : node
    const names = owners.map((up) => fieldOf(up, "name")?.text ?? "").toReversed()
    const decorated = [
      outer,
      ...owners.map((up) => (up.parent?.type === "decorated_definition" ? up.parent : up)),
    ]
    const skip =
      wholeSkip ??
      decorated.map(skipByDecorator).find(Boolean) ??
      skipInside(node) ??
      owners.map(skipByAttribute).find(Boolean)
    return [{ name: [...names, name].join("."), node: outer, title: undefined, skip }]
  })
}

function isTestClass(node: SyntaxNode): boolean {
  const name = fieldOf(node, "name")?.text ?? ""
  return name.startsWith("Test") || /Test|Case/.test(fieldOf(node, "superclasses")?.text ?? "")
}

function skipByDecorator(node: SyntaxNode): string | undefined {
  const decorator = node.children.find(
    (child) => child.type === "decorator" && skipDecorator.test(child.text),
  )
  return decorator?.text
}

function skipByAttribute(node: SyntaxNode): string | undefined {
  return /^\s{0,30}__test__\s{0,30}=\s{0,30}False/m.test(node.text) ? "__test__ = False" : undefined
}

function skipInside(node: SyntaxNode): string | undefined {
  for (const part of walk(node)) {
    const text =
      part.type === "call"
        ? canonical(fieldOf(part, "function") ?? part)
        : part.type === "raise_statement"
          ? canonical(part)
          : ""
    if (
      /^(?:pytest\.(?:skip|xfail|importorskip)|self\.skipTest|(?:raise )(?:unittest\.)?SkipTest|raise pytest\.skip|raise Skipped)/.test(
        text,
      )
    )
      return text
  }
  return undefined
}

function skipOfFile(root: SyntaxNode): string | undefined {
  for (const node of named(root)) {
    const text = canonical(node)
    if (/^pytestmark=.*(?:skip|xfail)/.test(text)) return "pytestmark"
    if (
      /^(?:__test__=False|collect_ignore|pytest\.skip\(|raise unittest\.SkipTest|raise SkipTest)/.test(text)
    )
      return text.slice(0, 60)
  }
  return undefined
}

function toClaims(node: SyntaxNode): Claim[] {
  if (node.type === "assert_statement") {
    const [tested] = named(node)
    // A tuple is always true: assert (a, "message").
    if (tested?.type === "tuple") return [{ ...claim(node, "holds", canonical(tested)), strength: 0 }]
    return tested ? claimsOf(tested, node) : []
  }
  if (node.type === "raise_statement")
    return exits.test(canonical(node)) || /SkipTest/.test(node.text)
      ? []
      : [claim(node, "fails", canonical(node))]
  if (node.type !== "call") return []
  const called = fieldOf(node, "function")
  const list = fieldOf(node, "arguments")
  if (!called) return []
  const args = list
    ? named(list).filter((arg) => !(arg.type === "keyword_argument" && /^msg\s*=/.test(arg.text)))
    : []
  const name = called.type === "attribute" ? (fieldOf(called, "attribute")?.text ?? "") : called.text
  if (/^(?:pytest\.(?:raises|warns))$/.test(called.text))
    return [claim(node, "throws", bodyOf(node), canonicalOf(args))]
  if (/^(?:self|cls|testcase|case|tc)\.assert(?:Raises|Warns|Logs)/.test(called.text))
    return [claim(node, "throws", bodyOf(node), canonicalOf(args))]
  if (/^(?:self|cls|testcase|case|tc)\.(?:assert|fail)/.test(called.text))
    return claimByName(node, name, args, "actual first")
  if (/^(?:np|numpy|pd|pandas|npt)\.(?:testing\.)?assert/.test(called.text))
    return claimByName(node, name, args, "actual first")
  if (name.startsWith("assert_")) return [claim(node, "called", canonical(called), canonicalOf(args))]
  if (/^pytest\.fail$/.test(called.text)) return [claim(node, "fails", canonical(node))]
  if (/^(?:sys|os)\._?exit$/.test(called.text) && !exits.test(canonical(node)))
    return [claim(node, "fails", canonical(node))]
  return []
}

function bodyOf(node: SyntaxNode): string {
  for (const up of ancestors(node)) {
    if (up.type === "with_statement") return canonical(fieldOf(up, "body") ?? up)
    if (up.type === "function_definition") break
  }
  return ""
}

export const python: Reader = {
  findTests,
  toClaims,
  findFocus: () => [],
  isExit(node) {
    if (/^(?:return_statement|continue_statement|break_statement)$/.test(node.type)) return true
    if (node.type === "raise_statement") return exits.test(canonical(node)) || /SkipTest/.test(node.text)
    const call = node.type === "expression_statement" ? named(node)[0] : undefined
    return call?.type === "call" && exits.test(canonical(call))
  },
  swallows(outer, inner) {
    if (outer.type === "try_statement" && inner.field === "body") {
      for (const clause of outer.children.filter((child) => child.type.startsWith("except"))) {
        const [head = ""] = clause.text.split(":")
        const catches = /^except\*?\s*$|\b(?:BaseException|Exception|AssertionError)\b|failureException/.test(
          head,
        )
        if (catches && !/\braise\b|\bfail\(|\bassert\b|exit\(\s*[^0)]/.test(clause.text.slice(head.length)))
          return "an except around it swallows its failure"
      }
      const final = outer.children.find((child) => child.type === "finally_clause")
      if (final && /\breturn\b/.test(final.text)) return "its failure is lost in a finally"
    }
    if (
      outer.type === "with_statement" &&
      inner.field === "body" &&
      /suppress\(/.test(outer.text.split("\n")[0] ?? "")
    )
      return "suppress() around it swallows its failure"
    return undefined
  },
  isAside: (node) =>
    /^(?:import_statement|import_from_statement)$/.test(node.type) ||
    (node.type === "expression_statement" && named(node)[0]?.type === "string") ||
    (node.type === "call" && /^(?:print|logging\.\w+|log\.\w+)\(/.test(node.text)),
}
