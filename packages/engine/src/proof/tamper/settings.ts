/** Settings of linters, compilers, coverage, runners and CI, before and after. */
import type { About, ChangedFile, Finding, FindingKind } from "./finding.ts"
import { isCi, isConfig } from "./places.ts"

export function compareSettings(file: ChangedFile): Finding[] {
  if (isCi(file.path)) return compareCi(file)
  if (/(?:^|\/)\.(?:eslint|prettier|oxlint|biome|stylelint)ignore$/.test(file.path)) return addedIgnores(file)
  return isConfig(file.path) ? compareConfig(file) : []
}

const strictKeys =
  /^(?:strict\w*|noImplicit\w*|noUnused\w*|noUnchecked\w*|exactOptional\w*|noFallthrough\w*|noProperty\w*|useUnknown\w*|alwaysStrict|checkJs|isolatedModules|disallow_\w+|warn_\w+|check_untyped_defs|no_implicit\w*|strict_\w+|xfail_strict|forbidOnly|checkCoverage|check-coverage|failOnWarning|failOnViolation|failsOnError|failOnError|branch)$/
const looseKeys =
  /^(?:ignore_errors|ignore_missing_imports|allow\w*|skipLibCheck|skipTests|skipITs|testFailureIgnore|ignoreFailures|passWithNoTests|allowOnly|dangerouslyIgnoreUnhandledErrors|maven\.test\.skip|maven\.test\.failure\.ignore|skip|emitWarning|noEmitOnError|ignoreDuringBuilds|ignoreBuildErrors|continue-on-error|allow_failure|suppress\w*|silent|quiet)$/
const offKeys = /^(?:test|harness|autotests|doctest|failIfNoTests|failIfNoSpecifiedTests|enabled|noEmit)$/
const thresholds =
  /^(?:lines|branches|functions|statements|global|fail_under|fail-under|threshold|minimum|target|cov-fail-under|minimumCoverageRatio|min-coverage|perFile|min_coverage|cyclomatic)$/
const maximums =
  /^(?:max-warnings|max-complexity|max-line-length|cognitive-complexity-threshold|too-many-arguments-threshold|maxComplexity)$/
const narrowing =
  /^(?:testPathIgnorePatterns|modulePathIgnorePatterns|exclude|excludes|testMatch|testRegex|include|includes|testpaths|python_files|python_classes|python_functions|spec|ignore|norecursedirs|testDir|testIgnore|grep|addopts|files|roots|collect_ignore|extend-exclude|extend-ignore|ignores|ignorePatterns|per-file-ignores|select|extend-select|coveragePathIgnorePatterns|omit|disable|enable|testNamePattern|test-args)$/

type Pair = { key: string; value: string; line: number }

