/**
 * The tamper guard: what in a change would make checks pass without the work being right. A pure look at texts; nothing
 * is run. A finding blocks unless the task's text, or a requirement's, asks for the change.
 */
import { reportsRead } from "../can-fail.ts"
import { isAskedFor } from "./asked-for.ts"
import { type CheckScripts, findCheckScripts } from "./check-scripts.ts"
import { compareImports } from "./compare-imports.ts"
import { compareScripts } from "./compare-scripts.ts"
import { compareTests } from "./compare-tests.ts"
import type { ChangedFile, Finding } from "./finding.ts"
import { isGolden, isNamedTest, isTestPath } from "./places.ts"
import { compareSettings } from "./settings.ts"
import { findShadows } from "./shadows.ts"
import { findAddedLines } from "./suppressions.ts"
import { assertsSomething, readTestCode } from "./test-code.ts"

export type Change = {
  files: readonly ChangedFile[]
  /** Commands that prove the task, as they were before its work began. */
  commands: readonly string[]
  /** A file of the tree before the change; `null` when it is not there. */
  readBase(path: string): Promise<string | null>
  /** What was asked for: the task's title and description, and its requirements. */
  asked: readonly string[]
  /** Changes that the agent declares, each with the text of the requirement or task that it names. */
  declared?: readonly { file: string; text: string }[]
}

/** Longer files are generated, and not read. */
const maxChars = 2_000_000

export async function findTampering(change: Change): Promise<Finding[]> {
  const called = await findCheckScripts(change.commands, change.readBase)
  const isProving = (path: string) => isTestPath(path) || called.files.has(path)
  const named = change.asked.join("\n")
  const files = change.files.filter(
    (file) => (file.before ?? "").length + (file.after ?? "").length < maxChars,
  )
  const found: Finding[] = await compareTests(files, isProving)
  for (const file of files) {
    found.push(
      ...(await compareScripts(file, called, isProving(file.path))),
      ...compareSettings(file),
      ...compareGolden(file, change.files),
    )
    found.push(
      ...findShadows(
        file,
        new RegExp(`(?<![\\w.])${file.path.split("/").at(-1)?.replace(/[^\w]/g, "\\$&")}(?![\\w.])`).test(
          named,
        ),
      ),
    )
    found.push(...findAddedLines(file, isProving(file.path)), ...(await judgeNewTest(file, change.files)))
    found.push(...goneScript(file, called))
    if (isTestPath(file.path)) found.push(...compareImports(file, files))
  }
  const unique = found.filter(
    (one, i) =>
      found.findIndex(
        (other) => other.file === one.file && other.kind === one.kind && other.lines.from === one.lines.from,
      ) === i,
  )
  return unique.map((finding) => ({
    ...finding,
    isBlocking: finding.isBlocking && !isAsked(finding, change),
  }))
}

function isAsked(finding: Finding, change: Change): boolean {
  if (isAskedFor(finding.about, change.asked)) return true
  const declared = (change.declared ?? []).filter(({ file }) => file === finding.file).map(({ text }) => text)
  return declared.length > 0 && isAskedFor(finding.about, declared, true)
}

/** Recorded output may be added to; what was recorded changes only when somebody asks for it. */
function compareGolden({ path, before, after }: ChangedFile, files: readonly ChangedFile[]): Finding[] {
  if (!isGolden(path) || before === null || before === after) return []
  if (after === null && files.some((other) => other.before === null && other.after === before)) return []
  const rest = (after ?? "").split("\n")
  const gone = before.split("\n").filter((line) => {
    const at = rest.indexOf(line)
    if (at !== -1) rest.splice(at, 1)
    return at === -1 && line.trim() !== ""
  })
  const [first] = gone
  if (first === undefined) return []
  const line = before.split("\n").indexOf(first) + 1
  const sentence =
    after === null
      ? `The recorded output ${path} is gone.`
      : `The recorded output ${path} is another now: \`${first.trim().slice(0, 80)}\` is not in it any more.`
  return [
    {
      file: path,
      lines: { from: line, to: line, side: "old" },
      kind: "snapshot_changed",
      sentence,
      isBlocking: true,
      about: {
        action: "snapshot",
        words: `${path} ${gone.slice(0, 20).join(" ")}`,
        newValues: [],
        oldValues: [],
      },
    },
  ]
}

/** A script that checks call and that was there before is deleted. */
function goneScript({ path, before, after }: ChangedFile, called: CheckScripts): Finding[] {
  if (before === null || after !== null || !called.files.has(path) || isTestPath(path)) return []
  return [
    {
      file: path,
      lines: { from: 1, to: 1, side: "old" },
      kind: "check_script_changed",
      sentence: `${path}, which a check runs, is gone.`,
      isBlocking: true,
      about: { action: "script", words: path, newValues: [], oldValues: [] },
    },
  ]
}

/** A new test must be able to fail. */
async function judgeNewTest(
  { path, before, after }: ChangedFile,
  files: readonly ChangedFile[],
): Promise<Finding[]> {
  if (before !== null || after === null || !isTestPath(path)) return []
  const code = await readTestCode(path, after)
  if (!code) return []
  const tests = code.tests.filter((test) => !test.isRest)
  const tell = (kind: Finding["kind"], line: number, sentence: string): Finding[] => [
    {
      file: path,
      lines: { from: line, to: line, side: "new" },
      kind,
      sentence,
      isBlocking: true,
      about: { action: "skip", words: path, newValues: [], oldValues: [] },
    },
  ]
  if (
    tests.length > 0 &&
    tests.every((test) => test.skip !== undefined && !/if\b|condition/i.test(test.skip))
  )
    return tell("test_skipped", tests[0]?.line ?? 1, `No test of ${path} runs: ${tests[0]?.skip}.`)
  if ((tests.length > 0 || isNamedTest(path)) && !assertsSomething(code))
    return tell("assertion_weakened", 1, `${path} asserts nothing, so it cannot fail.`)
  const read = reportsIn(after).find((name) =>
    files.some((other) => other.path === name || other.path.endsWith(`/${name}`)),
  )
  return read === undefined
    ? []
    : tell(
        "assertion_weakened",
        1,
        `${path} only reads ${read}, which was written by hand, and runs nothing of the program.`,
      )
}

/** Reports that a test reads without running anything. */
function reportsIn(text: string): string[] {
  if (
    /from\s+["']\.|require\(\s*["']\.|import\(\s*["']\.|spawn|exec(?:File|Sync)?\b|subprocess|fetch\(|^from \w|^import (?!json|os|sys|pathlib|re|unittest|pytest)\w/m.test(
      text.replace(/^import .* from ["']node:.*$/gm, ""),
    )
  )
    return []
  return [...text.matchAll(/["']([\w./-]+\.(?:json|txt|xml|log))["']/g)].flatMap(([, name = ""]) =>
    reportsRead(`cat ${name}`),
  )
}
