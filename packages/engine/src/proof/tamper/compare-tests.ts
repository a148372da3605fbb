/** Tests before and after a change: what is deleted, skipped, weakened, or expects something else. */
import { namesIn, valuesIn } from "./claims.ts"
import type { About, ChangedFile, Finding, FindingKind } from "./finding.ts"
import { type Assertion, readTestCode, type TestCase, type TestCode } from "./test-code.ts"

type Side = { path: string; test: TestCase }

/** Files that prove something, each with what it held and holds now. */
export async function compareTests(
  files: readonly ChangedFile[],
  isProving: (path: string) => boolean,
): Promise<Finding[]> {
  const before: { path: string; code: TestCode }[] = []
  const after: { path: string; code: TestCode }[] = []
  const parsed: { path: string; old: TestCode | undefined; now: TestCode | undefined }[] = []
  for (const file of files) {
    const isRust = file.path.endsWith(".rs")
    if (!isProving(file.path) && !isRust) continue
    const [old, now] = [await read(file.path, file.before), await read(file.path, file.after)]
    // Rust keeps tests beside the code: only they are compared, not the code.
    const cut = (code: TestCode | undefined): TestCode | undefined =>
      code && isRust && !isProving(file.path)
        ? { ...code, tests: code.tests.filter((test) => !test.isRest) }
        : code
    const [oldTests, newTests] = [cut(old), cut(now)]
    parsed.push({ path: file.path, old: oldTests, now: newTests })
    if (oldTests) before.push({ path: file.path, code: oldTests })
    if (newTests) after.push({ path: file.path, code: newTests })
  }
  const pool = createPool(before, after)
  // What a deleted test said goes on only in another test: nobody may call what merely stands there.
  const inTests = createPool(before, after, ({ isRest }) => !isRest)
  const findings: Finding[] = []
  const taken = new Set<TestCase>()
  const pairs: { old: Side; now: Side | undefined }[] = []
  const newSides = after.flatMap(({ path, code }) => code.tests.map((test): Side => ({ path, test })))
  const oldSides = before.flatMap(({ path, code }) => code.tests.map((test): Side => ({ path, test })))
  const take = (old: Side, now: Side | undefined): boolean => {
    if (!now) return false
    taken.add(now.test)
    pairs.push({ old, now })
    return true
  }
  const free = () => newSides.filter(({ test }) => !taken.has(test))
  const left = oldSides.filter(
    (old) =>
      !take(
        old,
        free().find(
          (now) =>
            now.path === old.path && now.test.name === old.test.name && now.test.isRest === old.test.isRest,
        ),
      ),
  )
  const stillLeft = left.filter(
    (old) =>
      old.test.isRest ||
      !take(
        old,
        free().find((now) => !now.test.isRest && now.test.name === old.test.name),
      ),
  )
  for (const old of stillLeft)
    if (old.test.isRest || !take(old, maxAlike(old, free()))) pairs.push({ old, now: undefined })
  for (const { old, now } of pairs)
    findings.push(...(now ? comparePair(old, now, pool) : deleted(old, old.test.isRest ? pool : inTests)))
  for (const { path, old, now } of parsed) {
    if (!old || !now || now.focus.length <= old.focus.length) continue
    const [line = 1] = now.focus
    findings.push(
      tell(
        "tests_narrowed",
        path,
        { line, endLine: line },
        "new",
        "Only some tests of this file run now (.only).",
        about("skip", path),
      ),
    )
  }
  return findings
}

async function read(path: string, text: string | null): Promise<TestCode | undefined> {
  return text === null ? undefined : await readTestCode(path, text)
}

function isLive(assertion: Assertion): boolean {
  return assertion.strength > 0 && assertion.void === undefined
}

function keyOf({ op, subject, expected }: Assertion): string {
  return `${op} ${subject} ${expected}`
}

type Pool = { takeMoved(assertion: Assertion): boolean; takeValue(text: string): boolean }

/** What the new tests hold more often than the old: where moved parts are found. */
function createPool(
  before: readonly { code: TestCode }[],
  after: readonly { code: TestCode }[],
  counts: (test: TestCase) => boolean = () => true,
): Pool {
  const assertions = new Map<string, number>()
  const values = new Map<string, number>()
  const count = (sides: readonly { code: TestCode }[], by: number): void => {
    for (const test of sides.flatMap(({ code }) => code.tests)) {
      if ((test.skip && by > 0) || !counts(test)) continue
      for (const one of test.assertions.filter(isLive)) add(assertions, keyOf(one), by)
      for (const { text } of test.values) add(values, text, by)
      for (const text of test.assertions.flatMap((one) => valuesIn(`${one.subject} ${one.expected}`)))
        add(values, text, by)
    }
  }
  count(after, 1)
  count(before, -1)
  const take = (from: Map<string, number>, key: string): boolean => {
    if ((from.get(key) ?? 0) < 0) return false
    return true
  }
  return {
    takeMoved: (assertion) => take(assertions, keyOf(assertion)),
    takeValue: (text) => take(values, text),
  }
}

