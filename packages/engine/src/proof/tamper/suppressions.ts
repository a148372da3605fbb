/** Lines that a change adds, of a kind that has no business in honest work unless somebody asks for it. */

import type { About, ChangedFile, Finding, FindingKind } from "./finding.ts"
import { foldStrings } from "./fold-strings.ts"
import { isCode, isConfig, isTestPath } from "./places.ts"

type Rule = {
  pattern: RegExp
  kind: FindingKind
  action: About["action"]
  sentence: string
  words: string
  blocks?: boolean
  /** It counts only in a comment. */
  inComment?: boolean
}

function toRules(
  rows: readonly (readonly [RegExp, string])[],
  make: (pattern: RegExp, words: string) => Rule,
): readonly Rule[] {
  return rows.map(([pattern, words]) => make(pattern, words))
}

const silenced = toRules(
  [
    [/\beslint-disable(?:-next-line|-line)?\b/, "eslint lint linter rule"],
    [
      /\b(?:biome|oxlint|deno-lint|prettier|tslint|stylelint)[-:](?:ignore|disable)\b/,
      "lint linter rule format",
    ],
    [/@ts-(?:ignore|nocheck)\b/, "types typescript type check"],
    [
      /#\s*(?:type|pyright|pyre|mypy|ty)\s*:\s*(?:ignore|basic|disable|ignore-errors)/,
      "types mypy type check",
    ],
    [
      /#\s*(?:noqa|ruff:\s*noqa|flake8:\s*noqa|pylint:\s*disable|nosec)\b/,
      "lint linter ruff flake8 pylint rule",
    ],
    [
      /#\s*pragma:\s*no cover|\b(?:istanbul|c8|v8|node:coverage)\s+(?:ignore|disable)|\bcoverage:\s*ignore|LCOV_EXCL/,
      "coverage",
    ],
    [/#!?\[allow\(|#!?\[cfg_attr\([^\]]{0,200}allow\(|#!?\[expect\(/, "lint clippy warning rule"],
    [/\/\/\s*nolint\b|\/\/\s*#nosec|\/\/lint:(?:file-)?ignore/, "lint golangci linter rule"],
    [
      /@SuppressWarnings\(|@SuppressFBWarnings|\/\/\s*CHECKSTYLE:OFF|\/\/\s*NOPMD|@Generated\("coverage/,
      "lint warning checkstyle",
    ],
    [/#\s*shellcheck\s+disable=/, "lint shellcheck"],
  ],
  (pattern, words) => ({
    pattern,
    words,
    kind: "rules_relaxed",
    action: "relax",
    sentence: "A check of the code is switched off here",
    inComment: !/allow|Suppress/.test(pattern.source),
  }),
)

/** In what is not a test: what the program is like only while it is checked. */
const detecting = toRules(
  [
    [
      /\bNODE_TEST_CONTEXT\b|\bVITEST(?:_\w{1,200})?\b|\bJEST_WORKER_ID\b|\bMOCHA_\w{1,200}|\bPYTEST_CURRENT_TEST\b|\bPYTEST_VERSION\b|\bAVA_PATH\b|\bTAP\b(?=["'\]])|\bBATS_\w{1,200}|\bGO_TEST\w{0,200}|\bCARGO_TARGET_TMPDIR\b|\bNEXTEST\w{0,200}|\bPLAYWRIGHT_TEST\w{0,200}/,
      "test runner",
    ],
    [/(?:\benv(?:iron)?\b|getenv|Getenv|LookupEnv|\$\{?)[^\w\n]{0,10}(?:get\(\W{1,3})?AURA_/, "aura"],
    [/\bnpm_(?:lifecycle_event|command|lifecycle_script|config_argv)\b/, "npm script"],
    [
      /\b(?:process\.env(?:\.CI\b|\[["']CI["']\])|os\.environ(?:\.get\(|\[)["']CI["']|os\.getenv\(["']CI["']|os\.(?:Getenv|LookupEnv)\("(?:CI|GITHUB_ACTIONS)"|System\.getenv\("CI"|env::var(?:_os)?\("CI")|["']GITHUB_ACTIONS["']|env\.GITHUB_ACTIONS\b|\$\{?(?:CI|GITHUB_ACTIONS)\b/,
      "CI",
    ],
    [
      /(?:argv|execArgv|sys\.argv|os\.Args|NODE_OPTIONS)[^\n]{0,200}(?:["'`/](?:--?test|pytest|vitest|jest|mocha|test\.v|-test\.)|\.test\b|unittest|spec\b|_test\b)|["']--test["'][^\n]{0,200}(?:argv|execArgv)/,
      "test runner",
    ],
    [
      /(?:\bargv(?:\?\.)?\[1\]|\bargv\.at\(1\)|sys\.argv\[0\]|os\.Args\[0\]|\brequire\.main\b)[^\n]{0,200}["'`/._-](?:tests?|specs?)\b|\btests?\b[^\n]{0,60}\.test\([^)\n]{0,60}\bargv(?:\?\.)?\[1\]/i,
      "what was started",
    ],
    [
      /(?:Object\.(?:keys|entries)\(process\.env\)|\bin\s{1,5}(?:process\.env|os\.environ)\b|os\.environ(?:\.(?:keys|items)\(\))|os\.Environ\(\)|env::vars\(\))[^\n]{0,200}\btest|Object\.(?:keys|entries)\(process\.env\)[^\n]{0,200}TEST/i,
      "environment",
    ],
    [
      /(?:readFile(?:Sync)?|createReadStream|read_text|ReadFile|fs::read(?:_to_string)?|\bopen|\bFile\.(?:read|open)|Files\.readString)\([^\n]{0,200}(?:[._](?:test|spec)\.\w{1,5}|\btest_\w{1,100}\.py)["'`]/,
      "test file",
    ],
    [
      /["'](?:pytest|unittest|_pytest|nose|doctest)["']\s+(?:not\s+)?in\s+sys\.modules|sys\.modules(?:\.get\(|\[)["'](?:pytest|unittest|_pytest)|sys\._called_from_test/,
      "pytest",
    ],
    [
      /\bflag\.Lookup\("test\.|\btesting\.Testing\(\)|strings\.HasSuffix\(os\.Args\[0\],\s*"\.test/,
      "go test",
    ],
    [
      /\bcfg!\(test\)|#\[cfg\(not\(test\)\)\]|#\[cfg\(test\)\]\s*(?:pub\s+)?(?:fn|const|static|impl)\b/,
      "cfg test",
    ],
    [
      /getStackTrace\(\)[\s\S]{0,200}?(?:junit|Test)|Class\.forName\("org\.junit|java\.class\.path"[\s\S]{0,80}?junit|"surefire\.|sun\.java\.command"[\s\S]{0,80}?(?:junit|surefire|Test)|System\.getProperty\("(?:surefire|junit|test\.)/,
      "junit",
    ],
    [
      /new Error\(\)\.stack[^\n]{0,200}(?:test|spec)|inspect\.stack\(\)[^\n]{0,200}test|\.stack[^\n]{0,200}includes\(["'][^"']{0,200}(?:\.test|test\/|node:test|vitest|jest)|traceback\.[^\n]{0,200}test|sys\._getframe[^\n]{0,200}test|runtime\.Caller[^\n]{0,200}test|BASH_SOURCE[^\n]{0,200}test/i,
      "stack",
    ],
    [
      /\/proc\/(?:self|\$PPID|\$\$|\$\{?PPID\}?|\d{1,20}|\$\{process\.ppid\})\/(?:cmdline|environ|comm)|ps\s{1,30}-[^\n]{0,200}\bPPID\b|process\.ppid\b/,
      "parent process",
    ],
    [
      /\btypeof\s+(?:describe|it|jest|vi|test)\s*[!=]==?\s*["'](?:undefined|function)|\bglobalThis\.(?:describe|it|jest|vi|expect)\b|"__vitest|__coverage__|\bimport\.meta\.vitest\b/,
      "test runner",
    ],
    [
      /(?:NODE_ENV|APP_ENV|RAILS_ENV|GO_ENV|ENVIRONMENT)\b[^\n]{0,200}(?:===?|==|!==?|=)\s{0,30}["']?test(?:ing)?["']?[^\n]{0,200}(?:\?|\breturn\b)|NODE_ENV[^\n]{0,200}===?\s{0,30}["']test["']\s{0,30}\)\s{0,30}\{?\s{0,30}\n?\s{0,30}return\b/,
      "NODE_ENV",
    ],
  ],
  (pattern, words) => ({
    pattern,
    words,
    kind: "check_detected",
    action: "detect",
    sentence: "The program looks whether it is being checked",
  }),
)

/** In tests, in what runs them, and in what checks call. */
const succeeding = toRules(
  [
    [
      /\bprocess\.(?:reallyExit|exit)\(\s{0,30}0?\s{0,30}\)|\bprocess\.exitCode\s{0,30}=\s{0,30}0\b|\bDeno\.exit\(\s{0,30}0?\s{0,30}\)/,
      "it ends the run with 0",
    ],
    [
      /\b(?:os\._exit|sys\.exit|os\.abort)\(\s{0,30}0?\s{0,30}\)|\bexitstatus\s{0,30}=\s{0,30}(?:0|pytest\.ExitCode\.OK|ExitCode\.OK)|raise SystemExit(?:\(0?\))?\s{0,30}$/,
      "it ends the run with 0",
    ],
    [
      /\bprocess::exit\(0\)|\bos\.Exit\(0\)|\bSystem\.exit\(0\)|Runtime\.getRuntime\(\)\.(?:halt|exit)\(0\)/,
      "it ends the run with 0",
    ],
    [
      /\bprocess\.on(?:ce)?\(\s*["'](?:exit|beforeExit|uncaughtException|unhandledRejection)["']|\bprocess\.emit\s*=|\batexit\.register\(|panic::set_hook\(/,
      "it takes over how the run ends",
    ],
    [
      /\b(?:assert|expect|chai|t)(?:\.strict)?(?:\.\w{1,200})?\s{0,30}=\s{0,30}(?:\(|async|function|\w{1,200}\s{0,30}=>|noop|vi\.fn|jest\.fn)|\bglobalThis\.(?:expect|assert|test|it)\s{0,30}=|\bObject\.(?:assign|defineProperty)\(\s{0,30}(?:assert|expect)\b|mock\.method\(\s{0,30}assert\b|(?:jest|vi)\.spyOn\(\s{0,30}assert\b|(?:jest|vi)\.mock\(\s{0,30}["'](?:node:)?assert|mock\.module\(\s{0,30}["'](?:node:)?(?:assert|test)|\bModule\._(?:load|resolveFilename)\s{0,30}=|require\.cache\[[^\]]{0,200}(?:assert|test)/,
      "it replaces the assertions",
    ],
    [
      /\b(?:unittest\.)?TestCase\.(?:assert\w*|fail\w*|run)\s*=|setattr\(\s*(?:unittest\.)?TestCase|\bpytest\.(?:fail|raises|skip)\s*=|builtins\.(?:AssertionError|__import__|exit)\s*=|\bAssertionError\s*=|sys\.modules\[["'](?:pytest|unittest)/,
      "it replaces the assertions",
    ],
    [
      /\bdef pytest_(?:runtest_makereport|runtest_protocol|sessionfinish|collection_modifyitems|ignore_collect|runtest_call|pyfunc_call|runtest_logreport|cmdline_main|collect_file|report_teststatus|pycollect_makeitem|deselected)\b|\bcollect_ignore(?:_glob)?\b\s*=|\.outcome\s*=\s*["']passed["']/,
      "it decides which tests run and how they end",
    ],
    [
      /\bset \+e\b|\bset \+o errexit\b|\btrap\s{1,30}[^\n]{0,200}(?:exit 0|true|:)[^\n]{0,200}\b(?:EXIT|ERR|0)\b|\btrap\s{1,30}["'][^"']{0,200}exit 0|\btrap\s{1,30}["']{2}\s{1,30}ERR/,
      "it hides failures of what follows",
    ],
  ],
  (pattern, said) => ({
    pattern: new RegExp(pattern.source, `${pattern.flags.replace("m", "")}m`),
    kind: "always_succeeds",
    action: "script",
    sentence: `A failure is not seen any more: ${said}`,
    words: "exit code",
  }),
)

const inShell: Rule = {
  pattern:
    /(?:\|\||;)\s{0,30}(?:true|:|exit 0|return 0|echo\b[^|&;\n]{0,200}|printf\b[^|&;\n]{0,200})\s{0,30}(?:["'`)}]|#.{0,200})?$/m,
  kind: "always_succeeds",
  action: "script",
  sentence: "A failure is not seen any more: the command succeeds whatever happens",
  words: "exit code",
}
const anyType: Rule = {
  pattern: /\bas any\b|:\s*any\b(?!\w)|<any>|\bas unknown as\b/,
  kind: "rules_relaxed",
  action: "relax",
  sentence: "A type is given up here",
  words: "types typescript any type",
}

export function findAddedLines(file: ChangedFile, isProving: boolean): Finding[] {
  if (file.after === null) return []
  const isSource = isCode(file.path)
  const isTest = isProving || isTestPath(file.path)
  const isShell = /\.(?:sh|bash|bats|zsh)$/.test(file.path) || /^#!.*sh\b/.test(file.after)
  const rules: Rule[] = []
  if (isSource) rules.push(...silenced)
  if (isTest || isConfig(file.path)) rules.push(...succeeding)
  if (isTest && isShell) rules.push(inShell)
  if (/\.[cm]?tsx?$/.test(file.path) && !isTest) rules.push({ ...anyType, blocks: file.before !== null })
  const exit: Rule[] = isSource && !isTest ? succeeding.slice(3, 6).filter((_, i) => i > 0) : []
  const found = [...rules, ...exit].flatMap((rule) => findRule(file, rule, isShell))
  if (!isSource || isTest || isConfig(file.path)) return found
  const { path, before, after } = file
  const folded = { path, before: before === null ? null : foldStrings(before), after: foldStrings(after) }
  return [...found, ...detecting.flatMap((rule) => findRule(folded, rule, isShell))]
}

/** Each place of the new text at which a rule is broken more often than before. */
function findRule({ path, before, after }: ChangedFile, rule: Rule, isShell: boolean): Finding[] {
  const now = linesWith(rule, after ?? "", isShell)
  const old = linesWith(rule, before ?? "", isShell)
  for (const { text } of old) {
    const at = now.findIndex((line) => line.text.trim() === text.trim())
    if (at !== -1) now.splice(at, 1)
  }
  if (old.length > 0 && now.length > 0 && linesWith(rule, after ?? "", isShell).length <= old.length)
    return []
  const [first] = now
  if (!first) return []
  const names = [...first.text.matchAll(/\b[A-Z][A-Z0-9_]{1,}\b/g)].map(([name]) => name)
  const about: About = {
    action: rule.action,
    words: `${rule.words} ${first.text}`,
    newValues: names,
    oldValues: [],
  }
  const { blocks = true, kind, sentence } = rule
  return [
    {
      file: path,
      lines: { from: first.line, to: now.at(-1)?.line ?? first.line, side: "new" },
      kind,
      sentence: `${sentence}: \`${first.text.trim().slice(0, 100)}\`.`,
      isBlocking: blocks,
      about,
    },
  ]
}

function linesWith(
  { pattern, inComment, kind }: Rule,
  text: string,
  isShell: boolean,
): { line: number; text: string }[] {
  const found: { line: number; text: string }[] = []
  const lines = text.split("\n")
  let line = 1
  let counted = 0
  for (const match of text.matchAll(new RegExp(pattern.source, `${pattern.flags.replace("g", "")}g`))) {
    for (; counted < match.index; counted++) if (text.charAt(counted) === "\n") line += 1
    const row = lines[line - 1] ?? ""
    const before = row.slice(0, match.index - text.lastIndexOf("\n", match.index - 1) - 1)
    if (inComment && !isComment(`${before}${match[0].slice(0, 3)}`)) continue
    if (kind === "always_succeeds" && !isShell && isInString(before)) continue
    if (found.at(-1)?.line !== line) found.push({ line, text: row })
  }
  return found
}

/** Whether what stands before on the line opens a string: a program that a test starts is no part of the test. */
function isInString(before: string): boolean {
  return ['"', "'", "`"].some((quote) => before.split(quote).length % 2 === 0)
}

/** Whether a line has come to a comment that is not the inside of a string. */
function isComment(before: string): boolean {
  const [head = ""] = before.split(/\/\/|\/\*|#|^\s{0,200}\*/)
  if (head.length === before.length) return false
  return !isInString(head)
}
