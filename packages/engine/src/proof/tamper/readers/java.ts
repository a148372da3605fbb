/** Tests in Java: JUnit, TestNG, AssertJ, Hamcrest, Mockito. */
import { claim, claimByName } from "../claims.ts"
import { ancestors, canonical, canonicalOf, fieldOf, named, type SyntaxNode, walk } from "../syntax.ts"
import type { Claim, FoundTest, Reader } from "../test-code.ts"

const testAnnotation =
  /^@(?:[\w.]+\.)?(?:Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|Property)\b/
const skipAnnotation = /^@(?:[\w.]+\.)?(?:Disabled\w*|Ignore|EnabledIf\w*|EnabledOn\w*)\b/

function annotationsOf(node: SyntaxNode): string[] {
  const modifiers = node.children.find((child) => child.type === "modifiers")
  return (modifiers?.children ?? []).filter((child) => child.type.endsWith("annotation")).map(canonical)
}

function findTests(root: SyntaxNode): FoundTest[] {
  return [...walk(root)].flatMap((node) => {
    if (node.type !== "method_declaration") return []
    const own = annotationsOf(node)
    const name = fieldOf(node, "name")?.text ?? ""
    const owners = [...ancestors(node)].filter((up) => up.type === "class_declaration")
    const isOld =
      name.startsWith("test") && owners.some((up) => /extends\s+TestCase/.test(up.text.split("{")[0] ?? ""))
    if (!own.some((text) => testAnnotation.test(text)) && !isOld) return []
    const skip =
      own.find((text) => skipAnnotation.test(text)) ??
      own.find((text) => /enabled=false|expected=/.test(text)) ??
      owners.flatMap(annotationsOf).find((text) => skipAnnotation.test(text)) ??
      owners.flatMap(annotationsOf).find((text) => /enabled=false/.test(text)) ??
      assumption(node)
    const names = owners.map((up) => fieldOf(up, "name")?.text ?? "").toReversed()
    return [{ name: [...names, name].join("."), node, title: undefined, skip }]
  })
}

function assumption(node: SyntaxNode): string | undefined {
  const found = [...walk(node)].find(
    (part) =>
      (part.type === "method_invocation" &&
        /^(?:assume\w*|abort)$/.test(fieldOf(part, "name")?.text ?? "")) ||
      (part.type === "throw_statement" && /TestAborted|SkipException|AssumptionViolated/.test(part.text)),
  )
  return found?.text.slice(0, 60)
}