function add(to: Map<string, number>, key: string, by: number): void {
  to.set(key, (to.get(key) ?? 0) + by)
}

/** A renamed test keeps most of its assertions. */
function maxAlike(old: Side, candidates: readonly Side[]): Side | undefined {
  const mine = old.test.assertions.filter(isLive)
  if (mine.length === 0) return undefined
  const ranked = candidates
    .filter(({ test }) => !test.isRest)
    .map((side) => {
      const theirs = side.test.assertions.filter(isLive)
      const keys = new Set(theirs.map(keyOf))
      const exact = mine.filter((one) => keys.has(keyOf(one))).length
      const like = mine.filter((one) => theirs.some((other) => isRenamed(one, other))).length
      return { side, score: Math.max(exact, like) / mine.length }
    })
    .toSorted((a, b) => b.score - a.score)
  const [best] = ranked
  return best && best.score >= 0.6 ? best.side : undefined
}

/** The same claim about something that is called differently now. */
function isRenamed(old: Assertion, now: Assertion): boolean {
  if (now.strength < old.strength || old.op !== now.op) return false
  if (old.op === "runs" || old.op === "fails") return false
  const sameValues = (a: string, b: string) => valuesIn(a).toSorted().join() === valuesIn(b).toSorted().join()
  if (old.expected !== now.expected || !sameValues(old.subject, now.subject)) return false
  return (
    namesIn(now.subject).size > 0 &&
    namesIn(now.subject).size >= Math.min(1, namesIn(old.subject).size) &&
    callsLike(old.subject, now.subject)
  )
}

function callsLike(old: string, now: string): boolean {
  return !old.includes("(") || now.includes("(") || /^\w+$/.test(now)
}

function deleted(old: Side, pool: Pool): Finding[] {
  const live = old.test.assertions.filter(isLive)
  if (old.test.isRest)
    return live.flatMap((one) => (pool.takeMoved(one) ? [] : [deletedAssertion(old, one, undefined)]))
  if (old.test.skip) return []
  if (live.length > 0 && live.every((one) => pool.takeMoved(one))) return []
  const words = [old.test.name, old.path, ...live.map((one) => one.subject)].join(" ")
  return [
    tell(
      "test_deleted",
      old.path,
      old.test,
      "old",
      `The test ${old.test.name} is gone.`,
      about("remove", words),
    ),
  ]
}

function comparePair(old: Side, now: Side, pool: Pool): Finding[] {
  const words = `${old.test.name} ${old.path}`
  if (!old.test.skip && now.test.skip)
    return [
      tell(
        "test_skipped",
        now.path,
        now.test,
        "new",
        `The test ${now.test.name} does not run any more: ${now.test.skip}.`,
        about("skip", words),
      ),
    ]
  if (old.test.skip) return []
  if (now.test.isInverted && !old.test.isInverted)
    return [
      tell(
        "assertion_weakened",
        now.path,
        now.test,
        "new",
        `The test ${now.test.name} passes now when it fails.`,
        about("change", words),
      ),
    ]
  const findings = compareAssertions(old, now, pool)
  if (findings.length > 0) return findings
  return compareValues(old, now, pool)
}

function compareAssertions(old: Side, now: Side, pool: Pool): Finding[] {
  const findings: Finding[] = []
  const fresh = now.test.assertions.filter(isLive)
  const take = (test: (one: Assertion) => boolean): Assertion | undefined => {
    const at = fresh.findIndex(test)
    return at === -1 ? undefined : fresh.splice(at, 1)[0]
  }
  const open = old.test.assertions.filter(isLive).filter((one) => {
    const same =
      take((other) => keyOf(other) === keyOf(one) && other.conditions === one.conditions) ??
      take((other) => keyOf(other) === keyOf(one))
    if (
      same &&
      one.op !== "fails" &&
      same.conditions !== one.conditions &&
      same.conditions.length > one.conditions.length
    )
      findings.push(weakened(now, same, `is made only when ${same.conditions}`))
    return !same
  })
  const rest = open.filter((one) => !take((other) => other.subject === one.subject && isAtLeast(one, other)))
  for (const one of rest) {
    const dead = now.test.assertions.find((other) => other.void !== undefined && keyOf(other) === keyOf(one))
    if (dead) {
      const kind = /leaves before|never true/.test(dead.void ?? "")
        ? "assertion_deleted"
        : "failure_swallowed"
      findings.push(
        tell(
          kind,
          now.path,
          dead,
          "new",
          `An assertion cannot fail any more: ${dead.void}.`,
          aboutAssertion("change", old, one, undefined),
        ),
      )
      continue
    }
    if (pool.takeMoved(one)) continue
    if (take((other) => isRenamed(one, other))) continue
    const other =
      take((candidate) => candidate.subject === one.subject) ??
      take((candidate) => isNear(one, candidate)) ??
      now.test.assertions.find((candidate) => candidate.strength === 0 && candidate.op === one.op)
    findings.push(other ? changed(old, now, one, other) : deletedAssertion(old, one, now))
  }
  return findings
}

