/** Runners that found nothing to run and ended with 0 all the same. */
import { stripVTControlCharacters } from "node:util"

/** @returns what the output says, or undefined when tests ran or nobody can tell */
export function findNoTests(output: string): string | undefined {
  const text = stripVTControlCharacters(output)
  return ofNode(text) ?? ofGo(text) ?? ofCargo(text) ?? ofPytest(text) ?? ofOthers(text)
}

function last(text: string, pattern: RegExp): number | undefined {
  const found = [...text.matchAll(pattern)].at(-1)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** node --test takes a file without tests for one test that passes, named as the file. */
function ofNode(text: string): string | undefined {
  const tests = last(text, /^(?:#|ℹ) tests (\d+)$/gm)
  const passed = last(text, /^(?:#|ℹ) pass (\d+)$/gm)
  if (tests === undefined) return undefined
  if (tests === 0) return "node --test ran 0 tests"
  if (passed === 0 && last(text, /^(?:#|ℹ) fail (\d+)$/gm) === 0) return "every test was skipped"
  const names = [
    ...text.matchAll(
      /^(?:✔|(?:not )?ok \d{1,20} -)\s{1,30}(.{1,200}?)(?:\s{1,30}\([\d.]{1,200}m?s\))?(?:\s{1,30}#.{0,200})?$/gm,
    ),
  ].map(([, name = ""]) => name)
  const isFile = (name: string) =>
    /(?:^|[\w/\\.-])[\w.-]{1,200}\.[cm]?[jt]sx?$/.test(name) && !/\s/.test(name)
  return names.length > 0 && names.length >= tests && names.every(isFile)
    ? "node --test found files without a test in them"
    : undefined
}

function ofGo(text: string): string | undefined {
  const lines = text
    .split("\n")
    .filter(
      (line) => /^(?:ok|\?|---|FAIL|PASS|=== RUN)\s/.test(line) || /no test files|no tests to run/.test(line),
    )
  const empty = lines.filter((line) => /\[no test files\]|no tests to run/.test(line))
  const ran = lines.some((line) => /^(?:ok\s|---|=== RUN)/.test(line) && !/no tests to run/.test(line))
  return empty.length > 0 && !ran ? "go test found no tests" : undefined
}

function ofCargo(text: string): string | undefined {
  const results = [...text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed/gm)]
  return results.length > 0 && results.every(([, passed, failed]) => passed === "0" && failed === "0")
    ? "cargo test ran 0 tests"
    : undefined
}

function ofPytest(text: string): string | undefined {
  if (/\bno tests ran\b|\bcollected 0 items\b/.test(text) && !/\b\d+ passed\b/.test(text))
    return "pytest found no tests"
  if (
    /^(?:=+ )?\d+ (?:skipped|deselected|xfailed)\b[^\n]*\bin [\d.]+s/m.test(text) &&
    !/\b\d+ passed\b/.test(text)
  )
    return "every test was skipped"
  if (/^Ran 0 tests in|^NO TESTS RAN/m.test(text)) return "unittest ran 0 tests"
  const ran = last(text, /^Ran (\d+) tests? in/gm)
  return ran !== undefined && ran === last(text, /^OK \(skipped=(\d+)/gm)
    ? "every test was skipped"
    : undefined
}

const sayings: readonly (readonly [RegExp, string])[] = [
  [/^\s{0,30}No test(?: file| suite)?s? found/m, "the runner found no tests"],
  [/^\s{0,30}No tests? (?:to run|executed|were executed|were found)/im, "the runner found no tests"],
  [/Couldn[’']t find any files to test/, "the runner found no tests"],
  [/^ {0,20}0 passing\b/m, "mocha ran 0 tests"],
  [/^1\.\.0\b/m, "the plan of tests is 1..0"],
  [/^\s{0,30}0 examples?, 0 failures/m, "0 examples ran"],
  [/> Task :\S*test NO-SOURCE|:test NO-SOURCE/, "gradle found no tests"],
  [/^Tests:\s+(?:\d+ (?:skipped|todo), )+\d+ total/m, "every test was skipped"],
  [
    /^\s{0,30}Tests\s{1,30}(?:\d{1,20} (?:skipped|todo)(?: \| )?){1,200}\s{0,30}\(\d{1,20}\)/m,
    "every test was skipped",
  ],
  [/^ok \| 0 passed \| 0 failed/m, "0 tests ran"],
  [/^ {0,20}0 pass$/m, "0 tests ran"],
]

function ofOthers(text: string): string | undefined {
  const maven = [...text.matchAll(/Tests run: (\d+)(?:, Failures: \d+, Errors: \d+, Skipped: (\d+))?/g)]
  if (maven.length > 0 && maven.every(([, ran, skipped]) => ran === "0" || ran === skipped))
    return "no test ran"
  if (/\b[1-9]\d{0,9} pass(?:ing|ed)?$|\b[1-9]\d{0,9} passing \(/m.test(text)) return undefined
  return sayings.find(([pattern]) => pattern.test(text))?.[1]
}
