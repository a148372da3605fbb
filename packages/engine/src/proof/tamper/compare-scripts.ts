/** Scripts that a check calls, before and after: package.json, Makefile, justfile. */
import { cannotFail } from "../can-fail.ts"
import { type CheckScripts, makefiles, readJson, readScripts, readTargets } from "./check-scripts.ts"
import type { About, ChangedFile, Finding, FindingKind } from "./finding.ts"
import { languageOf } from "./syntax.ts"

const proving =
  /^(?:pre|post)?(?:test|tests|check|checks|lint|typecheck|type-check|types|tsc|verify|validate|ci|coverage|e2e|unit|integration|spec|qa)(?:[:._-].*)?$/

export async function compareScripts(
  file: ChangedFile,
  called: CheckScripts,
  isProving: boolean,
): Promise<Finding[]> {
  const name = file.path.split("/").at(-1) ?? ""
  if (file.before === null) return []
  if (isProving && languageOf(file.path, file.before) === "bash" && !file.path.endsWith(".bats"))
    return await compareShell(file, file.before)
  if (name === "package.json") return await comparePackage(file, file.before, called)
  if (makefiles.includes(name) || name.endsWith(".mk")) return await compareTargets(file, file.before, called)
  return []
}

const stops =
  /^\s{0,30}set\s{1,30}-\w{0,200}e|^\s{0,30}set\s{1,30}-o\s{1,30}errexit|^#!.{0,200}\s-\w{0,200}e/m

async function compareShell(file: ChangedFile, before: string): Promise<Finding[]> {
  if (file.after === null) return []
  const why = await cannotFail(file.after)
  const line = file.after.trimEnd().split("\n").length
  if (why !== undefined && (await cannotFail(before)) === undefined)
    return [
      tell(
        "always_succeeds",
        file.path,
        line,
        "new",
        `${file.path} cannot fail any more: ${why}.`,
        aboutScript(file.path),
      ),
    ]
  if (stops.test(before) && !stops.test(file.after))
    return [
      tell(
        "always_succeeds",
        file.path,
        1,
        "new",
        `${file.path} goes on after a failure: \`set -e\` is gone.`,
        aboutScript(file.path),
      ),
    ]
  return []
}

async function comparePackage(file: ChangedFile, text: string, called: CheckScripts): Promise<Finding[]> {
  const [before, after] = [readScripts(text), readScripts(file.after)]
  const findings: Finding[] = []
  for (const [name, was] of Object.entries(before)) {
    const is = after[name]
    if (is === was || !(called.scripts.has(name) || proving.test(name)) || /no test specified/.test(was))
      continue
    const line = lineOf(file.after ?? "", `"${name}"`)
    const subject = aboutScript(`${name} ${was} ${is ?? ""}`)
    if (is === undefined) {
      if (Object.values(after).includes(was)) continue
      findings.push(
        tell(
          "check_script_changed",
          file.path,
          lineOf(text, `"${name}"`),
          "old",
          `The script "${name}" of package.json is gone; it was \`${was}\`.`,
          subject,
        ),
      )
    } else
      findings.push(
        ...(await compareCommand(file.path, line, `The script "${name}" of package.json`, was, is, subject)),
      )
  }
  findings.push(...comparePins(file, text))
  return findings
}

/** A test runner that comes from the tree itself. */
function comparePins(file: ChangedFile, text: string): Finding[] {
  const runners =
    /^(?:vitest|jest|mocha|ava|tap|jasmine|playwright|@playwright\/test|typescript|eslint|chai|c8|nyc|tsx|ts-node|uvu|@biomejs\/biome)$/
  const pinsOf = (of: string | null) => {
    const json = readJson(of)
    return Object.entries({
      ...readObject(json?.dependencies),
      ...readObject(json?.devDependencies),
      ...readObject(json?.overrides),
      ...readObject(json?.resolutions),
    })
  }
  const before = new Map(pinsOf(text))
  return pinsOf(file.after)
    .filter(
      ([name, version]) =>
        runners.test(name) &&
        before.get(name) !== version &&
        /^(?:file:|link:|\.|npm:|portal:|git)/.test(String(version)),
    )
    .map(([name, version]) =>
      tell(
        "tool_shadowed",
        file.path,
        lineOf(file.after ?? "", `"${name}"`),
        "new",
        `${name} is another program now: ${String(version)}.`,
        aboutScript(name),
      ),
    )
}

function readObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {}
}

