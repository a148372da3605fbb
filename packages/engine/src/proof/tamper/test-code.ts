/** What a file of tests proves: its tests, and in each the assertions that can really fail it. */
import { claim } from "./claims.ts"
import { findFlow } from "./flow.ts"
import { go } from "./readers/go.ts"
import { java } from "./readers/java.ts"
import { javascript } from "./readers/javascript.ts"
import { python } from "./readers/python.ts"
import { rust } from "./readers/rust.ts"
import { shell } from "./readers/shell.ts"
import {
  ancestors,
  canonical,
  fieldOf,
  isString,
  type Language,
  languageOf,
  parse,
  type SyntaxNode,
  walk,
} from "./syntax.ts"

/** One assertion in a form that its style does not change: `expect(a).toBe(b)` and `assert.equal(a, b)` are the same. */
export type Claim = {
  node: SyntaxNode
  subject: string
  /** What is said of the subject, such as `eq` or `contains`. */
  op: string
  expected: string
  /** 0 can never fail; 5 is equality. */
  strength: number
}

export type Assertion = Claim & {
  line: number
  endLine: number
  /** Why it cannot fail the test, such as a return before it. */
  void: string | undefined
  /** Conditions that it depends on. */
  conditions: string
}

export type TestCase = {
  name: string
  line: number
  endLine: number
  /** Why it does not run, in words. */
  skip: string | undefined
  assertions: Assertion[]
  /** Values that stand outside of its assertions. */
  values: { text: string; line: number }[]
  /** All that stands outside of any test: fixtures and what tests call. */
  isRest: boolean
  /** It passes when its body fails. */
  isInverted: boolean
}

export type FoundTest = {
  isInverted?: boolean
  name: string
  node: SyntaxNode
  title?: SyntaxNode | undefined
  skip: string | undefined
}

export type Reader = {
  findTests(root: SyntaxNode, text: string): FoundTest[]
  /** The claims that begin at this node; its parts are looked at too unless it has some. */
  toClaims(node: SyntaxNode): Claim[]
  /** Only some tests run: where it is said. */
  findFocus(root: SyntaxNode): SyntaxNode[]
  /** True for a statement after which nothing runs and nothing has failed. */
  isExit(node: SyntaxNode): boolean
  /** Why a failure at this node is not seen outside of this ancestor. */
  swallows(ancestor: SyntaxNode, node: SyntaxNode): string | undefined
  /** Text that is no value under test: imports, messages, titles. */
  isAside(node: SyntaxNode): boolean
}

const readers: Record<Language, Reader> = {
  javascript,
  typescript: javascript,
  tsx: javascript,
  python,
  rust,
  go,
  java,
  bash: shell,
}

export type TestCode = { tests: TestCase[]; focus: number[]; root: SyntaxNode; language: Language }

/** @returns undefined for a file whose language is not known, or that is too long */
export async function readTestCode(path: string, text: string): Promise<TestCode | undefined> {
  const language = languageOf(path, text)
  const root = language && (await parse(language, language === "bash" ? withFunctions(text) : text))
  if (!language || !root) return undefined
  const reader = readers[language]
  const found = reader.findTests(root, text)
  const inTest = new Map(found.map(({ node }) => [node, true]))
  const rest: FoundTest = { name: "", node: root, skip: undefined }
  const tests = [...found, rest].map((test) => readTest(reader, test, test === rest ? inTest : undefined))
  return { tests, focus: reader.findFocus(root).map((node) => node.line), root, language }
}

