/** Tests in Rust. */
import { claim, isConstant } from "../claims.ts"
import { ancestors, canonical, canonicalOf, fieldOf, named, type SyntaxNode, walk } from "../syntax.ts"
import type { Claim, FoundTest, Reader } from "../test-code.ts"

function attributesOf(node: SyntaxNode): string[] {
  const siblings = node.parent?.children ?? []
  const found: string[] = []
  for (let i = siblings.indexOf(node) - 1; i >= 0; i--) {
    const before = siblings[i]
    if (before?.type === "attribute_item") found.push(canonical(before))
    else if (before && !before.type.endsWith("comment")) break
  }
  return found
}

function findTests(root: SyntaxNode): FoundTest[] {
  const file = named(root)
    .filter((node) => node.type === "inner_attribute_item")
    .map(canonical)
    .find((text) => /^#!\[cfg\((?!test\))/.test(text))
  return [...walk(root)].flatMap((node) => {
    if (node.type !== "function_item") return []
    const own = attributesOf(node)
    if (!own.some((text) => /^#\[(?:\w+::)*(?:test|rstest|test_case|quickcheck|proptest)\b/.test(text)))
      return []
    const modules = [...ancestors(node)].filter((up) => up.type === "mod_item")
    const names = modules.map((up) => fieldOf(up, "name")?.text ?? "").toReversed()
    const skip =
      file ??
      own.find((text) => /^#\[(?:ignore|cfg\(|cfg_attr\(.*ignore)/.test(text)) ??
      modules
        .flatMap(attributesOf)
        .find((text) => /^#\[cfg\((?!test\))/.test(text) && !text.startsWith("#[cfg(all(test,feature"))
    return [
      {
        name: [...names, fieldOf(node, "name")?.text ?? ""].join("::"),
        node,
        title: undefined,
        skip,
        isInverted: own.some((text) => text.startsWith("#[should_panic")),
      },
    ]
  })
}

/** The parts of a macro's token tree, split at commas. */
function splitTokens(tree: SyntaxNode): SyntaxNode[][] {
  const parts: SyntaxNode[][] = [[]]
  for (const token of tree.children.slice(1, -1)) {
    if (token.text === ",") parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts.filter((part) => part.length > 0)
}

const signs: Record<string, string> = {
  "==": "eq",
  "!=": "ne",
  "<": "order",
  ">": "order",
  "<=": "order",
  ">=": "order",
}

function toClaims(node: SyntaxNode): Claim[] {
  if (
    node.type === "call_expression" &&
    (fieldOf(node, "function")?.text ?? "").endsWith("process::exit") &&
    !/exit\(\s*0\s*\)/.test(node.text)
  )
    return [claim(node, "fails", canonical(node))]
  if (node.type !== "macro_invocation") return []
  const name = (fieldOf(node, "macro")?.text ?? named(node)[0]?.text ?? "").split("::").at(-1) ?? ""
  const tree = node.children.find((child) => child.type === "token_tree")
  if (!tree) return []
  if (/^(?:panic|unreachable)$/.test(name)) return [claim(node, "fails", canonical(tree))]
  if (!/^(?:debug_)?assert|^prop_assert|^insta$|^assert_\w*snapshot/.test(name)) return []
  const parts = splitTokens(tree)
  const [one = [], two = [], three = []] = parts
  const [a, b] = [canonicalOf(one), canonicalOf(two)]
  const [subject, expected] = isConstant(a) && !isConstant(b) ? [b, a] : [a, b]
  if (/snapshot/.test(name)) return [claim(node, "snapshot", a, b)]
  if (name.endsWith("_eq")) return [claim(node, "eq", subject, expected)]
  if (name.endsWith("_ne")) return [claim(node, "ne", subject, expected)]
  if (/matches/.test(name)) return [claim(node, "matches", a, b)]
  if (/approx|relative_eq|abs_diff/.test(name))
    return [claim(node, "approx", a, [b, canonicalOf(three)].join("±"))]
  return conditionClaims(node, one)
}

function conditionClaims(node: SyntaxNode, tokens: readonly SyntaxNode[]): Claim[] {
  const and = tokens.findIndex((token) => token.text === "&&")
  if (and > 0 && !tokens.some((token) => token.text === "||"))
    return [...conditionClaims(node, tokens.slice(0, and)), ...conditionClaims(node, tokens.slice(and + 1))]
  const at = tokens.findIndex((token) => signs[token.text] !== undefined)
  const text = canonicalOf(tokens)
  if (at > 0 && !tokens.some((token) => token.text === "||")) {
    const sign = tokens[at]?.text ?? ""
    const [left, right] = [canonicalOf(tokens.slice(0, at)), canonicalOf(tokens.slice(at + 1))]
    const op = signs[sign] ?? "holds"
    return [claim(node, op, left, op === "order" ? `${sign}${right}` : right)]
  }
  if (text.startsWith("matches!")) return [claim(node, "matches", text)]
  if (/\.is_(?:ok|err|some|none)\(\)$/.test(text)) return [claim(node, "type", text)]
  if (/\.(?:contains|starts_with|ends_with)\(/.test(text)) return [claim(node, "contains", text)]
  return [claim(node, "holds", text)]
}

const exits = /^(?:std::)?process::exit\(0\)$/

export const rust: Reader = {
  findTests,
  toClaims,
  findFocus: () => [],
  isExit(node) {
    const inner = node.type === "expression_statement" ? named(node)[0] : node
    if (!inner) return false
    if (/^(?:return_expression|break_expression|continue_expression)$/.test(inner.type))
      return !/\bErr\b/.test(inner.text)
    return inner.type === "call_expression" && exits.test(canonical(inner))
  },
  swallows(outer) {
    if (
      outer.type === "call_expression" &&
      (fieldOf(outer, "function")?.text ?? "").endsWith("catch_unwind")
    ) {
      const statement = [...ancestors(outer)].find((up) =>
        /^(?:let_declaration|expression_statement)$/.test(up.type),
      )
      if (!statement || /^let\s+_/.test(statement.text) || statement.type === "expression_statement")
        return "catch_unwind around it swallows its failure"
    }
    return undefined
  },
  isAside: (node) =>
    node.type === "use_declaration" ||
    node.type === "attribute_item" ||
    (node.type === "macro_invocation" && /^e?print/.test(node.text)),
}