function toClaims(node: SyntaxNode): Claim[] {
  if (node.type === "assert_statement") return [claim(node, "holds", canonicalOf(named(node).slice(0, 1)))]
  if (node.type === "throw_statement")
    return /TestAborted|SkipException|Assumption/.test(node.text)
      ? []
      : [claim(node, "fails", canonical(node))]
  if (node.type !== "method_invocation") return []
  if (node.parent?.type === "method_invocation" && node.field === "object") return []
  const name = fieldOf(node, "name")?.text ?? ""
  const args = argumentsOf(node)
  if (name === "exit" && /^System\b/.test(node.text))
    return /exit\(\s*0/.test(node.text) ? [] : [claim(node, "fails", canonical(node))]
  const base = innermost(node)
  const baseName = fieldOf(base, "name")?.text ?? ""
  if (base !== node && /^(?:assertThat\w*|then|expectThat)$/.test(baseName)) return chainClaims(node, base)
  if (/^verify(?:NoInteractions|NoMoreInteractions|ZeroInteractions)?$/.test(baseName))
    return [claim(node, "called", canonical(node))]
  if (name === "assertThat") {
    const [subject, matcher] = args.slice(-2)
    if (!subject || !matcher) return [claim(node, "holds", canonicalOf(args))]
    const text = canonical(matcher)
    const [, inner] = /^(?:is|equalTo|is\(equalTo)\((.*)\)$/.exec(text) ?? []
    if (/^(?:notNullValue|anything|instanceOf|any)\(/.test(text))
      return [claim(node, "defined", canonical(subject))]
    return [claim(node, inner === undefined ? "holds" : "eq", canonical(subject), inner ?? text)]
  }
  if (/^assert[A-Z]|^fail$/.test(name))
    return claimByName(node, name, dropMessage(name, args), "expected first")
  return []
}

/** JUnit 4 puts the message first, JUnit 5 last. */
function dropMessage(name: string, args: readonly SyntaxNode[]): SyntaxNode[] {
  const wanted = /True|False|Null|NotNull/.test(name) ? 1 : /Throws/.test(name) ? 2 : 2
  if (args.length <= wanted) return [...args]
  if (
    args[0]?.type === "string_literal" &&
    (wanted === 1 || args.length === 3) &&
    args[2]?.type !== "string_literal" &&
    !/\d/.test(args[2]?.text ?? "x")
  )
    return args.slice(1)
  return args.slice(0, /[\d.]{1,200}[dfDF]?$/.test(args[2]?.text ?? "") ? 3 : wanted)
}

function argumentsOf(node: SyntaxNode): SyntaxNode[] {
  const list = fieldOf(node, "arguments")
  return list ? named(list) : []
}

function innermost(node: SyntaxNode): SyntaxNode {
  let at = node
  for (let next = fieldOf(at, "object"); next?.type === "method_invocation"; next = fieldOf(at, "object"))
    at = next
  return at
}

const chained: Record<string, string> = {
  isEqualTo: "eq",
  isSameAs: "eq",
  isTrue: "eq",
  isFalse: "eq",
  isNull: "eq",
  isNotNull: "defined",
  isNotEmpty: "defined",
  isPresent: "defined",
  isInstanceOf: "type",
  hasSize: "length",
  contains: "contains",
  containsExactly: "eq",
  containsExactlyInAnyOrder: "eq",
  startsWith: "contains",
  endsWith: "contains",
  isCloseTo: "approx",
  isNotEqualTo: "ne",
  hasMessage: "throws",
  hasMessageContaining: "throws",
  isThrownBy: "throws",
}

/** Every link of `assertThat(a).isNotNull().isEqualTo(b)` is a claim. */
function chainClaims(node: SyntaxNode, base: SyntaxNode): Claim[] {
  const subject = canonicalOf(argumentsOf(base))
  const claims: Claim[] = []
  for (let at: SyntaxNode | undefined = node; at && at !== base; at = fieldOf(at, "object")) {
    const name = fieldOf(at, "name")?.text ?? ""
    if (/^(?:as|describedAs|withFailMessage|isNotNull)$/.test(name) && claims.length > 0) continue
    const expected =
      canonicalOf(argumentsOf(at)) ||
      (/^is(?:True|False|Null)$/.test(name) ? name.slice(2).toLowerCase() : "")
    claims.unshift(
      claim(node, chained[name] ?? "holds", subject, chained[name] ? expected : `${name}(${expected})`),
    )
  }
  return claims
}

export const java: Reader = {
  findTests,
  toClaims,
  findFocus: () => [],
  isExit(node) {
    if (/^(?:return_statement|continue_statement|break_statement)$/.test(node.type)) return true
    return node.type === "expression_statement" && canonical(node).startsWith("System.exit(0)")
  },
  swallows(outer, inner) {
    if (!/^try_(?:with_resources_)?statement$/.test(outer.type) || inner.field !== "body") return undefined
    for (const clause of outer.children.filter((child) => child.type === "catch_clause")) {
      const [head = ""] = clause.text.split("{")
      const body = clause.text.slice(head.length)
      if (
        /\b(?:Throwable|Error|AssertionError|AssertionFailedError)\b/.test(head) &&
        !/\bthrow\b|\bfail\(|\bassert/.test(body)
      )
        return "a catch around it swallows its failure"
    }
    const final = outer.children.find((child) => child.type === "finally_clause")
    return final && /\breturn\b/.test(final.text) ? "its failure is lost in a finally" : undefined
  },
  isAside: (node) =>
    /^(?:import_declaration|package_declaration)$/.test(node.type) ||
    (node.type === "method_invocation" && /^(?:System\.(?:out|err)|log(?:ger)?)\./i.test(node.text)) ||
    (node.type.endsWith("annotation") && /^@(?:DisplayName|SuppressWarnings|Tag|Timeout)/.test(node.text)),
}