async function compareTargets(file: ChangedFile, text: string, called: CheckScripts): Promise<Finding[]> {
  const [before, after] = [readTargets(text), readTargets(file.after ?? "")]
  const findings: Finding[] = []
  for (const [name, was] of before) {
    if (!called.targets.has(name) && !proving.test(name)) continue
    const is = after.get(name)
    const subject = aboutScript(`${name} ${was.recipe.join(" ")}`)
    if (!is) {
      findings.push(
        tell("check_script_changed", file.path, was.line, "old", `The target "${name}" is gone.`, subject),
      )
      continue
    }
    if (
      was.needs.some((need) => !is.needs.includes(need) && (proving.test(need) || called.targets.has(need)))
    )
      findings.push(
        tell(
          "check_script_changed",
          file.path,
          is.line,
          "new",
          `The target "${name}" does not need all it needed before.`,
          subject,
        ),
      )
    const old = was.recipe.map(bare)
    const now = is.recipe.map(bare)
    for (const line of old.filter((one) => !now.includes(one))) {
      const like = now.find((one) => !old.includes(one))
      const ignored = is.recipe.some((one) => /^@?-/.test(one) && bare(one) === line)
      if (ignored) continue
      if (like === undefined)
        findings.push(
          tell(
            "check_script_changed",
            file.path,
            is.line,
            "new",
            `The target "${name}" does not run \`${line}\` any more.`,
            subject,
          ),
        )
      else
        findings.push(
          ...(await compareCommand(file.path, is.line, `The target "${name}"`, line, like, subject)),
        )
    }
    for (const line of is.recipe)
      if (/^@?-/.test(line) && !was.recipe.includes(line))
        findings.push(
          tell(
            "always_succeeds",
            file.path,
            is.line,
            "new",
            `The target "${name}" ignores a failure of \`${line}\`.`,
            subject,
          ),
        )
    for (const line of now.filter(
      (one) => !old.includes(one) && /\|\|\s*(?:true|:|exit 0|echo)|;\s*(?:true|exit 0)\s*$/.test(one),
    ))
      if (findings.length === 0)
        findings.push(
          tell(
            "always_succeeds",
            file.path,
            is.line,
            "new",
            `The target "${name}" succeeds whatever happens: \`${line}\`.`,
            subject,
          ),
        )
  }
  for (const rule of [
    /^\.IGNORE\b.*$/m,
    /^SHELL\s*[:?]?=.*$/m,
    /^MAKEFLAGS\s{0,30}[:?+]?=.{0,200}-[\w-]{0,200}[in].{0,200}$/m,
    /^\.SHELLFLAGS.*$/m,
  ]) {
    const [line] = rule.exec(file.after ?? "") ?? []
    if (line && !text.includes(line))
      findings.push(
        tell(
          "always_succeeds",
          file.path,
          lineOf(file.after ?? "", line),
          "new",
          `\`${line}\` changes how every command of the Makefile ends.`,
          aboutScript(line),
        ),
      )
  }
  return findings
}

function bare(line: string): string {
  return line
    .replace(/^[@-]+/, "")
    .replace(/\s+/g, " ")
    .trim()
}

async function compareCommand(
  path: string,
  line: number,
  what: string,
  was: string,
  is: string,
  subject: About,
): Promise<Finding[]> {
  const why = await cannotFail(is)
  if (why !== undefined && (await cannotFail(was)) === undefined)
    return [
      tell(
        "always_succeeds",
        path,
        line,
        "new",
        `${what} is \`${is}\` now, which cannot fail: ${why}. It was \`${was}\`.`,
        subject,
      ),
    ]
  if (extendsCommand(was, is)) return []
  return [
    tell(
      "check_script_changed",
      path,
      line,
      "new",
      `${what} runs \`${is}\` now. It was \`${was}\`.`,
      subject,
    ),
  ]
}

const harmless =
  /^--?(?:coverage|experimental-[\w-]{1,200}|reporter\S{0,200}|test-reporter\S{0,200}|verbose|v|color|no-color|colors|run|import|require|r|loader|enable-source-maps|test-concurrency\S{0,200}|test-isolation\S{0,200}|test-timeout\S{0,200}|max-warnings=0|maxWorkers\S{0,200}|parallel|race|count=1|cov\S{0,200}|strict\S{0,200}|runInBand|i|no-cache|cache|workspaces|all-features|all-targets|locked|frozen\S{0,200}|watch=false|watchAll=false|ci|silent|s|quiet|q|n|tb=\S{1,200}|durations\S{0,200}|W|no-warnings|disable-warning\S{0,200})(?:=\S{0,200})?$/

/** The new command does all that the old one did, and at most more. */
function extendsCommand(was: string, is: string): boolean {
  const parts = (text: string) => text.split(/\s{0,30}&&\s{0,30}/).map((part) => part.trim().split(/\s+/))
  if (/\|\||[;|]/.test(is.replaceAll(was, ""))) return false
  const now = parts(is)
  return parts(was).every((old) => now.some((words) => isSame(old, words)))
}

function isSame(old: readonly string[], now: readonly string[]): boolean {
  const left = [...now]
  for (const word of old) {
    const at = left.indexOf(word)
    if (at === -1) return false
    left.splice(at, 1)
  }
  return left.every(
    (word, i) =>
      harmless.test(word) ||
      /^--(?:import|require|loader|reporter|test-reporter)$|^-[rn]$/.test(left[i - 1] ?? "") ||
      /^(?:NODE_ENV|CI|TZ|LANG|LC_ALL|FORCE_COLOR|PYTHONPATH)=/.test(word),
  )
}

function lineOf(text: string, part: string): number {
  const at = text.indexOf(part)
  return at === -1 ? 1 : text.slice(0, at).split("\n").length
}

function aboutScript(words: string): About {
  return { action: "script", words, newValues: [], oldValues: [] }
}

function tell(
  kind: FindingKind,
  file: string,
  line: number,
  side: "old" | "new",
  sentence: string,
  about: About,
): Finding {
  return { file, lines: { from: line, to: line, side }, kind, sentence, isBlocking: true, about }
}
