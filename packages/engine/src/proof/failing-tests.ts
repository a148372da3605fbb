/** Which tests a runner says failed: what failed before a task began does not count against it. */
import { stripVTControlCharacters } from "node:util"

/** One line each; the first group is the test's name. */
const patterns = [
  // node --test, TAP
  /^[ \t]{0,40}not ok \d{1,9}(?: -)? ([^#\n]{1,300})/gm,
  /^[ \t]{0,40}✖ (.{1,300}?)(?: \([\d.]{1,20}ms\))?$/gm,
  // pytest
  /^(?:FAILED|ERROR) (\S{1,300})/gm,
  // vitest, jest
  /^[ \t]{0,40}(?:×|✕) (.{1,300}?)(?: \(?[\d.]{1,20} ?m?s\)?)?$/gm,
  /^[ \t]{0,40}● (.{1,300})$/gm,
  /^[ \t]{0,40}FAIL[ \t]{1,10}(\S.{0,300})$/gm,
  // go
  /^[ \t]{0,40}--- FAIL: (\S{1,300})/gm,
  // cargo
  /^test (\S{1,300}) \.\.\. FAILED$/gm,
  // mocha, ava, surefire, unittest
  /^[ \t]{1,40}\d{1,5}\) (.{1,300})$/gm,
  /^\[ERROR\][ \t]{1,10}(\S{1,300}?):\d{1,9}/gm,
  /^(?:FAIL|ERROR): (.{1,300})$/gm,
]

/** @returns names; empty when nobody can tell */
export function findFailingTests(output: string): Set<string> {
  const text = stripVTControlCharacters(output)
  const names = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = ""]) => name.trim()))
  return new Set(names.filter((name) => name !== ""))
}

/**
 * What fails now and did not before.
 * @returns undefined when the two outputs cannot be compared
 */
export function findNewFailures(before: string, now: string): string[] | undefined {
  const [old, fresh] = [findFailingTests(before), findFailingTests(now)]
  if (old.size > 0 && fresh.size > 0) return [...fresh].filter((name) => !old.has(name))
  return toShape(before) === toShape(now) ? [] : undefined
}

/** Times, numbers and addresses differ from run to run. */
function toShape(output: string): string {
  return stripVTControlCharacters(output)
    .replace(/\d+(?:\.\d+)?/g, "0")
    .replace(/\s+/g, " ")
    .trim()
}