/** bats' `@test "name" {` as a function, which it is. */
function withFunctions(text: string): string {
  return text.replace(
    /^@test\s+(["'])(.*?)\1\s*\{/gm,
    (_, __, name: string) => `test_${name.replace(/\W+/g, "_")}() { test_case`,
  )
}

function readTest(
  reader: Reader,
  { name, node, title, skip, isInverted = false }: FoundTest,
  except: ReadonlyMap<SyntaxNode, boolean> | undefined,
): TestCase {
  const assertions: Assertion[] = []
  const literals: SyntaxNode[] = []
  const isLonely = except && except.size > 0 ? createLonely(node) : () => false
  const visit = (at: SyntaxNode): void => {
    if (at !== node && except?.has(at)) return
    if (at === title || reader.isAside(at)) return
    const own = reader.toClaims(at)
    const claims = own.length === 0 && isHelper(at) ? [claim(at, "holds", canonical(at))] : own
    for (const claim of claims) {
      const made = toAssertion(reader, claim)
      assertions.push(
        isLonely(at) ? { ...made, void: made.void ?? "nothing calls the function it stands in" } : made,
      )
    }
    if (claims.length > 0) return
    if (at.isNamed && (isString(at) || /number|integer|float|int_literal/.test(at.type))) {
      if ((at.text.length > 2 || /^\d+$/.test(at.text)) && isData(at)) literals.push(at)
      return
    }
    for (const child of at.children) visit(child)
  }
  visit(node)
  const values = literals.map((one) => ({ text: canonical(one), line: one.line }))
  return {
    name,
    line: node.line,
    endLine: node.endLine,
    skip,
    assertions,
    values,
    isRest: except !== undefined,
    isInverted,
  }
}

const tables =
  /^(?:array|list|tuple|object|dictionary|composite_literal|literal_value|array_expression|tuple_expression|array_initializer|token_tree|element_value_array_initializer|annotation_argument_list|set)$/
const constants =
  /^(?:variable_declarator|lexical_declaration|assignment|assignment_expression|let_declaration|const_item|static_item|const_spec|var_spec|short_var_declaration|variable_assignment|field_declaration)$/
const tabling =
  /\b(?:each|for|forEach|parametrize|of|asList|entries|cases|vec|Arguments|arguments|CsvSource|ValueSource|case)\b/

/** Tables of cases, and constants: what is only given to a function that sets something up is no expectation. */
function isData(node: SyntaxNode): boolean {
  let inTable = false
  for (const up of ancestors(node)) {
    if (constants.test(up.type) || /^for_\w+$/.test(up.type)) return true
    if (/^(?:annotation|decorator)$/.test(up.type)) return true
    if (tables.test(up.type)) inTable = true
    if (
      /^(?:call_expression|call|method_invocation|macro_invocation|new_expression|object_creation_expression|command)$/.test(
        up.type,
      )
    )
      return inTable && tabling.test(up.text.split("(")[0] ?? "")
    if (/block|body|program|module|source_file|suite/.test(up.type)) return inTable
  }
  return inTable
}

const called = /^(?:set_?up|tear_?down|before|after|main$|pytest_|init$|run)/i

/** True for what stands in a function that the file names only once: a test that is none any more. */
function createLonely(root: SyntaxNode): (node: SyntaxNode) => boolean {
  const known = new Map<string, boolean>()
  return (node) => {
    for (const up of ancestors(node)) {
      if (!/^(?:function_definition|function_declaration|function_item|method_declaration)$/.test(up.type))
        continue
      const name = fieldOf(up, "name")?.text ?? ""
      if (
        name === "" ||
        called.test(name) ||
        (up.parent?.text ?? "").startsWith("export") ||
        /@|\bpub\b/.test(up.text.split("{")[0] ?? "")
      )
        continue
      const lonely =
        known.get(name) ??
        root.text.split(new RegExp(`(?<![\\w$])${name.replace(/[$]/g, "\\$&")}(?![\\w$])`)).length <= 2
      known.set(name, lonely)
      if (lonely) return true
    }
    return false
  }
}

function toAssertion(reader: Reader, claim: Claim): Assertion {
  const flow = findFlow(reader, claim.node)
  const { line, endLine } = claim.node
  return { ...claim, line, endLine, void: flow.void, conditions: flow.conditions }
}

/** True when something in the tree can fail: a test without it proves nothing. */
export function assertsSomething(code: TestCode): boolean {
  const made = code.tests.flatMap(({ assertions }) => assertions)
  if (made.length > 0) return made.some((one) => one.strength > 0 && one.void === undefined)
  return [...walk(code.root)].some(isChecking)
}

const checking =
  /(?:^|[.:])(?:(?:and)?expect|assert|check|verify|ensure|must|should|compare|unwrap|status_?code)\w{0,60}$/i

/** A statement that calls something whose name says that it checks: `await request(app).get("/").expect(200)`. */
function isHelper(node: SyntaxNode): boolean {
  const statement =
    /^(?:expression_statement|await_expression|return_statement|arrow_function|method_chain|block)$/
  return isChecking(node) && statement.test(node.parent?.type ?? "") && !nameOf(node).includes("unwrap")
}

function nameOf(node: SyntaxNode): string {
  return (fieldOf(node, "function") ?? fieldOf(node, "name"))?.text.slice(-80) ?? ""
}

/** A call whose name says that it checks, in a style that has no reader; or Go's `// Output:`. */
function isChecking(node: SyntaxNode): boolean {
  if (node.type.endsWith("comment")) return /^\/\/ (?:Unordered )?[Oo]utput:/.test(node.text)
  const name = fieldOf(node, "function") ?? fieldOf(node, "name")
  if (!name || !/^(?:call_expression|call|method_invocation)$/.test(node.type)) return false
  return checking.test(name.text.slice(-80)) && !name.text.startsWith("console.")
}