function isAtLeast(old: Assertion, now: Assertion): boolean {
  if (now.op === old.op && now.expected === old.expected) return now.strength >= old.strength
  if (now.strength <= old.strength) return false
  return old.expected === "" || now.expected.includes(old.expected)
}

function isNear(a: Assertion, b: Assertion): boolean {
  const [mine, theirs] = [namesIn(a.subject), namesIn(b.subject)]
  const shared = [...mine].filter((name) => theirs.has(name)).length
  return shared > 0 && shared * 2 >= Math.max(mine.size, theirs.size)
}

function changed(old: Side, now: Side, was: Assertion, is: Assertion): Finding {
  if (is.strength === 0) return weakened(now, is, "can never fail", old, was)
  if (is.op !== was.op && is.strength <= was.strength)
    return weakened(now, is, `says less than before (${was.op} → ${is.op})`, old, was)
  const kind: FindingKind =
    is.op === "snapshot" || was.op === "snapshot" ? "snapshot_changed" : "expected_value_changed"
  const what =
    is.subject === was.subject
      ? `expected ${short(was.expected)} and expects ${short(is.expected)} now`
      : `checked ${short(was.subject)} and checks ${short(is.subject)} now`
  return tell(
    kind,
    now.path,
    is,
    "new",
    `A test ${what}.`,
    aboutAssertion(kind === "snapshot_changed" ? "snapshot" : "change", old, was, is),
  )
}

function weakened(now: Side, is: Assertion, how: string, old = now, was = is): Finding {
  return tell(
    "assertion_weakened",
    now.path,
    is,
    "new",
    `An assertion on ${short(is.subject)} ${how}.`,
    aboutAssertion("change", old, was, is),
  )
}

function deletedAssertion(old: Side, one: Assertion, now: Side | undefined): Finding {
  const where = old.test.name ? ` of the test ${old.test.name}` : ""
  const what =
    one.op === "runs"
      ? `The command \`${short(one.subject)}\` is gone from the script.`
      : `An assertion${where} on ${short(one.subject)} is gone.`
  const subject = aboutAssertion("remove", old, one, undefined)
  return tell("assertion_deleted", now?.path ?? old.path, one, "old", what, subject)
}

/** Values beside the assertions: tables of cases, inputs, constants. */
function compareValues(old: Side, now: Side, pool: Pool): Finding[] {
  const fresh = now.test.values.map(({ text }) => text)
  const gone = old.test.values.filter(({ text }) => {
    const at = fresh.indexOf(text)
    if (at === -1) return true
    fresh.splice(at, 1)
    return false
  })
  const lost = gone.filter(({ text }) => !pool.takeValue(text))
  const [first] = lost
  if (!first || (old.test.isRest && old.test.assertions.length === 0 && fresh.length === 0)) return []
  const words = `${old.test.name} ${old.path}`
  const values = { newValues: fresh, oldValues: lost.map(({ text }) => text) }
  const said = `A value of the test${old.test.name ? ` ${old.test.name}` : "s"} is another or gone: ${lost
    .slice(0, 3)
    .map(({ text }) => short(text))
    .join(", ")}${fresh.length > 0 ? ` → ${fresh.slice(0, 3).map(short).join(", ")}` : ""}.`
  return [
    tell("expected_value_changed", old.path, { line: first.line, endLine: first.line }, "old", said, {
      action: "change",
      words,
      ...values,
    }),
  ]
}

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

function about(action: About["action"], words: string): About {
  return { action, words, newValues: [], oldValues: [] }
}

function aboutAssertion(
  action: About["action"],
  old: Side,
  was: Assertion,
  is: Assertion | undefined,
): About {
  const words = [old.test.name, old.path, was.subject, is?.subject ?? ""].join(" ")
  const values = (one: Assertion | undefined) =>
    one ? [...valuesIn(one.expected), ...valuesIn(one.subject)] : []
  return { action, words, newValues: values(is), oldValues: values(was) }
}

function tell(
  kind: FindingKind,
  file: string,
  at: { line: number; endLine: number },
  side: "old" | "new",
  sentence: string,
  subject: About,
): Finding {
  return {
    file,
    lines: { from: at.line, to: at.endLine, side },
    kind,
    sentence,
    isBlocking: true,
    about: subject,
  }
}