/** Keys and plain values of JSON, TOML, YAML, INI, XML and JavaScript alike. */
function readPairs(text: string): Pair[] {
  const pairs: Pair[] = []
  text.split("\n").forEach((row, i) => {
    const line = /^(?:\/\/|#|;)/.test(row.trim()) ? "" : (row.split(" // ")[0] ?? "")
    for (const [, quoted, key, value = ""] of line.matchAll(
      /(["']?)([@\w][\w@/.:-]{0,200})\1\s{0,30}(?:=>|[:=])\s{0,30}(\[[^\]]{0,200}\]|"[^"]{0,200}"|'[^']{0,200}'|[^,{}\s]{1,200})/g,
    )) {
      if (quoted !== undefined && key)
        pairs.push({ key, value: value.replace(/^["']|["']$/g, ""), line: i + 1 })
    }
    for (const [, key = "", value = ""] of line.matchAll(/<([\w.]+)>([^<]+)<\/\1>/g))
      pairs.push({ key, value: value.trim(), line: i + 1 })
  })
  return pairs
}

function compareConfig(file: ChangedFile): Finding[] {
  if (file.before === null) return file.path.endsWith(".npmrc") ? [] : newConfig(file)
  if (file.after === null) {
    if (/package\.json$|Cargo\.toml$|pom\.xml$/.test(file.path)) return []
    return [
      tell(
        "rules_relaxed",
        file.path,
        1,
        "old",
        `${file.path} is gone, and its rules with it.`,
        "relax",
        `${file.path} config lint types`,
      ),
    ]
  }
  const [before, after] = [readPairs(file.before), readPairs(file.after)]
  const findings: Finding[] = []
  const report = (
    kind: FindingKind,
    line: number,
    sentence: string,
    key: string,
    action: About["action"] = "relax",
  ) => findings.push(tell(kind, file.path, line, "new", sentence, action, `${key} ${topic(file.path)}`))
  for (const key of new Set([...before, ...after].map((pair) => pair.key))) {
    const [was, is] = [before.filter((pair) => pair.key === key), after.filter((pair) => pair.key === key)]
    if (was.map(({ value }) => value).join("\n") === is.map(({ value }) => value).join("\n")) continue
    const line = is[0]?.line ?? 1
    const count = (pairs: Pair[], value: string) =>
      pairs.filter((pair) => switchOf(pair.value) === value).length
    if (strictKeys.test(key) && count(is, "true") < count(was, "true"))
      report("rules_relaxed", line, `The rule ${key} is off now.`, key)
    else if (looseKeys.test(key) && count(is, "true") > count(was, "true"))
      report("rules_relaxed", line, `${key} is on now.`, key)
    else if (offKeys.test(key) && count(is, "false") > count(was, "false") && !/tsconfig/.test(file.path))
      report("tests_narrowed", line, `${key} is off now.`, key)
    else if (thresholds.test(key) && isLower(was, is))
      report(
        "rules_relaxed",
        line,
        `The threshold ${key} is lower now: ${show(was)} → ${show(is)}.`,
        `coverage threshold ${key}`,
      )
    else if (maximums.test(key) && isLower(is, was))
      report("rules_relaxed", line, `The limit ${key} is higher now: ${show(was)} → ${show(is)}.`, key)
    else if (isRepeated(file.path, key, was, is))
      report("rules_relaxed", line, `Tests that fail are run again until they pass: ${key}.`, key)
    else if (isLevelLower(was, is, file.path))
      report("rules_relaxed", line, `The rule ${key} is weaker now: ${show(was)} → ${show(is)}.`, key)
  }
  findings.push(...compareLists(file))
  return findings
}

/** A flaky test is no proof, however often it is tried. */
function isRepeated(path: string, key: string, was: readonly Pair[], is: readonly Pair[]): boolean {
  if (!/^(?:retry|retries|reruns|flakyTestAttempts)$/.test(key)) return false
  if (
    !/(?:vitest|vite|jest|playwright|cypress|karma)[^/]{0,100}$|\.mocharc|pytest\.ini$|tox\.ini$/.test(path)
  )
    return false
  const most = (pairs: readonly Pair[]) => Math.max(0, ...pairs.map(({ value }) => Number(value) || 0))
  return most(is) > most(was)
}

/** A config that comes with the task may not switch off what the task is proven by. */
function newConfig(file: ChangedFile): Finding[] {
  return readPairs(file.after ?? "")
    .filter(
      ({ key, value }) =>
        (/^(?:passWithNoTests|testFailureIgnore|ignoreFailures|skipTests|dangerouslyIgnoreUnhandledErrors|maven\.test\.skip)$/.test(
          key,
        ) &&
          value === "true") ||
        (/^(?:harness|autotests)$/.test(key) && value === "false"),
    )
    .map(({ key, value, line }) =>
      tell(
        "always_succeeds",
        file.path,
        line,
        "new",
        `${key} is ${value} in the new ${file.path}: tests that fail or are not there would pass.`,
        "relax",
        `${key} ${topic(file.path)}`,
      ),
    )
}

/** INI and YAML know more words for true and false. */
function switchOf(value: string): string {
  const word = value.toLowerCase()
  if (/^(?:true|yes|on|1)$/.test(word)) return "true"
  return /^(?:false|no|off|0)$/.test(word) ? "false" : word
}

function topic(path: string): string {
  if (/tsconfig|jsconfig/.test(path)) return "typescript types compiler strict"
  if (/eslint|biome|oxlint|pylint|flake8|ruff|clippy|golangci|checkstyle/.test(path))
    return "lint linter rules"
  if (/mypy|pyright/.test(path)) return "types mypy type check"
  return "config settings runner"
}

function numbersOf(pairs: readonly Pair[]): number[] {
  return pairs.map(({ value }) => Number.parseFloat(value)).filter(Number.isFinite)
}

function isLower(was: readonly Pair[], is: readonly Pair[]): boolean {
  const [old, now] = [numbersOf(was), numbersOf(is)]
  if (old.length === 0) return false
  return now.length < old.length || now.some((value, i) => value < (old[i] ?? value))
}

const levels = ["off", "allow", "warn", "error", "deny", "forbid"]
function levelOf(value: string): number | undefined {
  const [, word] = /^\[?\s*["']?(off|allow|warn|error|deny|forbid|0|1|2)\b/.exec(value) ?? []
  if (word === undefined) return undefined
  return /^\d$/.test(word) ? [0, 2, 3][Number(word)] : levels.indexOf(word)
}

function isLevelLower(was: readonly Pair[], is: readonly Pair[], path: string): boolean {
  const isRule = /eslint|biome|oxlint|clippy|Cargo\.toml|stylelint|package\.json|golangci|tslint/.test(path)
  const old = was.map(({ value }) => levelOf(value)).filter((level) => level !== undefined)
  if (!isRule || old.every((level) => level < 2)) return false
  if (/package\.json|Cargo\.toml/.test(path) && was.some(({ value }) => /^\d/.test(value))) return false
  const now = is.map(({ value }) => levelOf(value)).filter((level) => level !== undefined)
  return now.length < old.length || now.some((level, i) => level < (old[i] ?? level))
}

function show(pairs: readonly Pair[]): string {
  return pairs.length === 0
    ? "none"
    : pairs
        .map(({ value }) => value)
        .join(", ")
        .slice(0, 60)
}

/** Lists of what is looked at or left out, as lines: what was taken out of the first or put into the second. */
function compareLists(file: ChangedFile): Finding[] {
  const [before, after] = [listsOf(file.before ?? ""), listsOf(file.after ?? "")]
  const findings: Finding[] = []
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [was = [], is = []] = [before.get(key), after.get(key)]
    const fresh = is.filter((item) => !was.includes(item))
    const gone = was.filter((item) => !is.includes(item))
    const excludes = /ignore|exclude|norecurse|omit|disable/i.test(key)
    const bad = excludes
      ? fresh
      : key === "addopts"
        ? fresh.filter((item) =>
            /^(?:-k|-m|--ignore\S*|--deselect\S*|-p|no:\S*|--co|--collect-only|--no-\S+|--exitfirst|-x\S*)/.test(
              item,
            ),
          )
        : gone.length > 0
          ? fresh.length > 0
            ? fresh
            : gone
          : []
    const isNew =
      !excludes &&
      key !== "addopts" &&
      was.length === 0 &&
      /^(?:testMatch|testRegex|grep|testNamePattern|testpaths|python_files)$/.test(key) &&
      fresh.length > 0
    if (bad.length === 0 && !isNew) continue
    // What is built anyway is left out in honest work too.
    if (
      excludes &&
      bad.every((item) =>
        /^["']?(?:\*\*\/)?(?:dist|build|node_modules|coverage|target|out|\.next|vendor|\.venv|\.cache)\b/.test(
          item,
        ),
      )
    )
      continue
    if (/^(?:files|include|includes|roots)$/.test(key) && gone.length === 0) continue
    if (
      /package\.json$|Cargo\.toml$|pyproject\.toml$/.test(file.path) &&
      /^(?:files|include|includes|exclude|excludes)$/.test(key)
    )
      continue
    const line = lineOf(file.after ?? "", key)
    findings.push(
      tell(
        "tests_narrowed",
        file.path,
        line,
        "new",
        `${key} leaves out more than before: ${(bad.length > 0 ? bad : fresh).slice(0, 4).join(", ")}.`,
        "relax",
        `${key} ${fresh.join(" ")} ${topic(file.path)}`,
      ),
    )
  }
  return findings
}

function listsOf(text: string): Map<string, string[]> {
  const lists = new Map<string, string[]>()
  const clean = text
    .split("\n")
    .filter((line) => !/^(?:\/\/|#)/.test(line.trim()))
    .join("\n")
  for (const [, key = "", list, plain] of clean.matchAll(
    /["']?([\w-]{1,200})["']?\s{0,30}[:=]\s{0,30}(?:\[([^\]]{0,200})\]|([^[\]{}\n]{1,200}(?:\n[ \t]{1,200}[^\s:=]{1,200}[^:=\n]{0,200}){0,200}))/g,
  )) {
    if (!narrowing.test(key)) continue
    const items = list === undefined ? (plain ?? "").split(/[\s,]+/) : list.split(",")
    const found = items.map((item) => item.trim().replace(/^["'/]|["',/]$/g, "")).filter(Boolean)
    lists.set(key, [...(lists.get(key) ?? []), ...found])
  }
  for (const [, key = "", value = ""] of clean.matchAll(/<(exclude|include)>([^<]+)<\/\1>/g))
    lists.set(`${key}s`, [...(lists.get(`${key}s`) ?? []), value.trim()])
  return lists
}

function addedIgnores(file: ChangedFile): Finding[] {
  const before = new Set((file.before ?? "").split("\n").map((line) => line.trim()))
  const fresh = (file.after ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#") && !before.has(line))
  const bad = fresh.filter(
    (line) => !/^\/?(?:dist|build|node_modules|coverage|target|out|vendor)\b/.test(line),
  )
  return bad.length === 0
    ? []
    : [
        tell(
          "rules_relaxed",
          file.path,
          1,
          "new",
          `The linter does not look at ${bad.slice(0, 4).join(", ")} any more.`,
          "relax",
          `${bad.join(" ")} lint linter ignore`,
        ),
      ]
}

const ciSwitches: readonly (readonly [RegExp, string])[] = [
  [/^\s*(?:-\s*)?continue-on-error:\s*(?:true|\$\{\{\s*true)/, "the step may fail without the job failing"],
  [/^\s*(?:-\s*)?allow_failure:\s*true/, "the job may fail"],
  [/^\s*(?:-\s*)?if:\s*(?:false|\$\{\{\s*false\s*\}\}|["']false["'])/, "the step never runs"],
  [/^\s*(?:-\s*)?when:\s*(?:never|manual)/, "the job does not run by itself"],
  [
    /\|\|\s*(?:true|:|exit 0|echo\b)|;\s*(?:true|exit 0)\s*$|\bset \+e\b|--passWithNoTests|--no-verify|-DskipTests|-Dmaven\.test\.skip|SKIP=/,
    "a failure is not seen",
  ],
  [/^\s*exit 0\s*$/, "it ends with 0"],
]
const proves =
  /\b(?:tests?|lint|check|typecheck|tsc|coverage|pytest|vitest|jest|mocha|clippy|vet|audit|mypy|ruff|eslint|biome|verify|golangci|bats|nox|tox|fmt|spotbugs|checkstyle)\b/i

function compareCi(file: ChangedFile): Finding[] {
  const before = (file.before ?? "").split("\n")
  if (file.before === null) return []
  const words = "ci workflow pipeline github actions"
  if (file.after === null)
    return [
      tell(
        "rules_relaxed",
        file.path,
        1,
        "old",
        `${file.path} is gone: nothing runs its checks any more.`,
        "relax",
        `${file.path} ${words}`,
      ),
    ]
  const after = file.after.split("\n")
  const findings: Finding[] = []
  after.forEach((line, i) => {
    if (before.includes(line)) return
    const said = ciSwitches.find(([pattern]) => pattern.test(line))?.[1]
    if (said)
      findings.push(
        tell(
          "rules_relaxed",
          file.path,
          i + 1,
          "new",
          `In CI ${said}: \`${line.trim()}\`.`,
          "relax",
          `${line} ${words}`,
        ),
      )
  })
  const now = after.map(commandOf).filter((line) => line !== undefined)
  before.forEach((line, i) => {
    const command = commandOf(line)
    if (command === undefined || !proves.test(command) || now.some((other) => other.includes(command))) return
    findings.push(
      tell(
        "rules_relaxed",
        file.path,
        i + 1,
        "old",
        `CI does not run \`${command}\` any more.`,
        "relax",
        `${command} ${words}`,
      ),
    )
  })
  for (const trigger of ["pull_request", "push"])
    if (
      before.some((line) => new RegExp(`^\\s*(?:on:.*)?\\b${trigger}\\b`).test(line)) &&
      !after.some((line) => new RegExp(`\\b${trigger}\\b`).test(line))
    )
      findings.push(
        tell(
          "rules_relaxed",
          file.path,
          1,
          "new",
          `CI does not run on ${trigger} any more.`,
          "relax",
          `${trigger} ${words}`,
        ),
      )
  return findings
}

/** What a line of a workflow runs, if it does. */
function commandOf(line: string): string | undefined {
  const text = line.trim().replace(/^#.*/, "")
  if (
    text === "" ||
    /^(?:-\s*)?(?:name|uses|on|if|needs|with|env|id|shell|runs-on|jobs|steps|branches|description|timeout-minutes|\w+-version)\s*:/.test(
      text,
    )
  )
    return undefined
  const [, command] =
    /^(?:-\s{0,30})?(?:run|script|entry|command)\s{0,30}:\s{0,30}(.{0,200})$/.exec(text) ?? []
  const said = (command ?? (/^[\w-]+:\s*$/.test(text) ? "" : text))
    .replace(/^-\s*/, "")
    .replace(/^[|>]-?$/, "")
    .trim()
  return said === "" || /^[\w-]+:\s*\S*$/.test(said) ? undefined : said
}

function lineOf(text: string, part: string): number {
  const at = text.indexOf(part)
  return at === -1 ? 1 : text.slice(0, at).split("\n").length
}

function tell(
  kind: FindingKind,
  file: string,
  line: number,
  side: "old" | "new",
  sentence: string,
  action: About["action"],
  words: string,
): Finding {
  return {
    file,
    lines: { from: line, to: line, side },
    kind,
    sentence,
    isBlocking: true,
    about: { action, words, newValues: [], oldValues: [] },
  }
}
