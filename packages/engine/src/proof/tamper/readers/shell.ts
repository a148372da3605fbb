/** Tests in shell: what a script runs and compares is what it asserts. */
import { claim } from "../claims.ts"
import { ancestors, canonical, fieldOf, named, type SyntaxNode, walk } from "../syntax.ts"
import type { Claim, FoundTest, Reader } from "../test-code.ts"

/** Commands that only prepare or tell. */
const neutral =
  /^(?:echo|printf|cd|set|export|local|declare|readonly|mkdir|rm|cp|mv|touch|cat|source|\.|trap|shift|return|exit|true|:|sleep|unset|pushd|popd|ls|shopt|wait|kill|read|load|setup|teardown|mktemp|date|pwd|chmod|ln|eval|env|test_case|\}|skip|log|info)$/

function nameOf(command: SyntaxNode): string {
  return (
    fieldOf(command, "name")?.text ??
    command.children.find((child) => child.type === "command_name")?.text ??
    ""
  )
}

function findTests(root: SyntaxNode): FoundTest[] {
  return [...walk(root)].flatMap((node) => {
    if (node.type !== "function_definition") return []
    const name = fieldOf(node, "name")?.text ?? ""
    if (!name.startsWith("test")) return []
    const skip = [...walk(node)].find((part) => part.type === "command" && nameOf(part) === "skip")
    const isCalled = root.text.split(new RegExp(`(?<![\\w-])${name}(?![\\w-])`)).length > 2
    const usesRunner = /shunit2|bats|compgen|declare -F/.test(root.text)
    return [
      {
        name,
        node,
        title: undefined,
        skip: skip ? "it calls skip" : isCalled || usesRunner ? undefined : undefined,
      },
    ]
  })
}

function toClaims(node: SyntaxNode): Claim[] {
  if (node.type === "test_command") return [claim(node, "holds", inner(node))]
  if (node.type !== "command") return []
  const name = nameOf(node)
  if (/^(?:exit|return)$/.test(name)) {
    const code = named(node)[1]?.text ?? ""
    return /^[1-9]/.test(code) ? [claim(node, "fails", `${name} ${code}`)] : []
  }
  if (name === "fail" || name === "false") return [claim(node, "fails", canonical(node))]
  if (name === "@test")
    return [{ ...claim(node, "runs", "test", node.text.replace(/\s{0,30}\{\s{0,30}$/, "")), strength: 3 }]
  if (name === "" || neutral.test(name)) return []
  const op = /^(?:test|grep|diff|cmp|assert\w*)$/.test(name) ? "holds" : "runs"
  return [claim(node, op, spaced(node))]
}

/** Words keep their blanks: `a b` is not `ab`. */
function spaced(node: SyntaxNode): string {
  return named(node)
    .map((part) => canonical(part))
    .join(" ")
}

function inner(node: SyntaxNode): string {
  const [only, ...more] = named(node)
  if (!only || more.length > 0) return spaced(node)
  return isConstantTest(only) ? "true" : only.children.map((part) => canonical(part)).join(" ")
}

function isConstantTest(node: SyntaxNode): boolean {
  const [left, right] = [named(node)[0]?.text, named(node).at(-1)?.text]
  return named(node).length === 3 && left === right && !/\$/.test(left ?? "")
}

const harmlessEnd = /^(?:true|:|exit 0|return 0|echo\b.*|printf\b.*)$/

export const shell: Reader = {
  findTests,
  toClaims,
  findFocus: () => [],
  isExit: (node) =>
    node.type === "command" && /^(?:exit|return)$/.test(nameOf(node)) && !/[1-9$]/.test(node.text),
  swallows(outer, inside) {
    if (outer.type === "list") {
      const [first, sign, second] = [
        outer.children[0],
        outer.children.find((child) => /^(?:\|\||&&)$/.test(child.text)),
        outer.children.at(-1),
      ]
      if (sign?.text === "||" && inside === first && second && harmlessEnd.test(second.text.trim()))
        return `"|| ${second.text}" follows it`
    }
    if (
      outer.type === "pipeline" &&
      outer.children.at(-1) !== inside &&
      !rootOf(outer).text.includes("pipefail")
    )
      return "the pipe behind it hides its exit code"
    if (outer.type === "negated_command" || outer.type === "command_substitution") return undefined
    const siblings = outer.children
    if (siblings[siblings.indexOf(inside) + 1]?.text === "&" && !/\bwait\b/.test(rootOf(outer).text))
      return "it runs in the background"
    return undefined
  },
  isAside: (node) => node.type === "command" && /^(?:echo|printf|sleep)$/.test(nameOf(node)),
}

function rootOf(node: SyntaxNode): SyntaxNode {
  let root = node
  for (const up of ancestors(node)) root = up
  return root
}
