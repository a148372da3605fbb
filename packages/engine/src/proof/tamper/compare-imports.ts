/** What tests are about, before and after: the same assertions on another module, or on a stand-in, prove nothing. */
import { posix } from "node:path"
import type { ChangedFile, Finding } from "./finding.ts"

/** Where each name comes from, and the modules that a stand-in takes the place of. */
type Subjects = { names: Map<string, { from: string; line: number }>; mocked: Map<string, number> }

const imported =
  /^[ \t]{0,40}(?:import\s{1,10}([^;"']{1,400}?)\s{1,10}from\s{0,10}|(?:const|let|var)\s{1,10}([^;"'=]{1,400}?)\s{0,10}=\s{0,10}(?:await\s{1,10}import|require)\(\s{0,10})["'](\.{1,2}\/[^"'\n]{1,300})["']/gm
const mocking =
  /\b(?:vi|vitest|jest)\.(?:do)?[mM]ock\(\s{0,10}["'](\.{1,2}\/[^"'\n]{1,300})["']|\bmock\.module\(\s{0,10}["'](\.{1,2}\/[^"'\n]{1,300})["']/g

/** @param file a test */
export function compareImports(file: ChangedFile, files: readonly ChangedFile[]): Finding[] {
  const { path, before, after } = file
  if (before === null || after === null || before === after || !/\.[cm]?[jt]sx?$/.test(path)) return []
  const [old, now] = [readSubjects(before), readSubjects(after)]
  const tell = (line: number, sentence: string, words: string): Finding => ({
    file: path,
    lines: { from: line, to: line, side: "new" },
    kind: "assertion_weakened",
    sentence,
    isBlocking: true,
    about: { action: "change", words: `${words} ${path}`, newValues: [], oldValues: [] },
  })
  const moved = [...old.names].flatMap(([name, { from }]) => {
    const is = now.names.get(name)
    if (!is || is.from === from || hasLeft(name, posix.join(posix.dirname(path), from), files)) return []
    return [tell(is.line, `The test is about ${name} of ${is.from} now, no longer of ${from}.`, name)]
  })
  const known = new Set([...old.names.values()].map(({ from }) => from))
  const mocked = [...now.mocked].flatMap(([from, line]) =>
    known.has(from) && !old.mocked.has(from)
      ? [tell(line, `${from}, which the test is about, is replaced by a stand-in now.`, from)]
      : [],
  )
  return [...moved, ...mocked]
}

function readSubjects(text: string): Subjects {
  const lineOf = (at: number) => text.slice(0, at).split("\n").length
  const names: Subjects["names"] = new Map()
  for (const { index, 1: one, 2: other, 3: from = "" } of text.matchAll(imported))
    for (const name of (one ?? other ?? "").match(/[\w$]+/g) ?? [])
      if (!/^(?:as|type|default)$/.test(name)) names.set(name, { from, line: lineOf(index) })
  const mocked = [...text.matchAll(mocking)].map(
    ({ index, 1: one, 2: other }) => [one ?? other ?? "", lineOf(index)] as const,
  )
  return { names, mocked: new Map(mocked) }
}

/** The module is gone with this change, or does not speak of the name any more. */
function hasLeft(name: string, module: string, files: readonly ChangedFile[]): boolean {
  const bare = (path: string) => path.replace(/(?:\/index)?\.[cm]?[jt]sx?$/, "")
  const changed = files.find(({ path }) => bare(path) === bare(module))
  return (
    changed !== undefined &&
    (changed.after === null || !new RegExp(`\\b${name.replace(/\$/g, "\\$")}\\b`).test(changed.after))
  )
}
